"""The developers' area in tests: a real sandbox on a port of its own, the portal configured to it, apps and connected merchants.

    from tests.developers_world import gocardless  # noqa: F401 - in the room's conftest

`gocardless.app("acme")` stores an app that is registered at the sandbox, `gocardless.merchant(app)` a connected merchant with a real
token; both answer ids, so that a test reads the rows in its own application context.
"""

from dataclasses import dataclass

import pytest
import requests

from portal import gocardless as door
from portal.extensions import db
from portal.models.partner_app import Connection, PartnerApp
from portal.status import Environment
from portal.transaction import writing
from tests.sandbox.conftest import Running

CALLBACK = "/developers/connect/callback"


@dataclass
class Merchant:
    """A connected merchant: the row's id and key, and what the sandbox made."""

    id: int
    key: str
    organisation_id: str
    creditor_id: str
    token: str


@dataclass
class App:
    """An app of a partner: the row's id and key, and its credentials."""

    id: int
    key: str
    hook_key: str
    client_id: str
    client_secret: str
    webhook_secret: str


class GoCardless:
    """The sandbox of this test process, and what a partner has there."""

    def __init__(self, portal, running, world):
        self.portal, self.running, self.world = portal, running, world
        self.url = running.url

    def lever(self, name, /, method="POST", **values):
        """What /_sandbox/<name> answers; raises for a refusal."""
        answer = requests.request(method, f"{self.url}/_sandbox/{name}", json=values, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def app(self, house="acme", *, name="Test app", address="http://localhost", webhook_url="", **values):
        """A partner's app, registered at the sandbox; `address` is the portal's, as the test's browser or client knows it."""
        sent = {"name": name, "redirect_uris": [address + CALLBACK]} | ({"webhook_url": webhook_url} if webhook_url else {})
        made = self.lever("apps", **sent)
        with self.portal.app_context(), writing():
            row = PartnerApp(
                partner_id=self.world.partners[house], environment=Environment.EMBEDDED, name=name,
                redirect_uris=[address + CALLBACK], webhook_url=webhook_url, client_id=made["client_id"],
                client_secret=made["client_secret"], webhook_secret=made["webhook_secret"],
            )  # fmt: skip
            for field, value in values.items():
                setattr(row, field, value)
            db.session.add(row)
            db.session.flush()
            return App(row.id, row.key, row.hook_key, made["client_id"], made["client_secret"], made["webhook_secret"])

    def merchant(self, app, *, name="Merchant", country_code="GB", scope="read_write", **values):
        """A merchant's organisation connected to the app, as the row and at the sandbox."""
        made = self.lever("organisations", name=name, country_code=country_code, client_id=app.client_id, scope=scope, **values)
        with self.portal.app_context(), writing():
            row = Connection(
                partner_id=db.session.get(PartnerApp, app.id).partner_id, app_id=app.id, organisation_id=made["organisation_id"],
                email="merchant@example.com", scope=scope, access_token=made["access_token"], creditor_id=made["creditor_id"],
                creditor_name=name, verification_status="successful" if values.get("verified") is not False else "action_required",
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            return Merchant(row.id, row.key, made["organisation_id"], made["creditor_id"], made["access_token"])

    def client(self, merchant):
        """The official client of this merchant, as the portal makes it."""
        return door.client(Environment.EMBEDDED, merchant.token)

    def fault(self, merchant, kind, *, target="api", count=1, seconds=0):
        """The next calls of this merchant go wrong (docs/sandbox.md, Levers)."""
        self.lever("faults", target=target, kind=kind, count=count, seconds=seconds, organisation_id=merchant.organisation_id)


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory):
    """A sandbox that answers HTTP, with its worker; what has to happen there happens by simulators and levers."""
    made = Running(tmp_path_factory.mktemp("developers-sandbox"))
    yield made
    made.close()


@pytest.fixture
def sandbox_settings(app, sandbox_server):
    """The portal speaks to that sandbox; afterwards it does so no more."""
    before = app.settings
    app.settings = before.model_copy(
        update={"embedded_connect_url": sandbox_server.url, "embedded_api_url": sandbox_server.url, "outgoing_loopback": True}
    )
    door.configure(app.settings)
    yield app.settings
    app.settings = before
    door.configure(before)


@pytest.fixture
def gocardless(app, sandbox_server, sandbox_settings, world):
    """The sandbox together with Acme, Birch and their people."""
    return GoCardless(app, sandbox_server, world)

"""Billing request runs and readings are made at a real sandbox."""

import pytest

from portal.extensions import db
from portal.models.partner_app import Connection
from portal.models.run import Run
from portal.payments import service
from portal.payments.choices import PAYER, Ask
from portal.payments.service import Wanted
from portal.transaction import writing
from portal.worker import drain
from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures


@pytest.fixture
def merchant(gocardless):  # noqa: F811 - the fixture
    return gocardless.merchant(gocardless.app())


class Runs:
    """Runs of one merchant, started and driven as the pages and the worker do."""

    def __init__(self, world, merchant):
        self.world, self.app, self.merchant = world, world.app, merchant

    def start(self, ask=Ask.MANDATE, scheme="bacs", amount=1000, *, go=True, merchant=None, **customer):
        wanted = Wanted(
            ask=ask,
            scheme=scheme,
            amount=amount,
            description="Test payment",
            customer={**PAYER, **customer},
            redirect_uri="http://localhost/developers/payments/return",
            exit_uri="http://localhost/developers/payments/return?outcome=left",
        )
        with self.app.app_context(), writing():
            connection = db.session.get(Connection, (merchant or self.merchant).id)
            run = service.start(connection, wanted, by=self.world.user("alice"))
            key = run.key
        if go:
            drain(self.app)
        return key

    def look(self, key):
        self.act(key, service.look_again)

    def act(self, key, verb, *args):
        with self.app.app_context(), writing():
            verb(self.get(key), *args)
        drain(self.app)

    def get(self, key):
        return db.session.query(Run).filter_by(key=key).one()

    def seen(self, key):
        """Status, problem words, facts and the codes of the steps with their status."""
        with self.app.app_context():
            run = self.get(key)
            steps = [(step.code, step.status.value) for step in run.steps]
            return run.status.value, run.words, run.facts, steps


@pytest.fixture
def runs(world, merchant):
    return Runs(world, merchant)

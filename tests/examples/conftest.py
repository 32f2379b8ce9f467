"""The example at the sandbox of this test process, and a merchant's browser at its pages."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from selectolax.lexbor import LexborHTMLParser

from examples.partner_app import api
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.examples.serving import Serving


@pytest.fixture
def serving(sandbox_server, tmp_path):  # noqa: F811 - the fixture
    with Serving(tmp_path / "example", sandbox_server.url) as made:
        yield made


class Merchant:
    """A browser, and the organisation that it connected."""

    def __init__(self, serving, sandbox_url):
        self.serving, self.sandbox, self.browser = serving, sandbox_url, requests.Session()
        self.organisation_id = ""

    def lever(self, name, /, **values):
        answer = requests.post(f"{self.sandbox}/_sandbox/{name}", json=values, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path, **more):
        return self.browser.get(self.serving.url + path, timeout=30, **more)

    def post(self, path, **values):
        """As the form on the merchant's page does, with its hidden fields unless others are given."""
        page = LexborHTMLParser(self.get(self.path).text)
        form = next(form for form in page.css("form") if form.attributes["action"] == path)
        hidden = {one.attributes["name"]: one.attributes["value"] for one in form.css("input[type=hidden]")}
        return self.browser.post(self.serving.url + path, data=hidden | values, timeout=30)

    @property
    def path(self):
        return f"/merchants/{self.organisation_id}"

    def leave(self, path="/connect"):
        """Towards GoCardless; the parameters of the link."""
        gone = self.get(path, allow_redirects=False)
        assert gone.headers["Location"].startswith(f"{self.sandbox}/oauth/authorize?")
        return {name: value for name, [value] in parse_qs(urlsplit(gone.headers["Location"]).query).items()}

    def connect(self, **organisation):
        """Sign up there, allow it, and come back."""
        made = self.lever("organisations", name="Merchant", country_code="GB", **organisation)
        code = self.code(organisation_id=made["organisation_id"])
        self.organisation_id = made["organisation_id"]
        return self.come_back(code=code, state=self.leave()["state"])

    def code(self, **more):
        settings = self.serving.settings
        return self.lever(f"apps/{settings.client_id}/codes", redirect_uri=settings.redirect_uri, scope="read_write", **more)[
            "code"
        ]

    def come_back(self, **answer):
        return self.get("/callback", params=answer)


@pytest.fixture
def merchant(serving, sandbox_server):  # noqa: F811 - the fixture
    return Merchant(serving, sandbox_server.url)


@pytest.fixture
def connected(merchant):
    assert merchant.connect().ok
    return merchant


@pytest.fixture
def stranger(serving, sandbox_server):  # noqa: F811 - the fixture
    return Merchant(serving, sandbox_server.url)


@pytest.fixture
def paying(connected, serving):
    """A merchant with a payer whose mandate is active."""
    client = api.client(serving.settings, serving.house.store.merchant(connected.organisation_id).access_token)
    customer = client.customers.create(params={"given_name": "Frank", "family_name": "Osborne"})
    account = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "Frank"}
    account = client.customer_bank_accounts.create(params=account | {"links": {"customer": customer.id}})
    client.mandates.create(params={"scheme": "bacs", "links": {"customer_bank_account": account.id}})
    return connected

"""The tester's levers: there only where they are configured, and each doing what it says."""

import json

import pytest
import requests
from pydantic import ValidationError

from portal.sandbox import Settings
from portal.sandbox.deliveries.signature import sign
from tests.sandbox.kit import Api, make_app, merchant, wait_until

REDIRECT = ["https://partner.example.com/back"]


def test_a_merchant_as_the_contract_says(sandbox):
    answer = sandbox.test_client().post("/_sandbox/organisations", json={"name": "Acme", "country_code": "GB"})
    assert (answer.status_code, set(answer.json)) == (201, {"organisation_id", "creditor_id", "access_token"})
    own = Api(sandbox, answer.json["access_token"])
    creditor = own.one("creditors", answer.json["creditor_id"])
    assert (creditor["verification_status"], creditor["country_code"], creditor["can_create_refunds"]) == (
        "successful",
        "GB",
        True,
    )
    assert {s["scheme"] for s in creditor["scheme_identifiers"]} >= {"bacs", "sepa", "ach"}
    assert own.events() == []


@pytest.mark.parametrize("country", ["GB", "DE", "US", "SE", "DK", "AU", "NZ", "CA", "FR"])
def test_a_merchant_of_every_country_has_a_payout_account(sandbox, country):
    own = merchant(sandbox, country_code=country)
    assert len(own.one("creditors", own.made["creditor_id"])["links"]) == 1


def test_a_merchant_can_have_fixed_credentials_once(sandbox):
    fixed = {"organisation_id": "OR0FIXED", "creditor_id": "CR0FIXED", "access_token": "a token of our own"}
    own = merchant(sandbox, **fixed)
    assert own.made == fixed
    assert own.one("creditors", "CR0FIXED")["verification_status"] == "successful"
    for again in (fixed, {"access_token": fixed["access_token"]}):
        taken = sandbox.test_client().post("/_sandbox/organisations", json={"name": "A", "country_code": "GB", **again})
        assert (taken.status_code, taken.json["error"]["errors"][0]["message"]) == (422, "is taken")


def test_an_app_as_the_contract_says(sandbox):
    values = {"name": "Partner", "redirect_uris": REDIRECT, "webhook_url": "https://partner.example.com/hook"}
    answer = sandbox.test_client().post("/_sandbox/apps", json=values)
    assert answer.status_code == 201
    assert {"client_id", "client_secret", "webhook_secret"} <= set(answer.json)
    fixed = {**values, "client_id": "a-known-client", "client_secret": "a known secret", "webhook_secret": "known too"}
    again = [sandbox.test_client().post("/_sandbox/apps", json=fixed).json for _ in "ab"]
    assert again[0] == again[1]


@pytest.mark.parametrize(
    ("path", "values"),
    [("apps", {"name": "P"}), ("apps", {"name": "P", "redirect_uris": REDIRECT * 21}), ("apps", {"name": "P", "redirect_uris": ["nonsense"]}),
     ("organisations", {}), ("organisations", {"name": "A", "country_code": "GBR"}), ("organisations", {"name": "A", "country_code": "GB", "client_id": "nobody"}),
     ("faults", {"target": "api"}), ("faults", {"target": "api", "kind": "explode", "organisation_id": "OR1"}), ("clock", {"set": "soon"}),
     ("clock", {"advance": 5}), ("organisations", [])],
)  # fmt: skip
def test_levers_say_what_is_wrong(sandbox, path, values):
    answer = sandbox.test_client().post(f"/_sandbox/{path}", json=values)
    assert 400 <= answer.status_code < 423
    assert answer.json["error"]["errors"][0]["message"]


class Registered:
    """An app, and the levers for it."""

    def __init__(self, app):
        self.http = app.test_client()
        self.made = self.http.post("/_sandbox/apps", json={"name": "Partner", "redirect_uris": REDIRECT}).json

    def pull(self, method, path="", **values):
        return self.http.open(f"/_sandbox/apps/{self.made['client_id']}{path}", method=method, json=values)

    def knows(self, secret):
        form = {"token": "none", "client_id": self.made["client_id"], "client_secret": secret}
        return self.http.post("/oauth/introspect", data=form).status_code == 200


@pytest.fixture
def registered(sandbox):
    return Registered(sandbox)


def test_an_app_is_changed_in_place(registered):
    changed = {"name": "Renamed", "redirect_uris": ["https://new.example.com/"], "webhook_url": "https://new.example.com/hook"}
    answer = registered.pull("PATCH", **changed, post_onboarding_url="https://new.example.com/done")
    assert answer.status_code == 200
    assert answer.json == registered.pull("GET").json
    assert answer.json.items() >= changed.items()
    assert not {"client_secret", "webhook_secret", "previous_secret"} & set(answer.json)
    assert registered.pull("PATCH", post_onboarding_url=None).json == answer.json | {"post_onboarding_url": None}
    assert registered.knows(registered.made["client_secret"])


@pytest.mark.parametrize(
    "values", [{"name": None}, {"name": ""}, {"redirect_uris": None}, {"redirect_uris": ["nonsense"]}, {"redirect_uris": REDIRECT * 21},
               {"webhook_url": "nonsense"}, {"client_secret": "not by this lever"}],
)  # fmt: skip
def test_a_change_that_makes_no_sense_changes_nothing(registered, values):
    before = registered.pull("GET").json
    assert registered.pull("PATCH", **{"description": "new", **values}).status_code == 422
    assert registered.pull("GET").json == before


def test_an_app_that_is_not_registered_has_no_levers(sandbox):
    http = sandbox.test_client()
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/client_secret"), ("POST", "/webhook_secret")):
        assert http.open(f"/_sandbox/apps/nobody{path}", method=method, json={}).status_code == 404


def test_the_client_secret_before_is_good_for_as_long_as_was_said(registered):
    first = registered.made["client_secret"]
    answer = registered.pull("POST", "/client_secret", overlap_minutes=60)
    assert answer.status_code == 201
    second = answer.json["client_secret"]
    assert [registered.knows(secret) for secret in (first, second, "another")] == [True, True, False]
    registered.http.post("/_sandbox/clock", json={"advance": {"minutes": 61}})
    assert [registered.knows(secret) for secret in (first, second)] == [False, True]
    registered.pull("PATCH", name="Renamed")
    third = registered.pull("POST", "/client_secret", client_secret="chosen by ourselves").json["client_secret"]
    assert third == "chosen by ourselves"
    assert [registered.knows(secret) for secret in (first, second, third)] == [False, False, True]


def test_webhooks_go_to_the_newest_address_signed_with_the_newest_secret(running, receiver):
    registered = Registered(running.app)
    own = merchant(running.app, client_id=registered.made["client_id"])
    own.mandate(active=True)  # nobody is told, for the app has no address yet
    registered.pull("PATCH", webhook_url=receiver.url)
    secret = registered.pull("POST", "/webhook_secret").json["webhook_secret"]
    assert secret != registered.made["webhook_secret"]
    own.payment(own.all("mandates")[0])
    headers, body = wait_until(lambda: receiver.seen)[0]
    assert headers["Webhook-Signature"] == sign(body, secret)
    assert [event["resource_type"] for event in json.loads(body)["events"]] == ["payments"]
    registered.pull("PATCH", webhook_url=None)
    switched_on = {"enabled": True, "client_id": registered.made["client_id"]}
    assert registered.http.post("/_sandbox/endpoints", json=switched_on).json["endpoints"] == 0


def test_the_requests_that_the_api_saw(api):
    secret = api.token
    api.call("POST", "/customers", {"customers": {"company_name": "Acme"}}, headers={"Idempotency-Key": "k1"})
    api.call("GET", "/customers?limit=900")
    seen = api.http.get(f"/_sandbox/requests?access_token={secret}").json["requests"]
    assert [(r["method"], r["path"], r["status"]) for r in seen] == [("GET", "/customers", 422), ("POST", "/customers", 201)]
    assert seen[1]["headers"]["Idempotency-Key"] == "k1"
    assert seen[1]["headers"]["Gocardless-Version"] == "2015-07-06"
    assert '"company_name":"Acme"' in seen[1]["body"].replace(" ", "")
    assert secret not in str(seen)
    assert seen[1]["headers"]["Authorization"].endswith(secret[-4:])


def test_the_request_log_hides_what_apps_send_in_secret(sandbox):
    http = sandbox.test_client()
    app = http.post("/_sandbox/apps", json={"name": "P", "redirect_uris": REDIRECT}).json
    form = {
        "grant_type": "authorization_code",
        "code": "secret-code-1234",
        "redirect_uri": REDIRECT[0],
        "client_id": app["client_id"],
    }
    http.post("/oauth/access_token", data={**form, "client_secret": app["client_secret"]})
    http.post("/oauth/access_token", json={**form, "client_secret": app["client_secret"]})
    seen = http.get(f"/_sandbox/requests?client_id={app['client_id']}").json["requests"]
    assert [(r["path"], r["status"]) for r in seen] == [("/oauth/access_token", 400)] * 2
    assert app["client_secret"] not in str(seen)
    assert "secret-code-1234" not in str(seen)


def test_requests_of_nobody_in_particular_are_not_shown(sandbox):
    assert sandbox.test_client().get("/_sandbox/requests").status_code == 400


@pytest.mark.parametrize(
    ("kind", "status"), [("429", 429), ("500", 500), ("timeout", 504), ("slow", 200), ("html", 502), ("empty", 200)]
)
def test_the_next_calls_go_wrong_as_ordered(fresh_sandbox, kind, status):
    own = merchant(fresh_sandbox(fault_seconds=0.05))
    other = merchant(own.app)
    own.lever("faults", {"target": "api", "kind": kind, "count": 2, "access_token": own.token})
    answers = [own.call("GET", "/customers") for _ in range(3)]
    assert [a.status_code for a in answers] == [status, status, 200]
    assert other.call("GET", "/customers").status_code == 200
    if kind in ("429", "500", "timeout"):
        assert answers[0].json["error"]["code"] == status
    if kind == "html":
        assert answers[0].content_type == "text/html"
    assert (answers[0].get_data() == b"") is (kind == "empty")


def test_a_fault_keeps_nothing_of_the_call(api):
    api.lever("faults", {"target": "api", "kind": "500", "count": 1, "access_token": api.token})
    assert api.call("POST", "/customers", {"customers": {"company_name": "A"}}).status_code == 500
    assert api.all("customers") == []


def test_reset_empties_the_sandbox(fresh_sandbox):
    own = merchant(fresh_sandbox())
    own.customer()
    own.lever("clock", {"advance": {"days": 5}})
    own.lever("reset")
    assert own.call("GET", "/customers").status_code == 401
    fresh = merchant(own.app)
    assert fresh.all("customers") == []


def test_levers_are_shut_outside_development_unless_configured(tmp_path):
    def client(**more):
        return make_app(tmp_path, environment="production", secret_key="k" * 40, **more).test_client()

    body = {"name": "A", "country_code": "GB"}
    assert client().post("/_sandbox/organisations", json=body).status_code == 404
    opened = client(levers=True, levers_token="let me in")
    assert opened.post("/_sandbox/organisations", json=body).status_code == 401
    wrong = {"Authorization": "Bearer let me in, please"}
    assert opened.post("/_sandbox/organisations", json=body, headers=wrong).status_code == 401
    assert opened.get("/_sandbox/openapi.json", headers={"Authorization": "Bearer let me in"}).status_code == 200
    assert opened.post("/_sandbox/organisations", json=body, headers={"Authorization": "Bearer let me in"}).status_code == 201


@pytest.mark.parametrize(
    "values",
    [{"environment": "production"}, {"host": "0.0.0.0"}, {"environment": "production", "secret_key": "k", "levers": True},
     {"environment": "elsewhere"}, {"moves": "sometimes"}, {"webhook_batch_size": 251}, {"levers": "perhaps"}],
)  # fmt: skip
def test_settings_that_make_no_sense_stop_the_start(values, tmp_path):
    with pytest.raises(ValidationError):
        Settings(instance=tmp_path, **values)


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    for name, value in {
        "SANDBOX_PORT": "5999",
        "SANDBOX_MOVES": "at_once",
        "PORTAL_INSTANCE": str(tmp_path),
        "SANDBOX_DATABASE_URL": "postgres://u@h/d",
    }.items():
        monkeypatch.setenv(name, value)
    found = Settings()
    assert (found.port, found.moves, found.instance) == (5999, "at_once", tmp_path)
    assert found.engine_url == "postgresql+psycopg://u@h/d"
    assert found.origin == "http://127.0.0.1:5999"


def test_the_documented_ids_answer(running):
    own = merchant(running.app, documented_ids=True)
    for kind, identity in {
        "customers": "CU123",
        "mandates": "MD123",
        "payments": "PM123",
        "payouts": "PO123",
        "creditors": "CR123",
    }.items():
        answer = requests.get(f"{running.url}/{kind}/{identity}", headers=own.headers, timeout=10)
        assert answer.json()[kind]["id"] == identity

"""The levers that aim a fault at some calls, and those for a merchant that is there: its token, its payments, its goodbye."""

import json
from email.utils import parsedate_to_datetime

import pytest

from portal.sandbox import clock
from tests.sandbox.kit import make_app, merchant, wait_until
from tests.sandbox.test_levers import REDIRECT, Registered

PAYMENT = {"amount": 1103, "currency": "GBP"}


@pytest.fixture
def registered(sandbox):
    return Registered(sandbox)


@pytest.fixture
def own(sandbox, registered):
    """A merchant through the app's token."""
    return merchant(sandbox, client_id=registered.made["client_id"])


def order(own, kind, **values):
    return own.lever("faults", {"target": "api", "kind": kind, "organisation_id": own.made["organisation_id"], **values})


def seen(registered, **query):
    wanted = {"client_id": registered.made["client_id"], **query}
    return registered.http.get("/_sandbox/requests", query_string=wanted).json["requests"]


def pay(own, mandate, key="a key"):
    values = {"payments": {**PAYMENT, "links": {"mandate": mandate["id"]}}}
    return own.call("POST", "/payments", values, headers={"Idempotency-Key": key})


def test_a_fault_waits_for_the_calls_that_it_is_aimed_at(sandbox, registered, own):
    mandate = own.mandate()
    alone = merchant(sandbox)  # of another organisation
    order(own, "500", only_method="POST", only_resource="payments", only_app=registered.made["client_id"])
    assert own.call("GET", "/payments").status_code == 200
    assert own.call("POST", "/customers", {"customers": {"company_name": "A"}}).status_code == 201
    assert alone.call("GET", "/payments").status_code == 200
    token = registered.http.post("/_sandbox/tokens", json={"organisation_id": own.made["organisation_id"]}).json["access_token"]
    other = {"Authorization": f"Bearer {token}"}
    values = {"payments": {**PAYMENT, "links": {"mandate": mandate["id"]}}}
    assert own.call("POST", "/payments", values, headers=other).status_code == 201  # the merchant's own call
    assert [pay(own, mandate, key).status_code for key in "ab"] == [500, 201]


def test_a_lost_answer_leaves_the_payment_there(own):
    mandate = own.mandate()
    order(own, "lost")
    assert pay(own, mandate).status_code == 500
    (there,) = own.all("payments")
    again = pay(own, mandate)
    assert again.status_code == 409
    assert again.json["error"]["errors"][0]["links"]["conflicting_resource_id"] == there["id"]


@pytest.mark.parametrize(
    ("kind", "entry"), [("invalid_state", {"reason": "mandate_is_inactive"}), ("validation_failed", {"field": "description"})]
)
def test_a_call_can_be_refused_on_order(own, kind, entry):
    mandate = own.mandate()
    order(own, kind)
    refused = pay(own, mandate)
    assert (refused.status_code, refused.json["error"]["type"]) == (422, kind)
    assert refused.json["error"]["errors"][0].items() >= entry.items()
    assert own.all("payments") == []


def test_after_429_the_headers_say_when_to_come_again(own):
    order(own, "429", seconds=30)
    before = clock.real_now()
    refused = own.call("GET", "/payments")
    wait = parsedate_to_datetime(refused.headers["RateLimit-Reset"]) - before
    assert 30 <= wait.total_seconds() < 40
    assert refused.headers["RateLimit-Remaining"] == "0"


def test_faults_that_have_not_happened_can_be_forgotten(own):
    order(own, "500", count=5)
    assert own.call("GET", "/payments").status_code == 500
    order(own, "none")
    assert own.call("GET", "/payments").status_code == 200


def test_many_payments_are_laid_on_a_mandate_without_a_word(own):
    mandate = own.mandate()
    before = own.events()
    made = own.lever("payments", {"organisation_id": own.made["organisation_id"], "mandate": mandate["id"], "count": 60})[
        "payments"
    ]
    assert len(set(made)) == 60
    assert own.events() == before
    first = own.get("/payments?limit=50")
    assert len(first["payments"]) == 50
    assert len(own.all("payments", f"?after={first['meta']['cursors']['after']}")) == 10


@pytest.mark.parametrize(
    ("lever", "values"), [("payments", {"count": 1}), ("payments", {"mandate": "MD1", "count": 0}), ("tokens", {})]
)
def test_levers_for_merchants_say_what_is_wrong(own, lever, values):
    answer = own.http.post(f"/_sandbox/{lever}", json=values)
    assert answer.status_code == 422
    known = {"organisation_id": own.made["organisation_id"], "mandate": "MD1", "count": 1}
    assert own.http.post("/_sandbox/payments", json=known).json["error"]["errors"][0]["field"] == "mandate"
    assert own.http.post("/_sandbox/tokens", json={"organisation_id": "OR1"}).status_code == 422


def test_calls_with_a_dead_token_are_still_seen_as_the_apps(registered, own):
    goodbye = {"organisation_id": own.made["organisation_id"], "tell": False}
    assert own.lever(f"apps/{registered.made['client_id']}/disconnect", goodbye) == {"disconnected": True}
    assert own.call("GET", "/payments").status_code == 401
    assert own.lever(f"apps/{registered.made['client_id']}/disconnect", goodbye) == {"disconnected": False}
    newest = seen(registered)[0]
    assert (newest["path"], newest["status"], newest["organisation_id"]) == ("/payments", 401, own.made["organisation_id"])


@pytest.mark.parametrize("misplaced", ["query", "scheme", "bare"])
def test_calls_whose_token_is_in_the_wrong_place_are_seen_with_its_end_only(registered, own, misplaced):
    ways = {
        "query": {"query_string": {"access_token": own.token}},
        "scheme": {"headers": {"Authorization": f"Token {own.token}"}},
        "bare": {"headers": {"Authorization": own.token}},
    }
    assert registered.http.get("/payments", **ways[misplaced]).status_code == 401
    newest = seen(registered)[0]
    assert (newest["path"], newest["status"]) == ("/payments", 401)
    assert own.token not in json.dumps(newest)


def test_a_goodbye_is_told_unless_it_should_not_be(running, receiver):
    made = (
        running.app.test_client()
        .post("/_sandbox/apps", json={"name": "P", "redirect_uris": REDIRECT, "webhook_url": receiver.url})
        .json
    )
    for tell in (False, True):
        leaving = merchant(running.app, client_id=made["client_id"])
        leaving.lever(
            f"apps/{made['client_id']}/disconnect", {"organisation_id": leaving.made["organisation_id"], "tell": tell}
        )
    told = [event for _, body in wait_until(lambda: receiver.seen) for event in json.loads(body)["events"]]
    assert [(event["action"], event["links"]["organisation"]) for event in told] == [
        ("disconnected", leaving.made["organisation_id"])
    ]


def test_an_old_database_gets_what_aimed_faults_need(tmp_path):
    """Their aims stand in a table of their own, which is made where it is missing."""
    first = make_app(tmp_path)
    engine = first.extensions["sandbox"].database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE fault_aims")
    own = merchant(make_app(tmp_path))
    order(own, "500", only_method="GET")
    assert own.call("GET", "/payments").status_code == 500

"""Everything in every state, money in the wrong currency, and the levers and OAuth endpoints given nonsense: never a 500."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from portal.sandbox.fields import CURRENCIES
from portal.sandbox.moves import MOVES
from portal.sandbox.resources.simulators import SIMULATORS
from portal.sandbox.store import documents
from tests.sandbox.kit import ACCOUNTS, CURRENCY
from tests.sandbox.sweep import EMULATED, IDS, NOISE, fault, never_fails, sent

HALF = b'{"client_id": "\\ud800", "client_secret": "\\ud800", "token": "\\ud800", "name": "\\u0000", "grant_type": "authorization_code"}'


@pytest.fixture(scope="module")
def mandates(planted):
    """A mandate of every scheme."""
    return {scheme: planted.mandate(scheme)["id"] for scheme in ACCOUNTS}


@pytest.mark.parametrize("scheme", ACCOUNTS)
def test_the_wrong_currency_for_a_scheme_is_named(planted, mandates, scheme):
    links = {"links": {"mandate": mandates[scheme]}}
    part = {"amount": 100, "charge_date": "2030-01-10"}
    for currency in set(CURRENCIES) - {CURRENCY[scheme]}:
        for kind, values in (
            ("payments", {"amount": 100}),
            ("subscriptions", {"amount": 100, "interval_unit": "monthly"}),
            ("instalment_schedules", {"name": "Parts", "total_amount": 100, "instalments": [part]}),
        ):
            error = fault(planted.call("POST", f"/{kind}", {kind: {**values, **links, "currency": currency}}))
            assert error["code"] == 422
            assert f"/{kind}/currency" in {entry["request_pointer"] for entry in error["errors"]}
            assert CURRENCY[scheme] in str(error["errors"])


def test_numbers_may_be_written_as_text_and_come_back_as_numbers(planted, mandates):
    values = {"amount": "1000", "currency": "GBP", "links": {"mandate": mandates["bacs"]}}
    assert planted.create("payments", values)["amount"] == 1000


STATUSES = {
    kind: sorted({status for move in moves.values() for status in (*move.before, move.to) if status} | {"unheard_of"})
    for kind, moves in MOVES.items()
}
ACTIONS = [
    pytest.param(route, status, id=f"{route.path} when {status}")
    for route in EMULATED
    if ":id" in route.path and route.method != "GET"
    for status in STATUSES.get(route.kind, ())
]


@contextmanager
def forced(api, kind, status):
    """The documented resource of this kind in this state, written into the store so that no state is left out."""
    database = api.app.extensions["sandbox"].database
    with database.reading() as conn:
        before = documents.find(conn, kind, api.made["organisation_id"], IDS[kind])
    put(database, replace(before, body={**before.body, "status": status}))
    yield
    put(database, before)


def put(database, doc):
    with database.writing() as conn:
        documents.remove(conn, doc)
        documents.add(conn, doc)


@pytest.mark.parametrize(("route", "status"), ACTIONS)
def test_every_action_answers_in_every_state(planted, route, status):
    with forced(planted, route.kind, status):
        answer = sent(planted, route, {})
    never_fails(answer)
    move = MOVES[route.kind].get(route.verb)
    if move and status not in move.before and not any(field.required for field in route.fields):
        error = fault(answer)
        assert (error["code"], error["type"]) == (422, "invalid_state")


SIMULATED = [
    pytest.param(name, simulator.kind, status, id=f"{name} when {status}")
    for name, simulator in SIMULATORS.items()
    for status in STATUSES.get(simulator.kind, ())
]


@pytest.mark.parametrize(("name", "kind", "status"), SIMULATED)
def test_every_simulator_answers_in_every_state(planted, name, kind, status):
    with forced(planted, kind, status):
        body = {"data": {"links": {"resource": IDS[kind]}}}
        never_fails(planted.call("POST", f"/scenario_simulators/{name}/actions/run", body))


@pytest.mark.parametrize("lever", ["organisations", "apps", "clock", "faults", "endpoints"])
@pytest.mark.parametrize("raw", [b"[]", b"{", b"7", b"\xff", b'{"colour": 1}', b"[" * 100_000, HALF], ids=range(7))
def test_levers_refuse_what_makes_no_sense(planted, lever, raw):
    fault(planted.http.post(f"/_sandbox/{lever}", data=raw, content_type="application/json"))


@pytest.mark.parametrize("value", NOISE, ids=range(len(NOISE)))
def test_no_value_makes_a_lever_fail(planted, value):
    for lever, name in (("organisations", "name"), ("organisations", "country_code"), ("organisations", "client_id"),
                        ("apps", "redirect_uris"), ("apps", "webhook_url"), ("clock", "set"), ("clock", "advance"),
                        ("faults", "kind"), ("faults", "organisation_id"), ("endpoints", "client_id")):  # fmt: skip
        good = {"organisations": {"name": "A", "country_code": "GB"}, "apps": {"name": "A", "redirect_uris": ["https://a.example"]},
                "faults": {"target": "api", "kind": "500"}, "endpoints": {"enabled": True}}.get(lever, {})  # fmt: skip
        answer = planted.http.post(f"/_sandbox/{lever}", json={**good, name: value})
        if answer.status_code >= 400:
            fault(answer)


@pytest.mark.parametrize(
    "raw", [b"[]", b"{", b"7", b"\xff", b'{"code": 7}', b'{"grant_type": []}', b"[" * 100_000, HALF], ids=range(8)
)
@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize("path", ["/oauth/access_token", "/oauth/revoke"])
def test_the_token_endpoint_refuses_what_makes_no_sense(planted, path, content_type, raw):
    answer = planted.http.post(path, data=raw, content_type=content_type)
    assert 400 <= answer.status_code < 500
    assert answer.json["error"]

"""Headers, envelopes, errors, idempotency, paging, filters and limits: what every endpoint has in common."""

import json
import re

import pytest

from portal.sandbox import ids
from portal.sandbox.routes import ROUTES
from tests.sandbox.kit import VERSION, Api, merchant

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reason(answer):
    return answer.status_code, answer.json["error"]["errors"][0].get("reason")


def send(api, raw, content_type="application/json", path="/customers", method="POST"):
    return api.http.open(path, method=method, data=raw, headers=api.headers, content_type=content_type)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, (401, "missing_authorization_header")),
        ({"Authorization": "Basic abc"}, (401, "invalid_authorization_header")),
        ({"Authorization": "Bearer "}, (401, "invalid_authorization_header")),
        ({"Authorization": "Bearer nobody"}, (401, "access_token_not_found")),
    ],
)
def test_who_does_not_say_who_they_are_is_refused(sandbox, headers, wanted):
    assert reason(sandbox.test_client().get("/customers", headers={**VERSION, **headers})) == wanted


def test_the_version_header_is_needed_and_must_be_known(api):
    token = {"Authorization": f"Bearer {api.token}"}
    assert reason(api.http.get("/customers", headers=token)) == (400, "missing_version_header")
    assert reason(api.http.get("/customers", headers={**token, "GoCardless-Version": "2999-01-01"})) == (
        400,
        "version_not_found",
    )


def test_only_json_is_answered(api):
    assert reason(api.call("GET", "/customers", headers={"Accept": "text/html"})) == (406, "not_acceptable")


def test_an_error_has_everything_that_the_clients_insist_on(api):
    answer = api.call("GET", "/customers/CU0000")
    error = answer.json["error"]
    assert set(error) == {"message", "documentation_url", "type", "request_id", "code", "errors"}
    assert (error["type"], error["code"], answer.status_code) == ("invalid_api_usage", 404, 404)
    assert error["documentation_url"].endswith("#resource_not_found")
    assert answer.headers["X-Request-Id"] == error["request_id"]
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"{", (400, "bad_request")),
        (b"\xff\xfe", (400, "bad_request")),
        (b"[]", (400, "invalid_document_structure")),
        (b'"text"', (400, "invalid_document_structure")),
        (b"7", (400, "invalid_document_structure")),
        (b"", (400, "invalid_document_structure")),
        (b"{}", (400, "invalid_document_structure")),
        (b"null", (400, "invalid_document_structure")),
        (b'{"payments":{}}', (400, "invalid_document_structure")),
        (b'{"customers":[]}', (400, "invalid_type")),
        (b'{"customers":null}', (400, "invalid_type")),
        (b'{"customers":{},"more":1}', (400, "invalid_document_structure")),
        (b'{"customers":{"given_name":NaN}}', (400, "bad_request")),
        (b"[" * 200_000, (400, "bad_request")),
        (b'{"customers":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}", (400, "bad_request")),
        (b'{"customers":{"given_name":' + b"9" * 5000 + b"}}", (400, "bad_request")),
    ],
)
def test_a_body_that_is_no_document_is_refused(api, raw, wanted):
    assert reason(send(api, raw)) == wanted


def test_another_content_type_is_refused(api):
    assert reason(send(api, b'{"customers":{}}', "text/plain")) == (415, "unsupported_media_type")


def test_ten_megabytes_are_too_many(api):
    assert reason(send(api, b'{"customers":{"given_name":"' + b"x" * 10_000_000 + b'"}}')) == (413, "request_entity_too_large")


@pytest.mark.parametrize("raw", [b"", b"null", b"{}", b'{"data":{}}', b'{"data":null}'])
def test_actions_take_every_form_of_nothing(api, raw):
    mandate = api.mandate()
    answer = send(api, raw, path=f"/mandates/{mandate['id']}/actions/cancel")
    assert (answer.status_code, answer.json["mandates"]["status"]) == (200, "cancelled")


@pytest.mark.parametrize("raw", [b"", b"null", b"{}"])
def test_deleting_answers_the_last_body_and_the_customer_is_gone(api, raw):
    customer = api.customer()
    answer = send(api, raw, path=f"/customers/{customer['id']}", method="DELETE")
    assert (answer.status_code, answer.json["customers"]["id"]) == (200, customer["id"])
    assert reason(api.call("GET", f"/customers/{customer['id']}")) == (404, "resource_not_found")
    assert customer["id"] not in [one["id"] for one in api.all("customers")]


def test_ids_have_their_prefix_and_alphabet(api):
    payment = api.payment()
    assert re.fullmatch(f"PM[{CROCKFORD}]{{12}}", payment["id"])
    request = api.create("billing_requests", {"mandate_request": {"scheme": "bacs"}})
    flow = api.create("billing_request_flows", {"links": {"billing_request": request["id"]}})
    assert re.fullmatch(f"BRF[{CROCKFORD}]{{29}}", flow["id"])


def test_ids_grow_and_are_never_made_twice_however_fast():
    made = [ids.resource_id("PM") for _ in range(50_000)]
    assert sorted(set(made)) == made


def test_nobody_sees_another_organisations_resources(api, sandbox):
    mandate = api.mandate()
    stranger = merchant(sandbox)
    for path in (
        f"/mandates/{mandate['id']}",
        f"/customers/{mandate['links']['customer']}",
        f"/creditors/{mandate['links']['creditor']}",
    ):
        assert reason(stranger.call("GET", path)) == (404, "resource_not_found")
    assert stranger.act("mandates", mandate["id"], "cancel").status_code == 404
    assert stranger.all("mandates") == []
    links = {"customer_bank_account": mandate["links"]["customer_bank_account"]}
    assert reason(stranger.call("POST", "/mandates", {"mandates": {"links": links}})) == (404, "link_not_found")


def test_a_read_only_token_can_not_write(sandbox):
    reader = merchant(sandbox, scope="read_only")
    assert reader.get("/customers")["customers"] == []
    assert reason(reader.call("POST", "/customers", {"customers": {"company_name": "Acme"}})) == (
        403,
        "insufficient_permissions",
    )


def test_unknown_paths_and_methods_are_answered_in_the_same_shape(api):
    assert reason(api.call("GET", "/nowhere")) == (404, "path_not_found")
    assert reason(api.call("PATCH", "/customers")) == (405, "method_not_allowed")


def test_an_idempotency_key_makes_one_resource(api):
    body, key = {"customers": {"company_name": "Acme"}}, {"Idempotency-Key": "the same"}
    first = api.call("POST", "/customers", body, headers=key).json["customers"]["id"]
    again = api.call("POST", "/customers", body, headers=key)
    assert reason(again) == (409, "idempotent_creation_conflict")
    assert again.json["error"]["errors"][0]["links"] == {"conflicting_resource_id": first}
    assert api.one("customers", first)
    assert len(api.all("customers")) == 1


def test_a_key_of_a_refused_call_can_be_used_again(api):
    key = {"Idempotency-Key": "again"}
    assert api.call("POST", "/customers", {"customers": {}}, headers=key).status_code == 422
    assert api.call("POST", "/customers", {"customers": {"company_name": "Acme"}}, headers=key).status_code == 201


def test_keys_belong_to_an_organisation_and_an_endpoint(api, sandbox):
    key = {"Idempotency-Key": "shared"}
    other = merchant(sandbox)
    for who, kind, body in ((api, "customers", {"company_name": "A"}), (other, "customers", {"company_name": "A"}),
                            (api, "blocks", {"block_type": "email", "reason_type": "identity_fraud", "resource_reference": "a@example.com"})):  # fmt: skip
        assert who.call("POST", f"/{kind}", {kind: body}, headers=key).status_code == 201


def test_flows_are_not_made_once_by_key(api):
    request = api.create("billing_requests", {"mandate_request": {"scheme": "bacs"}})
    made = [
        api.create("billing_request_flows", {"links": {"billing_request": request["id"]}}, headers={"Idempotency-Key": "k"})
        for _ in "ab"
    ]
    assert made[0]["id"] != made[1]["id"]


def test_a_key_can_be_too_long(api):
    answer = api.call("POST", "/customers", {"customers": {"company_name": "A"}}, headers={"Idempotency-Key": "k" * 129})
    assert reason(answer) == (400, "idempotency_key_too_long")


def test_pages_lead_forwards_and_back(api):
    made = [api.customer(given_name=f"N{number}")["id"] for number in range(5)]
    newest = list(reversed(made))
    first = api.get("/customers?limit=2")
    assert [c["id"] for c in first["customers"]] == newest[:2]
    assert first["meta"] == {"cursors": {"before": None, "after": newest[1]}, "limit": 2}
    second = api.get(f"/customers?limit=2&after={newest[1]}")
    assert [c["id"] for c in second["customers"]] == newest[2:4]
    assert second["meta"]["cursors"] == {"before": newest[2], "after": newest[3]}
    last = api.get(f"/customers?limit=2&after={newest[3]}")
    assert ([c["id"] for c in last["customers"]], last["meta"]["cursors"]["after"]) == (newest[4:], None)
    back = api.get(f"/customers?limit=2&before={newest[2]}")
    assert [c["id"] for c in back["customers"]] == newest[:2]
    assert back["meta"]["cursors"] == {"before": None, "after": newest[1]}


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=many", "limit=-1"])
def test_a_limit_has_bounds(api, query):
    answer = api.call("GET", f"/customers?{query}")
    assert (answer.status_code, answer.json["error"]["type"]) == (422, "validation_failed")


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "after=CU000",
        "before=a&after=b",
        "created_at=2020-01-01",
        "sort_field=colour",
        "status=",
        "created_at[about]=x",
        "a[b][c]=d",
    ],
)
def test_filters_and_cursors_that_make_no_sense_are_refused(api, query):
    assert 400 <= api.call("GET", f"/customers?{query}").status_code < 423


@pytest.mark.parametrize(
    "query",
    ["status=pending_submission&status=cancelled", "status=pending_submission,cancelled", "status=pending_submission%2Ccancelled",
     "status[]=pending_submission&status[]=cancelled", "status[0]=pending_submission&status[1]=cancelled",
     "status%5B0%5D=pending_submission&status%5B1%5D=cancelled"],
)  # fmt: skip
def test_lists_of_values_in_the_form_of_every_client(api, query):
    first, second, third = (api.mandate() for _ in range(3))
    api.act("mandates", second["id"], "cancel")
    api.simulate("mandate_activated", third["id"])
    assert {m["id"] for m in api.all("mandates", f"?{query}")} == {first["id"], second["id"]}


@pytest.mark.parametrize("yes", ["true", "True", "TRUE", "1"])
def test_booleans_in_the_form_of_every_client(api, yes):
    account = api.account()
    other = api.account()
    api.act("customer_bank_accounts", other["id"], "disable")
    assert [a["id"] for a in api.all("customer_bank_accounts", f"?enabled={yes}")] == [account["id"]]


def test_times_filter_from_and_to(api):
    customer = api.customer()
    made = customer["created_at"]
    assert api.all("customers", f"?created_at[gte]={made}")
    assert api.all("customers", f"?created_at%5Blte%5D={made}")
    assert not api.all("customers", f"?created_at[gt]={made}")
    assert not api.all("customers", "?created_at[gt]=2999-01-01T00:00:00.000Z")
    assert api.call("GET", "/customers?created_at[gt]=soon").status_code == 422


def test_payments_by_charge_date_and_sorted(api):
    mandate = api.mandate(active=True)
    made = [api.payment(mandate, amount=amount) for amount in (300, 100, 200)]
    assert [p["amount"] for p in api.all("payments", "?sort_field=amount&sort_direction=asc")] == [100, 200, 300]
    assert [p["amount"] for p in api.all("payments", "?sort_field=amount&limit=2")] == [300, 200]
    cursor = next(p["id"] for p in made if p["amount"] == 200)
    assert [p["amount"] for p in api.all("payments", f"?sort_field=amount&after={cursor}")] == [100]
    day = made[0]["charge_date"]
    assert len(api.all("payments", f"?charge_date[gte]={day}&charge_date[lte]={day}")) == 3
    assert api.all("payments", f"?charge_date[gt]={day}") == []


def test_filters_that_exclude_each_other(api):
    answer = api.call("GET", "/payments?customer=CU1&creditor=CR1")
    assert reason(answer) == (400, "invalid_filters")
    assert reason(api.call("GET", "/events?payment=PM1&resource_type=payments")) == (400, "invalid_filters")


def test_events_can_bring_the_resources_that_they_are_about(api):
    payment = api.payment()
    answer = api.get("/events?resource_type=payments&include=payment")
    assert [p["id"] for p in answer["linked"]["payments"]] == [payment["id"]]
    assert reason(api.call("GET", "/events?include=payment")) == (400, "invalid_filters")


def test_the_rate_limit_is_said_and_kept(fresh_sandbox):
    own = merchant(fresh_sandbox(rate_limit=3))
    left = [own.call("GET", "/customers").headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = own.call("GET", "/customers")
    assert reason(answer) == (429, "rate_limit_exceeded")
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", answer.headers["RateLimit-Reset"])
    assert answer.headers["RateLimit-Limit"] == "3"


@pytest.mark.parametrize("route", [r for r in ROUTES if r.filters and r.verb == "list"], ids=lambda r: r.path)
def test_every_filter_of_every_list_is_answered(api, route):
    """Each by itself, with a value that it takes; lists that need a filter get that one too."""
    creditor = api.made["creditor_id"]
    always = (
        {"creditor": creditor, "payout": "PO0"} if route.kind in ("balances", "payout_items", "verification_details") else {}
    )
    needed = {name: value for name, value in always.items() if name in route.filters.required}
    for name, choices in route.filters.choices.items():
        value = next(iter(choices)) if choices else (creditor if name == "creditor" else "x")
        query = {**needed, name: needed.get(name, value), **({"resource_type": "payments"} if name == "include" else {})}
        answer = api.call("GET", route.path, query_string=query)
        assert answer.status_code == (404 if route.kind == "payout_items" else 200), (name, answer.get_data(as_text=True))
    for name in route.filters.ranges:
        for operator in ("gt", "gte", "lt", "lte"):
            assert api.all(route.kind, f"?{name}[{operator}]=2020-01-01&limit=1") is not None
    for name in route.filters.sorts:
        assert api.all(route.kind, f"?sort_field={name}&sort_direction=asc") is not None


def test_a_null_byte_is_found_nowhere(api):
    assert api.call("GET", "/customers/CU%00").status_code == 404
    assert 400 <= api.call("GET", "/customers?after=%00").status_code < 423
    assert api.call("POST", "/customers", {"customers": {"company_name": "a\x00b"}}).status_code == 422


def test_odd_letters_come_back_as_they_were(api):
    for name in ("Zoë 🎉", "\ud800", "a" * 255, "' OR 1=1 --", "<b>"):
        made = send(api, json.dumps({"customers": {"company_name": name}}).encode()).json["customers"]
        assert api.one("customers", made["id"])["company_name"] == name


def test_a_token_belongs_to_one_sandbox(sandbox, fresh_sandbox):
    stranger = Api(fresh_sandbox(), merchant(sandbox).token)
    assert reason(stranger.call("GET", "/customers")) == (401, "access_token_not_found")

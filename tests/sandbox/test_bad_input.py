"""Bad input over every route: whatever is sent, the answer is GoCardless's error body with a useful message, never a 500."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.sandbox.resources.not_emulated import PATHS
from portal.sandbox.routes import ROUTES
from tests.sandbox.sweep import (
    EMULATED,
    IDS,
    LISTS,
    NOISE,
    ONE,
    OWNED,
    STORED,
    STRICT,
    TAKING,
    WRITING,
    every,
    fault,
    never_fails,
    reasons,
    send,
    sent,
    where,
)

WRONG = {"string": {"a": 1}, "integer": "twelve", "boolean": "perhaps", "object": ["x"], "array": {"0": "x"}}
MALFORMED = {
    "cut short": b'{"a": ',
    "not text": b"\xff\xfe\x00",
    "two documents": b"{} {}",
    "single quotes": b"{'a': 1}",
    "nested too deeply": b"[" * 100_000,
    "not a number": b'{"a": NaN}',
}


@every(WRITING)
def test_what_is_no_json_is_refused(planted, route):
    for what, raw in MALFORMED.items():
        assert reasons(send(planted, route, raw)) == (400, "bad_request"), what


@every(WRITING)
def test_what_is_no_object_is_refused(planted, route):
    for raw in (b"[]", b'"text"', b"7", b"true"):
        assert reasons(send(planted, route, raw)) == (400, "invalid_document_structure"), raw


@every(WRITING)
def test_an_envelope_holds_an_object(planted, route):
    for inside in ([], [{}], "text", 7, True):
        assert reasons(sent(planted, route, inside)) == (400, "invalid_type"), inside


@every(WRITING)
def test_another_envelope_is_refused_by_the_name_of_the_right_one(planted, route):
    error = fault(send(planted, route, b'{"something_else": {}}'))
    assert (error["code"], route.envelope in error["message"]) == (400, True)


@every(STRICT)
def test_a_body_that_is_needed_is_asked_for(planted, route):
    for raw in (b"", b"null", b"{}"):
        assert reasons(send(planted, route, raw)) == (400, "invalid_document_structure"), raw


@every(WRITING)
def test_another_content_type_is_refused(planted, route):
    raw = json.dumps({route.envelope: {}}).encode()
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
    ):
        assert reasons(send(planted, route, raw, content_type)) == (415, "unsupported_media_type")


@pytest.fixture(scope="module")
def ten_megabytes():
    return b'{"data": "' + b"x" * 10_000_000 + b'"}'


@every([route for route in EMULATED if route.method != "GET"])
def test_ten_megabytes_are_too_many(planted, ten_megabytes, route):
    assert reasons(send(planted, route, ten_megabytes)) == (413, "request_entity_too_large")


@every(TAKING)
def test_a_field_that_is_not_known_is_named(planted, route):
    error = fault(sent(planted, route, {"colour": "red"}))
    assert (error["code"], error["type"]) == (422, "validation_failed")
    assert {"field": "colour", "message": "is not a parameter of this endpoint"}.items() <= error["errors"][-1].items()


@every([route for route in TAKING if any(field.required for field in route.fields)])
def test_a_field_that_is_needed_is_named(planted, route):
    missing = {entry["field"] for entry in fault(sent(planted, route, {}))["errors"]}
    assert missing >= {field.name for field in route.fields if field.required}


@every(TAKING)
def test_a_field_of_the_wrong_type_is_named(planted, route):
    error = fault(sent(planted, route, {field.name: WRONG[field.shape["type"]] for field in route.fields}))
    assert error["code"] == 422
    pointers = {"/".join(entry["request_pointer"].split("/")[:3]) for entry in error["errors"]}
    assert pointers >= {f"/{route.envelope}/{field.name}" for field in route.fields if field.shape["type"] != "array"}


@every(TAKING)
def test_no_value_of_any_field_makes_it_fail(planted, route):
    for field, value in itertools.product(route.fields, NOISE):
        never_fails(sent(planted, route, {field.name: value}))
        for inner in field.shape.get("properties", ()):
            never_fails(sent(planted, route, {field.name: {inner: value}}))


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    route=st.sampled_from(TAKING),
    values=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
def test_no_json_at_all_makes_it_fail(planted, route, values):
    never_fails(sent(planted, route, values))
    never_fails(sent(planted, route, {field.name: values for field in route.fields}))


@every(ONE)
def test_an_id_that_nobody_has_is_not_found(planted, route):
    raw = json.dumps({route.envelope: {}}).encode() if route.envelope else b""
    for identity in ("XX000", "%00", "x" * 3000, "%F0%9F%8E%89", "%ff", "'--", "..%2e"):
        wanted = 403 if route.kind in PATHS and identity != "%00" else 404
        assert fault(send(planted, route, raw, identity=identity))["code"] == wanted, identity[:20]


@every(OWNED)
def test_another_organisations_id_is_not_found(stranger, route):
    raw = json.dumps({route.envelope: {}}).encode() if route.envelope else b""
    assert reasons(send(stranger, route, raw)) == (404, "resource_not_found")


@every([route for route in TAKING if any(field.name == "links" for field in route.fields)])
def test_another_organisations_link_is_refused(stranger, route):
    links = next(field for field in route.fields if field.name == "links").shape["properties"]
    for name in links:
        foreign = next((value for kind, value in IDS.items() if kind.startswith(name)), "XX123")
        identity = stranger.made["creditor_id"] if route.kind == "creditors" else ""
        raw = json.dumps({route.envelope: {"links": {name: foreign}}}).encode()
        fault(send(stranger, route, raw, identity=identity))


def test_a_payment_on_another_organisations_mandate_says_which_link_is_wrong(stranger):
    values = {"amount": 100, "currency": "GBP", "links": {"mandate": "MD123"}}
    (entry,) = fault(stranger.call("POST", "/payments", {"payments": values}))["errors"]
    assert (entry["reason"], entry["links"]) == ("link_not_found", {"mandate": "MD123"})


@every(LISTS)
def test_a_query_that_makes_no_sense_is_refused(planted, route):
    for query in ("colour=red", "limit=0", "limit=501", "limit=x", "limit=", "sort_field=colour", "a[b][c]=d", "=x"):
        assert fault(planted.call("GET", f"{where(route)}?{query}"))["code"] in (400, 422), query


@every(STORED)
def test_a_cursor_that_nobody_gave_out_is_refused(planted, route):
    required = "".join(f"&{name}={IDS[name + 's']}" for name in route.filters.required)
    for cursor in ("after=XX000", "before=XX000", "after=" + "x" * 3000, "after=%F0%9F%8E%89"):
        error = fault(planted.call("GET", f"{where(route)}?{cursor}{required}"))
        assert (error["code"], "cursor" in error["message"]) == (400, True), cursor[:20]


@every(STORED)
def test_another_organisations_cursor_is_refused(stranger, route):
    if route.kind in IDS and not route.filters.required:
        assert fault(stranger.call("GET", f"{where(route)}?after={IDS[route.kind]}"))["code"] == 400


@every(LISTS)
def test_no_value_of_any_filter_makes_it_fail(planted, route):
    names = [*route.filters.choices, "limit", "after", "before", "sort_field", "sort_direction"]
    names += [name + operator for name in route.filters.ranges for operator in ("[gt]", "[lte]", "[about]", "[]", "")]
    for name, value in itertools.product(names, ("", "%00", "x" * 3000, "%ff", "[]", "a,b", "%ED%A0%80", "-1")):
        never_fails(planted.call("GET", f"{where(route)}?{name}={value}"))


@every(EMULATED)
def test_another_method_is_refused(planted, route):
    for method in {"PATCH", "OPTIONS", "TRACE", "DELETE"} - {one.method for one in ROUTES if one.path == route.path}:
        assert reasons(planted.call(method, where(route))) == (405, "method_not_allowed"), method


@every([route for route in EMULATED if route.idempotent])
def test_an_idempotency_key_has_a_length(planted, route):
    answer = sent_with_key(planted, route, "k" * 129)
    assert reasons(answer) == (400, "idempotency_key_too_long")


def sent_with_key(api, route, key):
    return send(api, route, json.dumps({route.envelope: {}}).encode(), **{"Idempotency-Key": key})


@pytest.mark.parametrize("header", ["Authorization", "GoCardless-Version", "Accept", "Accept-Language", "Idempotency-Key"])
@pytest.mark.parametrize("value", ["", "é", "x" * 3000, "Bearer é", ";q=;,"], ids=range(5))
def test_no_header_makes_it_fail(planted, header, value):
    body = {"customers": {"company_name": "Acme"}}
    never_fails(planted.call("POST", "/customers", body, headers={header: value}))

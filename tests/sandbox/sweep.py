"""What the sweeps of bad input share: the routes by what they take, ids to call them with, and what a refusal must have."""

import json
import re

import pytest

from portal.sandbox.resources.not_emulated import PATHS
from portal.sandbox.routes import ROUTES
from portal.sandbox.store import documents

IDS = {
    "creditors": "CR123", "creditor_bank_accounts": "BA123", "scheme_identifiers": "SU123", "customers": "CU123",
    "customer_bank_accounts": "BA123", "mandates": "MD123", "payments": "PM123", "refunds": "RF123", "subscriptions": "SB123",
    "instalment_schedules": "IS123", "payouts": "PO123", "events": "EV123", "webhooks": "WB123", "billing_requests": "BRQ123",
    "billing_request_flows": "BRF123", "billing_request_templates": "BRT123", "bank_authorisations": "BAU123",
    "redirect_flows": "RE123", "blocks": "BLC123", "customer_notifications": "PCN123", "tax_rates": "GB_VAT_1",
    "scenario_simulators": "payment_failed",
}  # fmt: skip
EMULATED = [route for route in ROUTES if route.kind not in PATHS]
WRITING = [route for route in EMULATED if route.envelope]
STRICT = [route for route in WRITING if not route.optional_body]
TAKING = [route for route in WRITING if route.fields]
ONE = [route for route in ROUTES if ":id" in route.path]
OWNED = [route for route in EMULATED if ":id" in route.path and route.kind not in ("scenario_simulators", "tax_rates")]
LISTS = [route for route in EMULATED if route.filters is not None]
STORED = [route for route in LISTS if route.kind in documents.DOCUMENTS]
ENTRY = {"invalid_api_usage": {"reason", "message"}, "invalid_state": {"reason", "message"},
         "validation_failed": {"field", "message", "request_pointer"}}  # fmt: skip
NOISE = (None, [], {}, [[]], [None], {"": None}, "", " ", "\x00", "x" * 5000, "\ud800", -1, 0, 10**30, 1.5, True, "٣", "1e5")


def named(route):
    return f"{route.method} {route.path}"


def every(routes):
    return pytest.mark.parametrize("route", routes, ids=named)


def where(route, identity=""):
    return route.path.replace(":id", identity or IDS.get(route.kind, "XX123"))


def send(api, route, raw, content_type="application/json", identity="", **headers):
    own = {**api.headers, **headers}
    return api.http.open(where(route, identity), method=route.method, data=raw, headers=own, content_type=content_type)


def sent(api, route, values):
    return send(api, route, json.dumps({route.envelope: values}).encode())


def fault(answer):
    """The error of a refusal, once it has been found complete and readable."""
    assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)[:500]
    assert answer.content_type == "application/json"
    error = answer.json["error"]
    assert error["code"] == answer.status_code
    assert error["message"]
    assert error["documentation_url"].startswith("https://")
    assert re.fullmatch(r"[0-9a-f-]{36}", error["request_id"])
    assert error["errors"]
    for entry in error["errors"]:
        assert set(entry) >= ENTRY[error["type"]]
        assert entry["message"].strip()
    return error


def reasons(answer):
    return answer.status_code, fault(answer)["errors"][0].get("reason")


def never_fails(answer):
    if answer.status_code >= 400:
        fault(answer)

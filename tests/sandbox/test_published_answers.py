"""Our answers beside the JSON answers that the official Python client publishes: the same keys, the same types.

The published files are not part of this project: their folder is named by GOCARDLESS_FIXTURES.
"""

import json
import os
from pathlib import Path

import pytest

from tests.sandbox.calls import CALLS
from tests.sandbox.kit import merchant

FOLDER = os.environ.get("GOCARDLESS_FIXTURES")
pytestmark = pytest.mark.skipif(not FOLDER, reason="GOCARDLESS_FIXTURES does not name the folder of published answers")

# Keys that GoCardless sends and the published answers, made from an older schema, do not have: seen in captures of the real sandbox.
MORE = {
    "billing_requests": {"sign_flow_url", "creditor_name"},
    "billing_request_flows": {"config"},
    "mandate_request": {"metadata"},
    "payment_request": {"min_amount", "max_amount", "default_min_amount", "default_max_amount", "flexible_amount"},
    "actions": {"available_country_codes"},
    "customer_bank_account": {"branch_code_ending"},
}
# Links name what there is: none has to be there, and these are ours beside the published ones.
MORE_LINKS = {"billing_request_flow"}
# Parts that are only there when they apply.
SOMETIMES = {
    "events": {"customer_notifications"},
    "details": {
        "scheme",
        "reason_code",
        "will_attempt_retry",
        "not_retried_reason",
        "property",
        "currency",
        "bank_account_id",
        "item_count",
    },
    "actions": {"available_currencies", "bank_authorisation", "collect_customer_details", "institution_guess_status"},
    "resources": {"customer_bank_account"},
}
FREE = {"metadata", "resource_metadata", "request_headers", "response_headers", "mandate_request_metadata", "payment_request_metadata",
        "payment_errors", "linked", "config"}  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_keys_and_types_are_those_that_are_published(running, call):
    gocardless_pro = pytest.importorskip("gocardless_pro")
    published = _published(call)
    own = merchant(running.app, documented_ids=True)
    answer = call.make(gocardless_pro.Client(access_token=own.token, base_url=running.url))
    differences = list(_compare(published, answer.api_response.body, "", ""))
    assert not differences


def _published(call):
    file = Path(FOLDER) / f"{call.service}.json"
    entry = json.loads(file.read_text()).get(call.method)
    assert entry, f"no answer is published for {call.name}"
    return entry["body"]


def _compare(wanted, ours, where, name):
    """Every difference in words."""
    if wanted is None or ours is None:
        return
    if isinstance(wanted, dict) and isinstance(ours, dict):
        yield from _compare_keys(wanted, ours, where, name)
    elif isinstance(wanted, list) and isinstance(ours, list):
        for entry in ours if wanted else ():
            yield from _compare(wanted[0], entry, f"{where}[]", name)
    elif type(wanted) is not type(ours):
        yield f"{where}: published {type(wanted).__name__}, ours {type(ours).__name__}"


def _compare_keys(wanted, ours, where, name):
    if name in FREE:
        return
    extra = set(ours) - set(wanted) - MORE.get(name, set()) - (MORE_LINKS if name == "links" else set())
    missing = set() if name == "links" else set(wanted) - set(ours) - SOMETIMES.get(name, set())
    yield from (f"{where}.{key}: ours alone" for key in sorted(extra))
    yield from (f"{where}.{key}: missing in ours" for key in sorted(missing))
    for key in sorted(set(wanted) & set(ours)):
        yield from _compare(wanted[key], ours[key], f"{where}.{key}", key)

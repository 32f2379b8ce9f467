"""Every way in which a call can fail has words of its own."""

import pytest

from portal import gocardless as door
from portal.payments.problems import PROBLEMS, code_of


def refused(status, type_="invalid_api_usage", *, message="", **detail):
    return door.refused(status, {"error": {"type": type_, "message": message, "errors": [{"message": "", **detail}]}})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (door.NotHere(), "not_here"),
        (door.Unreachable(), "unreachable"),
        (door.TimedOut(), "timed_out"),
        (door.NotJson(502), "not_json"),
        (refused(401, reason="access_token_revoked"), "revoked"),
        (refused(401, reason="unauthorized"), "unauthorized"),
        (refused(403, reason="insufficient_permissions"), "insufficient_permissions"),
        (refused(403, reason="forbidden"), "forbidden"),
        (refused(403, reason="forbidden", message="This creditor is not verified"), "verification"),
        (refused(422, "validation_failed", field="currency"), "currency_not_enabled"),
        (refused(422, "validation_failed", field="scheme"), "currency_not_enabled"),
        (refused(422, "validation_failed", field="amount"), "invalid"),
        (refused(422, "invalid_state", reason="mandate_is_inactive"), "wrong_state"),
        (refused(404, reason="resource_not_found"), "not_found"),
        (refused(429, reason="rate_limit_exceeded"), "too_many_calls"),
        (refused(500, "gocardless"), "server_failed"),
        (refused(405, reason="method_not_allowed"), "refused"),
        (door.GoCardlessError(), "refused"),
    ],
)
def test_each_error_has_its_code_and_words(error, code):
    assert code_of(error) == code
    assert PROBLEMS[code].endswith(".")

"""What can go wrong with a call, as codes, and what is said about each: what happened and what to do now."""

from collections.abc import Mapping

from portal import gocardless
from portal.gocardless import ApiRefused, GoCardlessError

PROBLEMS: Mapping[str, str] = {
    "not_here": "This portal is not connected to that environment. Ask whoever runs it to set its addresses.",
    "unreachable": "GoCardless could not be reached. Nothing was charged; the run can be started again at any time.",
    "timed_out": "GoCardless did not answer in time. What was asked may have happened: the run asks again with the same key.",
    "not_json": "The answer was no JSON, so it did not come from the API. Check the API's address and what stands between.",
    "revoked": "The access token was revoked, so the connection has ended. Connect the merchant again.",
    "unauthorized": "The access token was not accepted. Connect the merchant again.",
    "insufficient_permissions": "The token may only read. Run the connect test again with the scope read_write.",
    "forbidden": "This account may not do that yet: the feature is off, or the merchant is not verified. Look at the verification status.",
    "verification": "The merchant is not verified yet, so GoCardless refused. Finish verification, then start again.",
    "currency_not_enabled": "This account cannot collect in that currency or with that scheme. Choose another, or have it enabled.",
    "invalid": "GoCardless refused a value; the answer names the field.",
    "wrong_state": "That is not possible in the state that the resource is in now.",
    "not_found": "GoCardless does not know this resource any more; a sandbox may have been emptied.",
    "too_many_calls": "Too many calls in a minute. The run waits a minute and goes on by itself.",
    "server_failed": "GoCardless itself failed. Try again in a while.",
    "refused": "GoCardless refused; the answer says why.",
    "flow_expired": "The link for the payer has expired: flows live seven days. Start a new run.",
    "request_cancelled": "The billing request was cancelled, so nothing will be collected. Start a new run.",
    "not_in_time": "The payer did not finish while the run was waiting. The link still works: use Look again afterwards.",
    "payment_failed": "The payment failed. What the bank said stands in the time line.",
    "mandate_failed": "The mandate cannot be used. What the bank said stands in the time line.",
    "connection_ended": "The connection has ended, so there is no token to call with. Connect the merchant again.",
}

_BY_TYPE: tuple[tuple[type[GoCardlessError], str], ...] = (
    (gocardless.NotHere, "not_here"),
    (gocardless.Unreachable, "unreachable"),
    (gocardless.TimedOut, "timed_out"),
    (gocardless.NotJson, "not_json"),
    (gocardless.TokenRevoked, "revoked"),
    (gocardless.TooManyCalls, "too_many_calls"),
    (gocardless.ServerFailed, "server_failed"),
)
_PLACES = frozenset({"currency", "scheme"})


def code_of(error: GoCardlessError) -> str:
    """The code of what a call ran into."""
    found = next((code for kind, code in _BY_TYPE if isinstance(error, kind)), None)
    return found or (_refusal(error) if isinstance(error, ApiRefused) else "refused")


def _refusal(error: ApiRefused) -> str:
    if "verif" in f"{error.message} {error.reason}".lower():
        return "verification"
    if error.type == "validation_failed":
        return "currency_not_enabled" if _PLACES & set(error.fields) else "invalid"
    if error.status == 403:
        return "insufficient_permissions" if "insufficient" in f"{error.reason} {error.message}".lower() else "forbidden"
    return {401: "unauthorized", 404: "not_found"}.get(error.status) or (
        "wrong_state" if error.type == "invalid_state" else "refused"
    )


def words_of(code: str) -> str:
    """Of a problem; an unknown code says nothing."""
    return PROBLEMS.get(code, "")

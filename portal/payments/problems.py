"""What can go wrong with a call, as codes, and what is said about each: what happened and what to do now."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import gocardless
from portal.gocardless import ApiRefused, GoCardlessError

GUIDE = "https://developer.gocardless.com"


@dataclass(frozen=True, slots=True)
class Problem:
    """Words for the person, and the clause that they come from."""

    words: str
    clause: str = ""


PROBLEMS: Mapping[str, Problem] = {
    "not_here": Problem("This portal is not connected to that environment. Ask whoever runs it to set its addresses."),
    "unreachable": Problem("GoCardless could not be reached. Nothing was charged; the run can be started again at any time."),
    "timed_out": Problem(
        "GoCardless did not answer in time. What was asked may have happened: the run asks again with the same key."
    ),
    "not_json": Problem(
        "The answer was no JSON, so it did not come from the API. Check the API's address and what stands between."
    ),
    "revoked": Problem(
        "The access token was revoked, so the connection has ended. Connect the merchant again.",
        f"{GUIDE}/api-reference#api-usage-errors",
    ),
    "unauthorized": Problem(
        "The access token was not accepted. Connect the merchant again.", f"{GUIDE}/api-reference#api-usage-errors"
    ),
    "insufficient_permissions": Problem(
        "The token may only read. Run the connect test again with the scope read_write.",
        f"{GUIDE}/api-reference#api-usage-errors",
    ),
    "forbidden": Problem(
        "This account may not do that yet: the feature is off, or the merchant is not verified. Look at the verification status.",
        f"{GUIDE}/api-reference#api-usage-errors",
    ),
    "verification": Problem(
        "The merchant is not verified yet, so GoCardless refused. Finish verification, then start again.",
        f"{GUIDE}/getting-started/partners/verification",
    ),
    "currency_not_enabled": Problem(
        "This account cannot collect in that currency or with that scheme. Choose another, or have it enabled.",
        f"{GUIDE}/api-reference#core-endpoints-billing-requests",
    ),
    "invalid": Problem("GoCardless refused a value; the answer names the field.", f"{GUIDE}/api-reference#validation-failed"),
    "wrong_state": Problem(
        "That is not possible in the state that the resource is in now.", f"{GUIDE}/api-reference#invalid-state"
    ),
    "not_found": Problem("GoCardless does not know this resource any more; a sandbox may have been emptied."),
    "too_many_calls": Problem(
        "Too many calls in a minute. The run waits a minute and goes on by itself.", f"{GUIDE}/api-reference#rate-limiting"
    ),
    "server_failed": Problem("GoCardless itself failed. Try again in a while."),
    "refused": Problem("GoCardless refused; the answer says why."),
    "flow_expired": Problem(
        "The link for the payer has expired: flows live seven days. Start a new run.",
        f"{GUIDE}/api-reference#core-endpoints-billing-request-flows",
    ),
    "request_cancelled": Problem("The billing request was cancelled, so nothing will be collected. Start a new run."),
    "not_in_time": Problem(
        "The payer did not finish while the run was waiting. The link still works: use Look again afterwards."
    ),
    "payment_failed": Problem("The payment failed. What the bank said stands in the time line."),
    "mandate_failed": Problem("The mandate cannot be used. What the bank said stands in the time line."),
    "connection_ended": Problem("The connection has ended, so there is no token to call with. Connect the merchant again."),
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
    return PROBLEMS[code].words if code in PROBLEMS else ""

"""A tour of ordinary work: connect a merchant, ask for a mandate, take two payments. What every call must look like is seen here."""

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

from portal.exam import hook, merchants
from portal.exam.merchants import NEW
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, Wait, failed, passed, skipped
from portal.exam.rig import Rig
from portal.exam.sandbox import Call
from portal.exam.usage import features
from portal.exam.usage.collecting import api_calls, collect

CONNECTING, TOUR = "usage.connecting", "usage.tour"
VERSION = "GoCardless-Version"
AMOUNTS = (1101, 1102)
CREATES = frozenset(
    {
        "/billing_requests", "/creditors", "/customer_bank_accounts", "/customers", "/instalment_schedules", "/mandates", "/payments",
        "/redirect_flows", "/refunds", "/subscriptions",
    }
)  # fmt: skip
"""Creations that GoCardless recognises by their idempotency key (reference: Idempotency)."""
CLOSED = {
    "/redirect_flows": "redirect flows",
    "/mandates": "mandates made directly",
    "/customer_bank_accounts": "bank accounts made directly",
}
"""What billing requests have taken the place of."""
ASK = "In your product, ask a payer of the merchant {organisation} for a mandate."
MISPLACED = ("invalid_authorization_header", "missing_authorization_header")
SHOWN = 5


def connecting(rig: Rig) -> Observation:
    """A merchant whose verification is open: what is asked about it once it is connected."""
    since = merchants.begin(rig) if not rig.settings.connect_url else rig.levers.mark()
    merchant = merchants.connected(rig, NEW if rig.settings.connect_url else merchants.MAIN, verified=False)
    mine = merchant.organisation_id
    found = rig.levers.wait_for_call(
        lambda call: call.organisation_id == mine and _reads_creditor(call), rig.limits.follow, since=since
    )
    return {"read": found.path if found else ""}


def _reads_creditor(call: Call) -> bool:
    return call.method == "GET" and (call.path == "/creditors" or call.path.startswith("/creditors/"))


def tour(rig: Rig) -> Observation:
    merchant = merchants.connected(rig)
    since = rig.carried.setdefault("tour", rig.levers.mark())
    _ask_for_mandate(rig, merchant, since)
    for amount in AMOUNTS:
        collect(rig, amount)
    return look(api_calls(rig.levers.calls(merchants.begin(rig))))


def _ask_for_mandate(rig: Rig, merchant: merchants.Merchant, since: int) -> None:
    if rig.settings.action_url:
        if not rig.carried.get("asked"):
            hook.order(rig, "mandate", organisation_id=merchant.organisation_id)
            rig.carried["asked"] = True
    elif not rig.levers.wait_for_call(_asks, 0, since=since):
        raise Wait("You", ASK.format(organisation=merchant.organisation_id))


def _asks(call: Call) -> bool:
    return call.method == "POST" and call.path in {"/billing_requests", *CLOSED}


def look(calls: Iterable[Call]) -> dict[str, Any]:
    """What is worth knowing of these calls."""
    calls = list(calls)
    creates = [call for call in calls if call.method == "POST" and call.path in CREATES]
    return {
        "calls": len(calls),
        "creates": len(creates),
        "requests": sum(call.path == "/billing_requests" for call in creates),
        "unversioned": _named(call for call in calls if not call.header(VERSION)),
        "misplaced": _named(call for call in calls if _misplaced(call)),
        "keyless": _named(call for call in creates if not call.header("Idempotency-Key")),
        "shared": _named(second for first, second in combinations(creates, 2) if _share(first, second)),
        "closed": _named(call for call in creates if call.path in CLOSED),
    } | features.asked_for(calls)


def _named(calls: Iterable[Call]) -> list[str]:
    return list(dict.fromkeys(f"{call.method} {call.path}" for call in calls))[:SHOWN]


def _misplaced(call: Call) -> bool:
    """A token in the address, or under another scheme than Bearer."""
    errors = (call.answer.get("error") or {}).get("errors") or [] if call.status == 401 else []
    return any(name in ("access_token", "token") for name, _ in call.asked) or any(
        one.get("reason") in MISPLACED for one in errors
    )


def _share(first: Call, second: Call) -> bool:
    """One key for two different wishes."""
    key = first.header("Idempotency-Key")
    return (
        bool(key)
        and first.path == second.path
        and key == second.header("Idempotency-Key")
        and first.document != second.document
    )


def judge_verification(seen: Observation) -> Judgement:
    if seen["read"]:
        return passed("The creditor was read after connecting.", f"GET {seen['read']}")
    return failed("The creditor was not read after connecting, so nobody knows whether the merchant is verified.")


def none_of(name: str, good: str, bad: str, *, among: str = "calls") -> Callable[[Observation], Judgement]:
    """Judges whether the list of this name is empty, where there was anything to look at."""

    def judge(seen: Observation) -> Judgement:
        if not seen[among]:
            return skipped("The API saw no such call.")
        return failed(bad, ", ".join(seen[name])) if seen[name] else passed(good.format(seen[among]))

    return judge


def judge_requests(seen: Observation) -> Judgement:
    if seen["closed"]:
        return failed("Mandates are not asked for by billing requests.", ", ".join(seen["closed"]))
    if not seen["requests"]:
        return skipped("No mandate was asked for.")
    return passed("The mandate was asked for by a billing request.")


EXPERIMENTS = (
    Experiment(CONNECTING, Family.USAGE, connecting, waits="a person who connects a merchant"),
    Experiment(TOUR, Family.USAGE, tour, waits="a person who asks for a mandate and takes payments"),
)


def _check(
    name: str, title: str, expected: str, why: str, judge: Callable[[Observation], Judgement], *needs: str, guide: str = "api-ref",
) -> Check:  # fmt: skip
    return Check(
        id=f"usage.{name}", family=Family.USAGE, title=title, expected=expected, why=why, guide=guide, experiment=TOUR, judge=judge,
        needs=tuple(f"usage.{one}" for one in needs),
    )  # fmt: skip


CHECKS = (
    _check(
        "bearer_header", "The access token travels in its header only",
        "Each call carries the token as Authorization: Bearer, and in no address.",
        "Addresses end in logs and histories, and a token does not expire.",
        none_of("misplaced", "{} calls carried it in the header.", "The token did not come as Authorization: Bearer."),
    ),
    _check(
        "version_header", "Each call names the version of the API", "The header GoCardless-Version is in every call.",
        "Without it the API refuses the call; with it nothing changes under your feet.",
        none_of("unversioned", "{} calls named it.", "The header GoCardless-Version was missing."), "bearer_header",
    ),
    Check(
        id="usage.verification_read", family=Family.USAGE, experiment=CONNECTING, judge=judge_verification, guide="verify",
        title="The verification status is read after connecting",
        expected="As soon as a merchant has connected, their creditor is read.",
        why="A merchant who is not verified is paid nothing out, and should hear that from you at once.",
    ),
    _check(
        "billing_requests", "Mandates are asked for by billing requests", "A new mandate begins with POST /billing_requests.",
        "Redirect flows and mandates made directly are closed to new integrations.",
        judge_requests, "version_header", guide="mandates",
    ),
    _check(
        "idempotency_keys", "Each creation carries an idempotency key", "Every POST that creates something has the header Idempotency-Key.",
        "When an answer gets lost, the key alone keeps a second try from taking the money twice.",
        none_of("keyless", "{} creations carried one.", "The header Idempotency-Key was missing.", among="creates"), "version_header",
    ),
    _check(
        "keys_differ", "Each wish has an idempotency key of its own", "Two different payments never share a key.",
        "With a key that was used before the second payment is never taken.",
        none_of("shared", "None of {} creations shared a key with another.", "One key was used for two different wishes.", among="creates"),
        "idempotency_keys",
    ),
)  # fmt: skip

"""What the product asks for when it collects: money at all, retries by Success+, payers who are verified. Seen on the tour."""

from collections.abc import Iterable
from typing import Any

from portal.exam.nouns import Check, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.sandbox import Call

TOUR = "usage.tour"
KINDS = {"/payments": "payments", "/subscriptions": "subscriptions", "/instalment_schedules": "instalment_schedules"}
CREATED = 201


def asked_for(calls: Iterable[Call]) -> dict[str, Any]:
    """The ways of collecting that the API took, those of them without Success+, and how payers were to be verified."""
    made = [(KINDS[call.path], _sent(call, KINDS[call.path])) for call in calls if _created(call) and call.path in KINDS]
    requests = [_sent(call, "billing_requests") for call in calls if _created(call) and call.path == "/billing_requests"]
    mandates = [one["mandate_request"] for one in requests if isinstance(one.get("mandate_request"), dict)]
    return {
        "collected": sorted({kind for kind, _ in made}),
        "unretried": sorted({kind for kind, sent in made if str(sent.get("retry_if_possible")).lower() != "true"}),
        "verify": [str(one.get("verify") or "") for one in mandates],
    }


def _created(call: Call) -> bool:
    return call.method == "POST" and call.status == CREATED


def _sent(call: Call, envelope: str) -> dict[str, Any]:
    sent = call.document.get(envelope)
    return sent if isinstance(sent, dict) else {}


def judge_collected(seen: Observation) -> Judgement:
    if not seen["collected"]:
        return failed("A payment was asked for, and the API took none.")
    return passed(f"The API took what was asked for: {_kinds(seen['collected'])}.")


def judge_retries(seen: Observation) -> Judgement:
    if seen["unretried"]:
        return failed(f"retry_if_possible was not set on {_kinds(seen['unretried'])}: Success+ does nothing there.")
    return passed(f"retry_if_possible was set on {_kinds(seen['collected'])}.")


def judge_verify(seen: Observation) -> Judgement:
    if not seen["verify"]:
        return skipped("No mandate was asked for.")
    if "minimum" in seen["verify"]:
        return failed("verify was minimum: payers are verified only where the scheme demands it, and that is not Protect+.")
    said = sorted({value or "left out" for value in seen["verify"]})
    return passed(f"verify was {' and '.join(said)}.")


def _kinds(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


CHECKS = (
    Check(
        id="usage.collects", family=Family.USAGE, experiment=TOUR, judge=judge_collected, guide="payments",
        needs=("usage.version_header",),
        title="A payment is taken",
        expected="Asked for a payment, your product creates one that the API takes.",
        why="Everything else about payments builds on it.",
    ),
    Check(
        id="usage.retry_if_possible", family=Family.USAGE, experiment=TOUR, judge=judge_retries, guide="success",
        needs=("usage.collects",),
        title="Success+ may retry what fails",
        expected="Payments, subscriptions and instalment schedules are created with retry_if_possible.",
        why="Without the flag a failed payment stays failed, whatever the merchant has switched on.",
    ),
    Check(
        id="usage.payers_verified", family=Family.USAGE, experiment=TOUR, judge=judge_verify, guide="vm",
        needs=("usage.billing_requests",),
        title="Payers are verified where it is worth it",
        expected="verify of a mandate request is recommended, when_available, always, or left out.",
        why="With minimum, Protect+ never asks a risky payer to prove that the account is theirs.",
    ),
)  # fmt: skip

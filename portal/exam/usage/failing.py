"""The API stumbles while a payment is taken: one call fails, one answer gets lost, one call comes too often."""

from datetime import datetime
from math import ceil
from typing import Any

from portal.exam.merchants import MAIN
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped, warned
from portal.exam.rig import Rig
from portal.exam.sandbox import Call
from portal.exam.usage.collecting import Collected, collect, existing, of_amount

FAILING, LOST, LIMITED = "usage.failing", "usage.lost", "usage.limited"
KEY = "Idempotency-Key"
PAUSE = 1
"""Seconds that the API asks for after 429: up to one more, for its header has whole seconds."""
TOLERANCE = 0.25
"""Seconds that two clocks may differ."""
NOT_MET = "No call that creates a payment was seen, so none could be made to fail."


def fail(rig: Rig) -> Observation:
    """The first call that creates the payment is answered with 500, and nothing has happened."""
    return _tries(collect(rig, 1103, fault="500"))


def lose(rig: Rig) -> Observation:
    """The payment is created, but the answer is a 500."""
    found = collect(rig, 1104, fault="lost")
    return _tries(found) | {"existing": existing(rig, MAIN, 1104)}


def limit(rig: Rig) -> Observation:
    """The first call is answered with 429; RateLimit-Reset says when to come again."""
    found = collect(rig, 1105, fault="429", seconds=PAUSE)
    first = next((call for call in found.calls if call.status == 429), None)
    if first is None:
        return {"limited": False, "hook": found.hook}
    until = ceil(_began(first) + PAUSE)
    following = rig.levers.wait_for_call(
        lambda call: of_amount(call, 1105) and call.number > first.number, PAUSE + 1 + rig.limits.follow, since=found.since
    )
    early = following is not None and _began(following) < until - TOLERANCE
    return {
        "limited": True,
        "again": following is not None,
        "early": early,
        "waited": _waited(first, following),
        "message": found.message,
    }


def _waited(first: Call, following: Call | None) -> float:
    return round(_began(following) - _began(first), 2) if following else 0.0


def _began(call: Call) -> float:
    """When it began, as the sandbox's clock on the wall said."""
    return datetime.fromisoformat(call.at).timestamp() - call.milliseconds / 1000


def _tries(found: Collected) -> dict[str, Any]:
    """Each attempt, and whether its key was that of the first."""
    first = found.calls[0].header(KEY) if found.calls else ""
    return {
        "tries": [{"status": call.status, "same": call.header(KEY) == first} for call in found.calls],
        "message": found.message,
    }


def judge_reused(seen: Observation) -> Judgement:
    tries = seen["tries"]
    if not tries or tries[0]["status"] != 500:
        return skipped(NOT_MET)
    if len(tries) == 1:
        return skipped("After the failure it was not tried again, so there is no second key to compare.")
    if not all(one["same"] for one in tries):
        return failed("After a failure it was tried again with another idempotency key.")
    return passed(f"After a failure it was tried again with the same key ({len(tries)} calls).")


def judge_lost(seen: Observation) -> Judgement:
    tries = seen["tries"]
    if not tries or tries[0]["status"] != 500:
        return skipped(NOT_MET)
    if seen["existing"] > 1:
        return failed(f"When the answer got lost, the payment was taken {seen['existing']} times.")
    if len(tries) == 1:
        return warned(
            "The payment was taken once, but nobody looked whether it was there when the answer got lost.", seen["message"]
        )
    return passed(f"When the answer got lost, {len(tries)} calls took one payment.")


def judge_limited(seen: Observation) -> Judgement:
    if not seen["limited"]:
        return skipped(NOT_MET)
    if seen["early"]:
        return failed(
            f"After 429 it was tried again within {seen['waited']:.2f} seconds, before the time that RateLimit-Reset named."
        )
    if not seen["again"]:
        return warned("After 429 it was not tried again, so that somebody has to do it anew.", seen["message"])
    return passed(f"After 429 it was tried again as RateLimit-Reset said, {seen['waited']:.1f} seconds later.")


EXPERIMENTS = (
    Experiment(FAILING, Family.USAGE, fail, waits="a person who takes a payment"),
    Experiment(LOST, Family.USAGE, lose, waits="a person who takes a payment"),
    Experiment(LIMITED, Family.USAGE, limit, waits="a person who takes a payment"),
)
CHECKS = (
    Check(
        id="usage.key_reused", family=Family.USAGE, experiment=FAILING, judge=judge_reused, guide="api-ref", negative=True,
        needs=("usage.keys_differ",),
        title="A second try carries the same key",
        expected="When a creation fails with 500 and is tried again, its idempotency key is the same.",
        why="A new key for each try makes a new payment each time.",
    ),
    Check(
        id="usage.lost_answer", family=Family.USAGE, experiment=LOST, judge=judge_lost, guide="api-ref", negative=True,
        needs=("usage.key_reused",),
        title="A lost answer takes no money twice",
        expected="When a payment was created but the answer got lost, there is one payment in the end.",
        why="The error idempotent_creation_conflict names the payment that is there already: go on with that.",
    ),
    Check(
        id="usage.backs_off", family=Family.USAGE, experiment=LIMITED, judge=judge_limited, guide="api-ref", negative=True,
        needs=("usage.version_header",),
        title="After 429 the next try waits",
        expected="After 429 nothing is tried again before the time in RateLimit-Reset.",
        why="Trying again at once makes it worse for all merchants of yours.",
    ),
)  # fmt: skip

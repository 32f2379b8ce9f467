"""The API refuses a payment for good: it is not asked again, and the user learns why."""

from typing import Any

from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.rig import Rig
from portal.exam.usage.collecting import collect

STATE, INVALID = "usage.state", "usage.invalid"
FIELD, TOLD = "description", "is too long"
"""What the sandbox finds wrong (docs/sandbox.md, faults)."""
REFUSED = 422


def state(rig: Rig) -> Observation:
    return _refused(rig, 1106, "invalid_state")


def invalid(rig: Rig) -> Observation:
    return _refused(rig, 1107, "validation_failed")


def _refused(rig: Rig, amount: int, fault: str) -> dict[str, Any]:
    found = collect(rig, amount, fault=fault)
    calls = [call.status for call in found.calls]
    return {"calls": calls, "hook": found.hook, "message": found.message, "shown": _shown(found.message)}


def _shown(message: str) -> bool:
    """The field, or what is wrong with it."""
    return FIELD in message.lower() or TOLD in message.lower()


def judge_once(seen: Observation) -> Judgement:
    calls = seen["calls"]
    if not calls or calls[0] != REFUSED:
        return skipped("No call that creates a payment was seen, so none could be refused.")
    if len(calls) > 1:
        return failed(f"The same call was made {len(calls)} times, although the first answer was final.")
    return passed("It was asked once.")


def judge_shown(seen: Observation) -> Judgement:
    if seen["hook"] is None:
        return skipped("Only a test hook tells what the user was shown.")
    if not seen["calls"] or seen["calls"][0] != REFUSED:
        return skipped("No call that creates a payment was seen, so none could be refused.")
    if seen["shown"]:
        return passed("The user was told what is wrong.", seen["message"])
    if seen["hook"] >= 500 or not seen["hook"]:
        return failed(f"The user was told nothing: the test hook answered {seen['hook'] or 'nothing'}.")
    return failed(f"The user was not told that the {FIELD} {TOLD}.", seen["message"])


EXPERIMENTS = (
    Experiment(STATE, Family.USAGE, state, waits="a person who takes a payment"),
    Experiment(INVALID, Family.USAGE, invalid, waits="a person who takes a payment"),
)
CHECKS = (
    Check(
        id="usage.invalid_state_once", family=Family.USAGE, experiment=STATE, judge=judge_once, guide="api-ref", negative=True,
        needs=("usage.version_header",),
        title="What is refused as invalid_state is not tried again",
        expected="After invalid_state the same call is not made again.",
        why="The state of a mandate does not change by asking again.",
    ),
    Check(
        id="usage.validation_once", family=Family.USAGE, experiment=INVALID, judge=judge_once, guide="api-ref", negative=True,
        needs=("usage.invalid_state_once",),
        title="What is refused as validation_failed is not tried again",
        expected="After validation_failed the same call is not made again.",
        why="What is wrong stays wrong until a person has changed it.",
    ),
    Check(
        id="usage.validation_shown", family=Family.USAGE, experiment=INVALID, judge=judge_shown, guide="api-ref",
        needs=("usage.version_header",), settings=("action_url",),
        title="Users are shown what is wrong",
        expected="After validation_failed the user is shown the field, or the words of the API about it.",
        why="“Something went wrong” leaves people stuck with a mistake that they could mend.",
    ),
)  # fmt: skip

"""A merchant takes back their consent: the last webhook about them has no event id, and their token is good for nothing."""

import time

from portal.exam import hook, merchants
from portal.exam.endpoint import delivering, events
from portal.exam.endpoint.delivering import taken
from portal.exam.endpoint.first import NEEDED
from portal.exam.merchants import LEAVING
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.rig import Rig

LEFT = "endpoint.left"
PAUSE, LONGEST_PAUSE = 0.03, 0.4


def leave(rig: Rig) -> Observation:
    return left(rig)


def left(rig: Rig) -> Observation:
    """Made once in a run: `answer` to the webhook, and whether the test hook still calls the merchant connected (None: it does not say)."""
    kept: Observation | None = rig.carried.get("left")
    if kept is None:
        merchant = merchants.connected(rig, LEAVING)
        rig.levers.disconnect(merchant.organisation_id, tell=False)
        answer = delivering.tell(
            rig, "The last webhook of a merchant, without an event id", events.disconnected(merchant.organisation_id)
        )
        kept = rig.carried["left"] = {
            "answer": answer,
            "connected": _still(rig, merchant.organisation_id) if taken(answer) else None,
        }
    return kept


def _still(rig: Rig, organisation: str) -> bool | None:
    """Whether they are still called connected, once there was time to notice."""
    end, pause = time.monotonic() + rig.limits.follow, PAUSE
    while True:
        connected = hook.status(rig, organisation_id=organisation).get("connected")
        left = end - time.monotonic()
        if connected is not True or left <= 0:
            return connected if isinstance(connected, bool) else None
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)


def judge_survived(seen: Observation) -> Judgement:
    answer = seen["answer"]
    if answer.get("unsent"):
        return skipped(answer["problem"])
    if taken(answer):
        return passed(f"The webhook was taken ({answer['status']}).")
    return failed(f"An event without an id was answered with {answer['status'] or 'nothing'}.", answer.get("problem", ""))


def judge_noticed(seen: Observation) -> Judgement:
    if seen["connected"] is None:
        return skipped("Nothing shows whether the merchant is still called connected: there is no test hook that says.")
    if seen["connected"]:
        return failed("Your product still calls the merchant connected.")
    return passed("Your product no longer calls the merchant connected.")


EXPERIMENTS = (Experiment(LEFT, Family.ENDPOINT, leave, NEEDED),)
CHECKS = (
    Check(
        id="endpoint.disconnected_taken", family=Family.ENDPOINT, experiment=LEFT, judge=judge_survived, guide="connect", negative=True,
        needs=("endpoint.signed",),
        title="An event without an id is survived",
        expected="The webhook organisations/disconnected, whose event has the id null, is answered with a 2xx.",
        why="It is the one event without an id, and the last that you hear of a merchant.",
    ),
    Check(
        id="endpoint.disconnected_noticed", family=Family.ENDPOINT, experiment=LEFT, judge=judge_noticed, guide="connect",
        needs=("endpoint.disconnected_taken", "endpoint.acts"), settings=("action_url",),
        title="A merchant who left is no longer connected",
        expected="After organisations/disconnected your product no longer calls the merchant connected.",
        why="The token is good for nothing from then on, and the merchant wants to see that they have left.",
    ),
)  # fmt: skip

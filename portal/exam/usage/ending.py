"""A merchant has gone: with notice, the API is not called for them any more; without, one 401 is enough to understand."""

import time
from typing import Any

from portal.exam import hook, merchants
from portal.exam.endpoint import leaving
from portal.exam.endpoint.first import NEEDED
from portal.exam.merchants import REVOKED, Merchant
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped, warned
from portal.exam.rig import Rig, document
from portal.exam.usage.collecting import api_calls

STOPPING, REVOKING = "usage.stopping", "usage.revoked"
AMOUNT = 1108
ENOUGH = 2
"""Calls with a dead token that may follow from one wish: the one that fails, and one more to be certain."""


def stop(rig: Rig) -> Observation:
    """After organisations/disconnected a payment is asked for all the same."""
    before = leaving.left(rig)
    merchant = merchants.connected(rig, merchants.LEAVING)
    return {"connected": before["connected"], **_wish(rig, merchant)}


def revoke(rig: Rig) -> Observation:
    """The token is revoked, but no webhook has said so yet."""
    merchant = merchants.connected(rig, REVOKED)
    merchants.mandate(rig, merchant)
    rig.levers.disconnect(merchant.organisation_id, tell=False)
    return {"first": _wish(rig, merchant), "second": _wish(rig, merchant)}


def _wish(rig: Rig, merchant: Merchant) -> dict[str, Any]:
    """Ask for a payment; how many calls that makes for this merchant, and what the user is told."""
    since = rig.levers.mark()
    mandate = merchants.mandate(rig, merchant)
    said = hook.order(
        rig, "collect", organisation_id=merchant.organisation_id, amount=AMOUNT, currency="GBP", mandate_id=mandate
    )
    time.sleep(rig.limits.settle)
    calls = [call for call in api_calls(rig.levers.calls(since)) if call.organisation_id == merchant.organisation_id]
    return {
        "calls": len(calls),
        "statuses": [call.status for call in calls],
        "hook": said.status,
        "message": str(document(said).get("message") or ""),
    }


def judge_stopped(seen: Observation) -> Judgement:
    if seen["connected"]:
        return skipped("Your product has not noticed that the merchant left, which is a check of its own.")
    if seen["calls"]:
        many = "once more" if seen["calls"] == 1 else f"{seen['calls']} more times"
        return failed(f"After the merchant had left, the API was called for them {many}.")
    return passed("After the merchant had left, the API was not called for them any more.", seen["message"])


def judge_revoked(seen: Observation) -> Judgement:
    first, second = seen["first"], seen["second"]
    if not first["calls"]:
        return skipped("No call with the revoked token was seen.")
    if first["calls"] > ENOUGH:
        return failed(f"A token that is refused with 401 was used {first['calls']} times for one payment.")
    if first["hook"] is None or first["hook"] >= 500:
        return failed(f"A token that is refused with 401 broke something: the test hook answered {first['hook'] or 'nothing'}.")
    if second["calls"] > ENOUGH:
        return warned("A token that is refused with 401 is used again for the next payment, and again.")
    return passed("A refused token was not used again and again.", first["message"])


EXPERIMENTS = (
    Experiment(STOPPING, Family.USAGE, stop, (*NEEDED, "connect_url", "action_url")),
    Experiment(REVOKING, Family.USAGE, revoke, ("connect_url", "action_url")),
)
CHECKS = (
    Check(
        id="usage.stops", family=Family.USAGE, experiment=STOPPING, judge=judge_stopped, guide="connect", negative=True,
        needs=("endpoint.disconnected_noticed",),
        title="No calls for a merchant who has left",
        expected="After organisations/disconnected the API is not called for the merchant, even if somebody asks for a payment.",
        why="The token is good for nothing; forget it, and tell the user instead.",
    ),
    Check(
        id="usage.survives_401", family=Family.USAGE, experiment=REVOKING, judge=judge_revoked, guide="api-ref", negative=True,
        needs=("usage.invalid_state_once",),
        title="A refused token is not tried again and again",
        expected="After 401 the call is not repeated, and the user gets an answer.",
        why="Sometimes the token ends before the webhook about it comes. Nothing but a new connection will mend that.",
    ),
)  # fmt: skip

"""Reading: the resource behind an event, the new status of a creditor, and lists to their end."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from portal.exam import hook, merchants
from portal.exam.endpoint import acting, delivering, events
from portal.exam.endpoint.first import NEEDED
from portal.exam.merchants import NEW, Merchant
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, Wait, failed, passed, skipped
from portal.exam.rig import Rig, document

FETCHING, VERIFIED, LISTING = "usage.fetching", "usage.verified", "usage.listing"
MANY = 520
"""Payments: more than the largest page of a list holds (500)."""
DEFAULT_PAGE = 50
PAUSE, LONGEST_PAUSE = 0.03, 0.4
STATUSES = ("successful", "action_required")
LIST = "In your product, open the list of all payments of the merchant {organisation}."


def fetch(rig: Rig) -> Observation:
    merchant, since = merchants.connected(rig), rig.levers.mark()
    event = acting.of(rig, merchant)
    answer = delivering.tell(rig, "A webhook about a payment, to see whether it is fetched", event)
    path = f"/payments/{event['links']['payment']}"
    found = rig.levers.wait_for_call(lambda call: call.method == "GET" and call.path == path, rig.limits.follow, since=since)
    return {"answer": answer, "fetched": found is not None}


def verify(rig: Rig) -> Observation:
    """The creditor becomes verified, and then has to give more details: does each change arrive?"""
    merchant = merchants.connected(rig, NEW, verified=False)
    return {"arrived": {wanted: _changed(rig, merchant, wanted) for wanted in STATUSES}}


def _changed(rig: Rig, merchant: Merchant, wanted: str) -> bool:
    """By what the test hook says of the merchant, or by a look at the creditor after the event."""
    since = rig.levers.mark()
    simulated = {"data": {"links": {"resource": merchant.creditor_id}}}
    path = f"/scenario_simulators/creditor_verification_status_{wanted}/actions/run"
    rig.levers.own_call(merchant.organisation_id, "POST", path, simulated)
    links = {"creditor": merchant.creditor_id, "organisation": merchant.organisation_id}
    event = events.event("creditors", "updated", links)
    event["details"] |= {"property": "verification_status"}
    delivering.tell(rig, f"A webhook about a creditor whose status has become {wanted}", event)
    known = partial(hook.status, rig, organisation_id=merchant.organisation_id)
    if "verification_status" in known():
        return _until(rig, lambda: known().get("verification_status") == wanted)
    creditors = ("/creditors", f"/creditors/{merchant.creditor_id}")
    return bool(
        rig.levers.wait_for_call(lambda call: call.method == "GET" and call.path in creditors, rig.limits.follow, since=since)
    )


def _until(rig: Rig, happened: Callable[[], bool]) -> bool:
    end, pause = time.monotonic() + rig.limits.follow, PAUSE
    while not (found := happened()) and (left := end - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
    return found


def read_list(rig: Rig) -> Observation:
    """More payments than any page holds."""
    merchant = merchants.connected(rig)
    if "listing" not in rig.carried:
        merchants.payments(rig, merchant, MANY)
        rig.carried["listing"] = rig.levers.mark()
    since, said = rig.carried["listing"], {}
    if rig.settings.action_url:
        said = document(hook.order(rig, "list", organisation_id=merchant.organisation_id))
    elif not _pages(rig, merchant, since):
        raise Wait("You", LIST.format(organisation=merchant.organisation_id))
    else:
        _until(rig, lambda: _reached(_pages(rig, merchant, since)) >= MANY)
    pages = _pages(rig, merchant, since)
    return {"pages": len(pages), "reached": _reached(pages), "count": said.get("count"), "there": _there(rig, merchant)}


def _pages(rig: Rig, merchant: Merchant, since: int) -> dict[str, int]:
    """The pages of the list that were asked for: how many each holds at most, by its cursor."""
    found = [
        call for call in rig.levers.calls(since) if call.method == "GET" and call.path == "/payments" and call.status == 200
    ]
    mine = [dict(call.asked) for call in found if call.organisation_id == merchant.organisation_id]
    return {asked.get("after", "") or asked.get("before", ""): _limit(asked) for asked in mine}


def _limit(asked: dict[str, str]) -> int:
    limit = asked.get("limit", "")
    return int(limit) if limit.isdecimal() else DEFAULT_PAGE


def _reached(pages: dict[str, int]) -> int:
    return sum(pages.values())


def _there(rig: Rig, merchant: Merchant) -> int:
    many, after = 0, ""
    while True:
        page: dict[str, Any] = rig.levers.own_call(merchant.organisation_id, "GET", f"/payments?limit=500{after}")
        many += len(page["payments"])
        if not page["meta"]["cursors"]["after"]:
            return many
        after = f"&after={page['meta']['cursors']['after']}"


def judge_fetched(seen: Observation) -> Judgement:
    if not delivering.taken(seen["answer"]):
        return skipped("The webhook was not taken.")
    if seen["fetched"]:
        return passed("After the event the payment was fetched from the API.")
    return failed("After the event the payment was not fetched: what the event says is believed, however old it is.")


def judge_verified(seen: Observation) -> Judgement:
    missed = [name for name, arrived in seen["arrived"].items() if not arrived]
    if missed:
        return failed(f"The new verification status was not taken over: {' and '.join(missed)}.")
    return passed("Each new verification status was taken over.")


def judge_listing(seen: Observation) -> Judgement:
    count, there, pages = seen["count"], seen["there"], seen["pages"]
    if not pages:
        return skipped("No list of payments was asked for.")
    if isinstance(count, int) and count != there:
        return failed(f"Of {there} payments {count} were read, in {pages} pages.")
    if seen["reached"] < there:
        return failed(f"Of {there} payments at most {seen['reached']} were read: the list was left after {pages} pages.")
    return passed(f"All {there} payments were read, in {pages} pages.")


EXPERIMENTS = (
    Experiment(FETCHING, Family.USAGE, fetch, NEEDED),
    Experiment(VERIFIED, Family.USAGE, verify, (*NEEDED, "connect_url")),
    Experiment(LISTING, Family.USAGE, read_list, waits="a person who opens a list of payments"),
)
CHECKS = (
    Check(
        id="usage.fetches", family=Family.USAGE, experiment=FETCHING, judge=judge_fetched, guide="webhooks",
        needs=("endpoint.signed", "endpoint.acts"),
        title="The resource is fetched after an event",
        expected="After an event about a payment the payment is read from the API.",
        why="Events come late, twice and out of order. What the API says is true now.",
    ),
    Check(
        id="usage.verification_followed", family=Family.USAGE, experiment=VERIFIED, judge=judge_verified, guide="verify",
        needs=("endpoint.signed", "usage.version_header"),
        title="Changes of verification are followed",
        expected="After creditors/updated the merchant's new status is known: verified, and later when more details are asked for.",
        why="A verified merchant may have to give more details later, and is paid nothing out until then.",
    ),
    Check(
        id="usage.lists_whole", family=Family.USAGE, experiment=LISTING, judge=judge_listing, guide="api-ref", negative=True,
        needs=("usage.version_header",),
        title="Lists are read to their end",
        expected=f"Of {MANY} payments all are read, page by page, following meta.cursors.after.",
        why="A page holds 50 records and 500 at most. Whoever reads one page never sees the rest.",
    ),
)  # fmt: skip

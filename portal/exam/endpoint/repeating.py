"""Webhooks that come again, or in the wrong order: acted on once, and in the end rightly."""

from typing import Any

from portal.exam import merchants
from portal.exam.endpoint import acting, delivering, events
from portal.exam.endpoint.acting import Acts
from portal.exam.endpoint.delivering import Answered, taken
from portal.exam.endpoint.first import NEEDED
from portal.exam.merchants import Merchant
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped, warned
from portal.exam.rig import Rig

REPEATED, ORDER, RETRY = "endpoint.repeated", "endpoint.order", "endpoint.retry"
HOUR = 3600.0
OUTAGE = 60
"""Calls that fail while the API is down."""
RECOVERY = 10.0
"""Seconds for somebody's queue to come back to an event, when others are shortened."""
BLIND = "Nothing shows whether an event was acted on."


def repeat(rig: Rig) -> Observation:
    """The same webhook twice, then its event once more within another webhook."""
    merchant, since = merchants.connected(rig), rig.levers.mark()
    event = acting.of(rig, merchant)
    body = events.webhook(event)
    answers = [delivering.signed(rig, body, "A webhook, for the first time")]
    seen = [acting.wait(rig, event, since)]
    answers.append(delivering.signed(rig, body, "The same webhook again"))
    seen.append(_after(rig, merchant, event, since))
    answers.append(delivering.tell(rig, "The same event within another webhook", events.of_payment(), event))
    seen.append(_after(rig, merchant, event, since))
    return {"answers": answers, "acts": seen}


def _after(rig: Rig, merchant: Merchant, event: events.Json, since: int) -> Acts:
    """What there is to see once everything that came before had its turn."""
    acting.fence(rig, merchant)
    return acting.acts(rig, event, since)


def reorder(rig: Rig) -> Observation:
    """The later event first, and then the one that happened an hour before."""
    merchant, since = merchants.connected(rig), rig.levers.mark()
    later = acting.of(rig, merchant, "submitted")
    links = later["links"]
    earlier = events.of_payment("created", payment=links["payment"], organisation=links["organisation"], ago=HOUR)
    answers = [delivering.tell(rig, "The later of two events", later)]
    acting.wait(rig, later, since)
    between = rig.levers.mark()
    answers.append(delivering.tell(rig, "The earlier of the two, which comes late", earlier))
    return {"answers": answers, "acts": acting.wait(rig, earlier, between)}


def retry(rig: Rig) -> Observation:
    """The API is down while a webhook comes; then it is back, and the webhook comes again, as GoCardless would send it."""
    merchant, since = merchants.connected(rig), rig.levers.mark()
    event = acting.of(rig, merchant)
    body, payment = events.webhook(event), event["links"]["payment"]
    levers, app = rig.levers, rig.app.client_id
    levers.fault(merchant.organisation_id, "500", count=OUTAGE, only_method="GET", only_resource="payments", only_app=app)
    try:
        answers = [delivering.signed(rig, body, "A webhook, while the API is down")]
        failing = levers.wait_for_call(lambda call: call.path == f"/payments/{payment}", rig.limits.follow, since=since)
    finally:
        levers.fault(merchant.organisation_id, "none")
    back = levers.mark()
    answers.append(delivering.signed(rig, body, "The same webhook again, with the API back"))
    well = levers.wait_for_call(
        lambda call: call.path == f"/payments/{payment}" and call.status == 200, max(rig.limits.follow, RECOVERY), since=back
    ) if failing else None  # fmt: skip
    return {"answers": answers, "failing": bool(failing), "acted": bool(well)}


def judge_repeated(seen: Observation) -> Judgement:
    return _once(seen, 1, "The same webhook came twice")


def judge_elsewhere(seen: Observation) -> Judgement:
    return _once(seen, 2, "The event came again within another webhook")


def _once(seen: Observation, number: int, words: str) -> Judgement:
    """`number` of the delivery that must have had no effect."""
    answer: Answered = seen["answers"][number]
    first, before, now = (seen["acts"][n] for n in (0, number - 1, number))
    if answer.get("unsent") or not acting.acted(first):
        return skipped(BLIND)
    if not taken(answer):
        return failed(
            f"{words}, and was answered with {answer['status'] or 'nothing'}: GoCardless would send it again and again."
        )
    if _again(before, now):
        return failed(f"{words}, and it was acted on again.", _counted(now))
    return passed(f"{words}, and was acted on once.", _counted(now))


def _again(before: Acts, now: Acts) -> bool:
    """The hook knows best; without it, what is fetched again was acted on again."""
    name = "fetched" if now["handled"] is None else "handled"
    return bool(now[name] > (before[name] or 0))


def _counted(now: Acts) -> str:
    name = "fetched" if now["handled"] is None else "handled"
    return f"{name} once" if now[name] == 1 else f"{name} {now[name]} times"


def judge_order(seen: Observation) -> Judgement:
    refused = next((answer for answer in seen["answers"] if not taken(answer)), None)
    acts: dict[str, Any] = seen["acts"]
    if refused is not None and refused.get("unsent"):
        return skipped(refused["problem"])
    if refused is not None:
        return failed(f"One of two events in the wrong order was answered with {refused['status'] or 'nothing'}.")
    if acts["fetched"]:
        return passed("The payment was fetched again when the earlier event came late, so that its real status counts.")
    if acts["handled"] == 0:
        return passed("The earlier event, which came late, was left alone.")
    if acts["handled"] is None:
        return skipped(BLIND)
    return warned(
        "The earlier event, which came late, was acted on without looking at the payment. It may have undone a newer status."
    )


def judge_retry(seen: Observation) -> Judgement:
    if not seen["failing"]:
        return skipped("Your product did not ask the API about the payment, so it could not be made to fail.")
    first = seen["answers"][0]["status"]
    if seen["acted"]:
        return passed(
            f"While the API was down the webhook was answered with {first or 'nothing'}; the event was acted on in the end."
        )
    return failed(
        "The event was lost: it could not be acted on while the API was down, and was not when the webhook came again."
    )


EXPERIMENTS = tuple(
    Experiment(name, Family.ENDPOINT, run, NEEDED) for name, run in ((REPEATED, repeat), (ORDER, reorder), (RETRY, retry))
)
CHECKS = (
    Check(
        id="endpoint.duplicate", family=Family.ENDPOINT, experiment=REPEATED, judge=judge_repeated, guide="wh-retries", negative=True,
        needs=("endpoint.acts",),
        title="The same webhook twice acts once",
        expected="A webhook that comes a second time is answered with a 2xx and not acted on again.",
        why="GoCardless sends a webhook again when an answer got lost. Acting twice may charge or mail a payer twice.",
    ),
    Check(
        id="endpoint.duplicate_event", family=Family.ENDPOINT, experiment=REPEATED, judge=judge_elsewhere, guide="wh-retries",
        negative=True,
        needs=("endpoint.duplicate",),
        title="The same event in another webhook acts once",
        expected="An event that was handled is recognised by its ID, whichever webhook brings it.",
        why="Events can be sent again in other company, so the ID of the event counts and not that of the webhook.",
    ),
    Check(
        id="endpoint.out_of_order", family=Family.ENDPOINT, experiment=ORDER, judge=judge_order, guide="webhooks", negative=True,
        needs=("endpoint.acts",),
        title="Events in the wrong order are no trouble",
        expected="An earlier event that comes late is answered with a 2xx and does not turn a newer status back.",
        why="The order of arrival is not promised. Fetching the resource before acting is the surest way.",
    ),
    Check(
        id="endpoint.retried", family=Family.ENDPOINT, experiment=RETRY, judge=judge_retry, guide="wh-retries", negative=True,
        needs=("endpoint.acts",),
        title="What failed is done when the webhook comes again",
        expected="An event that could not be acted on is acted on when it is delivered again.",
        why="Whoever remembers an event as handled before it is handled loses it at the first trouble.",
    ),
)  # fmt: skip

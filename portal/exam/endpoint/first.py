"""One signed webhook: taken, in time, and with an answer that says so; then whether it has any effect, and the same with 250 events."""

from portal.exam import merchants
from portal.exam.endpoint import acting, delivering, events
from portal.exam.endpoint.delivering import Answered, taken
from portal.exam.nouns import EVERYWHERE, Check, Experiment, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.rig import Rig

NEEDED = ("webhook_url", "webhook_secret")
SINGLE, ACTING, BATCH = "endpoint.single", "endpoint.acting", "endpoint.batch"
SLOW = 10.0
"""Seconds for 250 events, when others are shortened."""


def single(rig: Rig) -> Observation:
    return {"answer": _answered(rig, "A signed webhook with one event", events.of_payment()), "limit": rig.limits.answer}


def _answered(rig: Rig, words: str, *told: events.Json) -> Answered:
    """A late answer gets a second chance: a machine may stumble once."""
    answer = delivering.tell(rig, words, *told)
    if _late(answer, rig.limits.answer):
        again = delivering.tell(rig, f"{words}, once more", *told)
        answer = min(answer, again, key=lambda one: (one["status"] is None, one.get("milliseconds", 0.0)))
    return answer


def _late(answer: Answered, limit: float) -> bool:
    return answer.get("code") == "timed_out" or answer.get("milliseconds", 0.0) > 1000 * limit


def effect(rig: Rig) -> Observation:
    merchant = merchants.connected(rig)
    since = rig.levers.mark()
    event = acting.of(rig, merchant)
    answer = delivering.tell(rig, "A signed webhook about a payment of a connected merchant", event)
    seen = acting.wait(rig, event, since) if taken(answer) else {"handled": None, "fetched": 0}
    rig.carried[acting.VISIBLE] = acting.acted(seen)
    return {"answer": answer, **seen}


def batch(rig: Rig) -> Observation:
    """249 events of merchants that nobody knows, and one to act on, the last."""
    merchant = merchants.connected(rig)
    since = rig.levers.mark()
    last = acting.of(rig, merchant)
    others = [events.of_payment() for _ in range(events.MOST - 1)]
    answer = _answered(rig, f"A signed webhook with {events.MOST} events", *others, last)
    seen = {"answer": answer, "limit": rig.limits.answer, "visible": bool(rig.carried.get(acting.VISIBLE))}
    if seen["visible"] and taken(answer):
        seen["acted"] = rig.carried[acting.WHOLE] = acting.acted(acting.wait(rig, last, since, seconds=SLOW))
    return seen


def judge_single(seen: Observation) -> Judgement:
    answer = seen["answer"]
    if taken(answer):
        return passed(f"It was taken ({answer['status']}).")
    if answer.get("code") == "timed_out":
        return skipped("No answer came in time, which is a check of its own.")
    if answer["status"] is None:
        return failed("No answer came.", answer["problem"])
    if 300 <= answer["status"] < 400:
        return skipped(f"It was answered with a redirect ({answer['status']}), which is a check of its own.")
    return failed(f"It was refused with {answer['status']}, although the signature was right.")


def judge_success(seen: Observation) -> Judgement:
    answer = seen["answer"]
    status = answer["status"]
    if status is None:
        return skipped("No answer came.", answer["problem"])
    if 300 <= status < 400:
        return failed(
            f"It answered with a redirect ({status}), which GoCardless does not follow: the webhook failed.", answer["location"]
        )
    if not taken(answer):
        return skipped(f"The webhook was not taken ({status}).")
    return passed(f"It answered {status}.")


def judge_time(seen: Observation) -> Judgement:
    answer, limit = seen["answer"], seen["limit"]
    if answer.get("code") == "timed_out" or answer["milliseconds"] > 1000 * limit:
        return failed(f"No answer came within {limit:g} seconds. GoCardless stops waiting then, and sends the webhook again.")
    if answer["status"] is None:
        return skipped("No answer came.", answer["problem"])
    return passed(f"It answered within {max(answer['milliseconds'], 1):.0f} ms; {limit:g} seconds are allowed.")


def judge_effect(seen: Observation) -> Judgement:
    if not taken(seen["answer"]):
        return skipped("The webhook was not taken.")
    if seen["handled"] or seen["fetched"]:
        return passed(
            "The event was acted on." if seen["handled"] else "The event was acted on: the payment was fetched from the API."
        )
    if seen["handled"] is None:
        return skipped(
            "Nothing shows whether the event was acted on: the payment was not fetched, and there is no test hook that says."
        )
    return failed(
        "The webhook was taken, but your test hook says that the event was not acted on, and the payment was not fetched."
    )


def judge_batch(seen: Observation) -> Judgement:
    answer = seen["answer"]
    if answer.get("unsent"):
        return skipped(answer["problem"])
    if taken(answer) and answer["milliseconds"] <= 1000 * seen["limit"]:
        return passed(f"{events.MOST} events were taken at once ({answer['status']}, {answer['milliseconds']:.0f} ms).")
    if taken(answer):
        taken_for = f"{answer['milliseconds'] / 1000:.1f} seconds; {seen['limit']:g} are allowed"
        return failed(f"With {events.MOST} events the answer took {taken_for}.")
    why = f"answered {answer['status']}" if answer["status"] else "no answer"
    return failed(f"{events.MOST} events in one webhook were not taken: {why}.", answer.get("problem", ""))


def judge_whole(seen: Observation) -> Judgement:
    if not seen["visible"] or "acted" not in seen:
        return skipped("Nothing shows whether an event was acted on.")
    if seen["acted"]:
        return passed("The last of them was acted on.")
    return failed("The last of them was never acted on, although the webhook was taken.")


EXPERIMENTS = (
    Experiment(SINGLE, Family.ENDPOINT, single, NEEDED, environments=EVERYWHERE),
    Experiment(ACTING, Family.ENDPOINT, effect, NEEDED, waits="a person who connects a merchant"),
    Experiment(BATCH, Family.ENDPOINT, batch, NEEDED),
)
CHECKS = (
    Check(
        id="endpoint.answers_success", family=Family.ENDPOINT, experiment=SINGLE, judge=judge_success, guide="wh-retries",
        title="Your endpoint answers 2xx itself",
        expected="A webhook is answered with a 2xx status, not with a redirect.",
        why="GoCardless does not follow redirects: such a webhook has failed, and is sent again.",
    ),
    Check(
        id="endpoint.answers_in_time", family=Family.ENDPOINT, experiment=SINGLE, judge=judge_time, guide="wh-retries",
        title="Your endpoint answers in time",
        expected="The answer to a webhook comes within 10 seconds.",
        why="Later the webhook counts as failed and is sent again, so store it first and work afterwards.",
    ),
    Check(
        id="endpoint.signed", family=Family.ENDPOINT, experiment=SINGLE, judge=judge_single, guide="webhooks-old",
        title="A signed webhook is taken",
        expected="A webhook with one event and the right signature is accepted.",
        why="Everything else is worth nothing if genuine webhooks do not come in.",
    ),
    Check(
        id="endpoint.acts", family=Family.ENDPOINT, experiment=ACTING, judge=judge_effect, guide="webhooks", needs=("endpoint.signed",),
        title="An event has its effect",
        expected="An event about a payment of a connected merchant is acted on.",
        why="An endpoint that only says yes leaves merchants with statuses that are wrong.",
    ),
    Check(
        id="endpoint.batch", family=Family.ENDPOINT, experiment=BATCH, judge=judge_batch, guide="wh-retries",
        needs=("endpoint.signed", "endpoint.answers_in_time"),
        title="250 events at once are taken",
        expected="A webhook with 250 events is answered with a 2xx in time.",
        why="On busy days one webhook holds up to 250 events.",
    ),
    Check(
        id="endpoint.batch_whole", family=Family.ENDPOINT, experiment=BATCH, judge=judge_whole, guide="webhooks",
        needs=("endpoint.acts", "endpoint.batch"),
        title="Every event of a webhook is acted on",
        expected="The last of 250 events is acted on like the first.",
        why="Whoever only looks at the first event loses the others for good.",
    ),
)  # fmt: skip

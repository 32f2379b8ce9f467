"""Webhooks that are not GoCardless's: each must be refused, with 498, without breaking anything, and without any effect."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence

from portal.exam import merchants
from portal.exam.endpoint import acting, delivering, events
from portal.exam.endpoint.delivering import Answered, taken
from portal.exam.endpoint.first import NEEDED
from portal.exam.nouns import EVERYWHERE, Check, Experiment, Family, Judgement, Observation, failed, passed, skipped, warned
from portal.exam.rig import Rig

FORGING = "endpoint.forging"
REFUSED = 498
"""What GoCardless suggests for a signature that is not right (Token Invalid)."""
WORDS: Mapping[str, str] = {
    "signature": "Signed with another secret",
    "body": "Changed after it was signed",
    "missing": "Without a signature",
    "misnamed": "The right signature under another name, X-Signature",
    "nearly": "The right signature but for its last character",
    "short": "The first half of the right signature",
    "empty": "An empty signature",
    "upper": "The right signature in capitals",
    "garbled": "A signature with a letter that is no ASCII",
}


def forge(rig: Rig) -> Observation:
    """Each about an event of its own, so that an effect can be told apart."""
    since = rig.levers.mark() if rig.sandbox else 0
    told = {name: _event(rig) for name in WORDS}
    captured = events.webhook(events.of_payment())
    delivering.signed(rig, captured, "A genuine webhook, which somebody listens to")
    answers = {name: _forged(rig, name, event, captured) for name, event in told.items()}
    return {"answers": answers, "acted": _effects(rig, told, answers, since)}


def _event(rig: Rig) -> events.Json:
    """About a payment that exists, where acting on it could be seen."""
    merchant = merchants.known(rig) if rig.carried.get(acting.VISIBLE) else None
    return acting.of(rig, merchant) if merchant else events.of_payment()


def _forged(rig: Rig, name: str, event: events.Json, captured: bytes) -> Answered:
    body = events.webhook(event)
    good = rig.sign(body)
    given: dict[str, str | None] = {
        "signature": rig.sign(body, secrets.token_urlsafe(30)),
        "body": rig.sign(captured),
        "missing": None,
        "misnamed": None,
        "nearly": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "short": good[:32],
        "empty": "",
        "upper": good.upper(),
        "garbled": f"{good[:-1]}é",
    }
    headers = {"X-Signature": good} if name == "misnamed" else None
    return delivering.deliver(rig, body, given.get(name, good), WORDS[name], headers)


def _effects(rig: Rig, told: Mapping[str, events.Json], answers: Mapping[str, Answered], since: int) -> dict[str, bool] | None:
    """Which of the refused ones were acted on all the same; None when that cannot be seen."""
    merchant = merchants.known(rig) if rig.carried.get(acting.VISIBLE) else None
    if merchant is None or not acting.fence(rig, merchant):
        return None
    refused = {name: event for name, event in told.items() if answers[name]["status"] is not None and not taken(answers[name])}
    return {name: acting.acted(acting.acts(rig, event, since)) for name, event in refused.items()}


def refused(*names: str) -> Callable[[Observation], Judgement]:
    """Judges whether none of these was taken. How they were refused is for other checks."""

    def judge(seen: Observation) -> Judgement:
        answers = {name: seen["answers"][name] for name in names}
        sent = {name: answer for name, answer in answers.items() if not answer.get("unsent")}
        if not sent:
            return skipped(answers[names[0]]["problem"])
        accepted = [name for name, answer in sent.items() if taken(answer)]
        if accepted:
            return failed(f"{WORDS[accepted[0]]}, it was taken all the same ({answers[accepted[0]]['status']}).")
        return _not_taken(list(sent.values()))

    return judge


def _not_taken(answers: Sequence[Answered]) -> Judgement:
    silent = [answer for answer in answers if answer["status"] is None]
    if silent:
        return warned("It was not refused, but left without an answer.", silent[0]["problem"])
    return passed(f"It was refused ({', '.join(sorted({str(answer['status']) for answer in answers}))}).")


def judge_upper(seen: Observation) -> Judgement:
    answer = seen["answers"]["upper"]
    if taken(answer):
        return warned("It was taken. That is no gap, but GoCardless writes small letters and its own clients compare exactly.")
    return refused("upper")(seen)


def judge_status(seen: Observation) -> Judgement:
    said = sorted({answer["status"] for answer in seen["answers"].values() if 400 <= (answer["status"] or 0) < 500})
    if not said:
        return skipped("No webhook was refused with a 4xx status.")
    others = [str(status) for status in said if status != REFUSED]
    if others:
        return warned(f"It refused with {' and '.join(others)}. GoCardless asks for {REFUSED}, which names the reason.")
    return passed(f"It refused with {REFUSED} each time.")


def judge_calm(seen: Observation) -> Judgement:
    broken = {name: answer["status"] for name, answer in seen["answers"].items() if (answer["status"] or 0) >= 500}
    if broken:
        name, status = next(iter(broken.items()))
        return failed(f"{WORDS[name]}, it was answered with {status}: something broke instead of refusing.", _named(broken))
    if not any(answer["status"] for answer in seen["answers"].values()):
        return skipped("No answer came.")
    return passed("Nothing broke.")


def judge_effect(seen: Observation) -> Judgement:
    if not seen["acted"]:
        return skipped("Nothing shows whether an event was acted on.")
    acted = [name for name, happened in seen["acted"].items() if happened]
    if acted:
        return failed(f"{WORDS[acted[0]]}, the webhook was refused, and its event acted on all the same.", _named(acted))
    return passed(f"None of {len(seen['acted'])} refused webhooks had an effect.")


def _named(names: Iterable[str]) -> str:
    return ", ".join(WORDS[name] for name in names)


EXPERIMENTS = (Experiment(FORGING, Family.ENDPOINT, forge, NEEDED, environments=EVERYWHERE),)


def _check(name: str, title: str, expected: str, why: str, judge: Callable[[Observation], Judgement], *needs: str) -> Check:
    return Check(
        id=f"endpoint.{name}", family=Family.ENDPOINT, title=title, expected=expected, why=why, guide="webhooks-old", negative=True,
        experiment=FORGING, judge=judge, needs=("endpoint.signed", *(f"endpoint.{one}" for one in needs)),
    )  # fmt: skip


CHECKS = (
    _check(
        "forged_signature", "A forged signature is refused", "A webhook that was signed with another secret is not accepted.",
        "Anybody can find your endpoint. Only the signature tells GoCardless from somebody who wants an invoice marked as paid.",
        refused("signature"),
    ),
    _check(
        "forged_body", "A changed body is refused", "A webhook whose body was changed after it was signed is not accepted.",
        "A signature that is not compared with the body proves nothing.",
        refused("body"), "forged_signature",
    ),
    _check(
        "missing_signature", "A webhook without a signature is refused", "A webhook without the header Webhook-Signature is not accepted.",
        "What is only checked when it is there is not checked at all.",
        refused("missing"), "forged_signature",
    ),
    _check(
        "misnamed_signature", "A signature under another name does not count", "Only the header Webhook-Signature is looked at.",
        "GoCardless sends it under one name. A search for anything like it lets others choose what you compare.",
        refused("misnamed"), "missing_signature",
    ),
    _check(
        "nearly_right", "A signature that is nearly right is refused",
        "A signature with one other character, the first half of it and an empty one are not accepted.",
        "A comparison that stops early lets a signature be guessed piece by piece.",
        refused("nearly", "short", "empty"), "missing_signature",
    ),
    _check(
        "signature_capitals", "A signature in capitals is not taken for the right one",
        "The signature is compared as it is: 64 small hexadecimal characters.",
        "GoCardless's own clients compare exactly; whoever differs has written the comparison anew.",
        judge_upper, "forged_signature",
    ),
    _check(
        "refuses_with_498", "Wrong signatures are answered with 498", "Each webhook with a wrong signature is answered with 498.",
        "The status tells GoCardless that your check works, and that it was not your product that failed.",
        judge_status, "forged_signature",
    ),
    _check(
        "refuses_calmly", "Wrong signatures break nothing", "No signature, whatever it looks like, leads to an answer of 500 or above.",
        "A header with a strange letter makes some comparisons raise an exception. That floods your logs and hides real trouble.",
        judge_calm,
    ),
    _check(
        "refused_has_no_effect", "What was refused has no effect", "The events of a refused webhook are not acted on.",
        "Answering 498 is half of it: nothing of such a request may be used.",
        judge_effect, "forged_signature", "acts",
    ),
)  # fmt: skip

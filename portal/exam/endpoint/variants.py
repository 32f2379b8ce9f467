"""Genuine webhooks that look a little different: all of them must be taken, or at least survived."""

import json
from collections.abc import Callable, Mapping

from portal.exam import merchants
from portal.exam.endpoint import acting, delivering, events
from portal.exam.endpoint.delivering import Answered, taken
from portal.exam.endpoint.first import NEEDED
from portal.exam.nouns import EVERYWHERE, Check, Experiment, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.rig import SIGNATURE, Rig

VARIANTS, UNKNOWN = "endpoint.variants", "endpoint.unknown"
BODIES: Mapping[str, tuple[str, bytes]] = {
    "not_json": ("Not JSON, but signed", b"These are no events."),
    "empty": ("An empty body, but signed", b""),
    "list": ("A list instead of an object, but signed", b"[]"),
    "no_events": ("No events in it, but signed", b'{"events":null}'),
    "odd_events": ("Events that are no events, but signed", b'{"events":[null,5,"event",{"id":"EV0000000000X1"}]}'),
}
NAMES = "Zoë Müller-Łukasz, 株式会社, 🚲"


def variants(rig: Rig) -> Observation:
    known = events.webhook(events.of_payment())
    answers = {
        "lower_case": delivering.deliver(
            rig, known, None, "The name of the header in small letters", {SIGNATURE.lower(): rig.sign(known)}
        ),
        "extra": delivering.tell(rig, "Fields that nobody knows yet", *_with_more()),
        "unicode": delivering.signed(rig, _unicode(), "Letters beyond ASCII, as they are"),
        "raw": delivering.signed(rig, _spaced(), "The same JSON, written in another way"),
    }
    if previous := rig.app.previous_webhook_secret:
        body = events.webhook(events.of_payment())
        answers["previous"] = delivering.deliver(rig, body, rig.sign(body, previous), "Signed with the secret before this one")
    answers |= {name: delivering.signed(rig, body, words) for name, (words, body) in BODIES.items()}
    return {"answers": answers}


def _with_more() -> list[events.Json]:
    """At every level something that is not in any list today, as GoCardless may add it at any time."""
    event = events.of_payment(source={"type": "app", "name": "Another"}, a_new_field={"nested": [1, None, "x"]})
    event["details"] |= {"new_detail": 4.5, "will_attempt_retry": False}
    event["links"] |= {"new_resource": events.identity("NR")}
    return [event]


def _unicode() -> bytes:
    """As raw UTF-8: who decodes and encodes anew on the way to the comparison has other bytes."""
    event = events.of_payment(resource_metadata={"payer": NAMES})
    return json.dumps(events.document(event), separators=(",", ":"), ensure_ascii=False).encode()


def _spaced() -> bytes:
    """Spaces, line breaks, an escaped slash and a number with an exponent: gone when it is parsed and written anew."""
    event = events.of_payment(metadata={"note": "a/b"}, resource_metadata={"n": 1})
    text = json.dumps(events.document(event), indent=1, separators=(" ,", " : "))
    return text.replace("a/b", "a\\/b").replace('"n" : 1', '"n" : 1.0e0').encode()


def unknown(rig: Rig) -> Observation:
    """Each between two events that are known, which must be acted on all the same."""
    organisation = events.identity("OR")
    strange = {
        "resource": events.event(
            "weather_reports", "issued", {"weather_report": events.identity("WR"), "organisation": organisation}
        ),
        "action": events.of_payment("applauded"),
    }
    return {name: _beside(rig, name, event) for name, event in strange.items()}


def _beside(rig: Rig, name: str, strange: events.Json) -> Answered:
    merchant = merchants.known(rig) if rig.carried.get(acting.WHOLE) else None
    since = rig.levers.mark() if merchant else 0
    first, last = (acting.of(rig, merchant) if merchant else events.of_payment() for _ in "ab")
    words = f"An event with {'a kind of resource' if name == 'resource' else 'an action'} that nobody knows, between two others"
    answer = delivering.tell(rig, words, first, strange, last)
    if merchant and taken(answer):
        answer["beside"] = acting.acted(acting.wait(rig, last, since))
    return answer


def accepted(name: str, words: str) -> Callable[[Observation], Judgement]:
    """Judges whether this one was taken; `words` say what was sent, as a sentence goes on."""

    def judge(seen: Observation) -> Judgement:
        answer = seen["answers"].get(name)
        if answer is None or answer.get("unsent"):
            return skipped(answer["problem"] if answer else "There is none.")
        return _said(answer, words)

    return judge


def _said(answer: Answered, words: str) -> Judgement:
    if taken(answer):
        return passed(f"{words} was taken ({answer['status']}).")
    if answer["status"] is None:
        return failed(f"{words} got no answer.", answer["problem"])
    return failed(f"{words} was refused with {answer['status']}, although the signature was right.")


def judge_unknown(name: str, words: str) -> Callable[[Observation], Judgement]:
    def judge(seen: Observation) -> Judgement:
        answer = seen[name]
        if answer.get("unsent"):
            return skipped(answer["problem"])
        if not taken(answer):
            return failed(
                f"{words} was answered with {answer['status'] or 'nothing'}: GoCardless would send it again and again."
            )
        if answer.get("beside") is False:
            return failed(f"{words} was taken, but the known event after it was not acted on.")
        further = ", and the known events beside it acted on" if "beside" in answer else ""
        return passed(f"{words} was taken ({answer['status']}){further}.")

    return judge


def survived(*names: str) -> Callable[[Observation], Judgement]:
    """Judges whether nothing broke; refusing with a 4xx is as good as taking it."""

    def judge(seen: Observation) -> Judgement:
        answers = {name: seen["answers"][name] for name in names if not seen["answers"][name].get("unsent")}
        broken = {name: answer for name, answer in answers.items() if answer["status"] is None or answer["status"] >= 500}
        if broken:
            name, answer = next(iter(broken.items()))
            return failed(f"{BODIES[name][0]}: {answer['status'] or 'no answer'}.", answer.get("problem", ""))
        if not answers:
            return skipped(seen["answers"][names[0]]["problem"])
        return passed(f"It was survived ({', '.join(sorted({str(answer['status']) for answer in answers.values()}))}).")

    return judge


EXPERIMENTS = (
    Experiment(VARIANTS, Family.ENDPOINT, variants, NEEDED, environments=EVERYWHERE),
    Experiment(UNKNOWN, Family.ENDPOINT, unknown, NEEDED, environments=EVERYWHERE),
)


def _check(
    name: str, title: str, expected: str, why: str, judge: Callable[[Observation], Judgement], *needs: str,
    guide: str = "webhooks-old", negative: bool = False, experiment: str = VARIANTS, settings: tuple[str, ...] = (),
) -> Check:  # fmt: skip
    return Check(
        id=f"endpoint.{name}", family=Family.ENDPOINT, title=title, expected=expected, why=why, guide=guide, negative=negative,
        experiment=experiment, judge=judge, settings=settings, needs=("endpoint.signed", *(f"endpoint.{one}" for one in needs)),
    )  # fmt: skip


CHECKS = (
    _check(
        "header_case", "The name of the header may be in small letters", "The header webhook-signature is as good as Webhook-Signature.",
        "Names of headers have no case, and proxies write them in small letters.",
        accepted("lower_case", "A webhook whose header is written in small letters"),
    ),
    _check(
        "extra_fields", "Fields that you do not know are ignored", "A webhook with further fields at every level is accepted.",
        "GoCardless adds fields at any time without calling it a breaking change.",
        accepted("extra", "A webhook with further fields"), guide="webhooks",
    ),
    _check(
        "unicode", "Letters beyond ASCII are no trouble", "A webhook with names like Zoë, 株式会社 and a bicycle is accepted.",
        "The signature is made over bytes. Decoding and encoding them on the way changes them.",
        accepted("unicode", "A webhook with letters beyond ASCII"),
    ),
    _check(
        "raw_body", "The signature is checked over the raw body", "A webhook whose JSON is spaced and escaped in another way is accepted.",
        "Parsing and printing the JSON again changes the bytes, and then genuine webhooks are refused one day.",
        accepted("raw", "A webhook whose JSON is written in another way"), "unicode",
    ),
    _check(
        "previous_secret", "The secret before is honoured while secrets change", "During a change of secrets both signatures are accepted.",
        "Webhooks that wait to be sent again keep the signature of the secret before.",
        accepted("previous", "A webhook signed with the secret before"), settings=("previous_webhook_secret",),
    ),
    _check(
        "unknown_resource", "An unknown kind of resource is accepted and ignored",
        "An event about a kind of resource that nobody knows is answered with a 2xx, and the events beside it are acted on.",
        "New kinds appear without notice. An endpoint that fails on them has the whole webhook repeated.",
        judge_unknown("resource", "An event about an unknown kind of resource"), guide="webhooks", negative=True, experiment=UNKNOWN,
    ),
    _check(
        "unknown_action", "An unknown action is accepted and ignored",
        "An event with an action that nobody knows is answered with a 2xx, and the events beside it are acted on.",
        "New actions appear without notice. An endpoint that fails on them has the whole webhook repeated.",
        judge_unknown("action", "An event with an unknown action"), "unknown_resource", guide="webhooks", negative=True, experiment=UNKNOWN,
    ),
    _check(
        "not_json", "A body that is no JSON is survived", "A signed body that is no JSON is not answered with 500 or above.",
        "What breaks on strange input breaks on the day when a proxy changes something.",
        survived("not_json"), negative=True,
    ),
    _check(
        "empty_body", "An empty body is survived", "A signed empty body is not answered with 500 or above.",
        "Monitors and health checks send such requests.",
        survived("empty"), "not_json", negative=True,
    ),
    _check(
        "odd_json", "JSON of another shape is survived",
        "A signed list, missing events and events that are none are not answered with 500 or above.",
        "One event that is odd must not stop those beside it.",
        survived("list", "no_events", "odd_events"), "not_json", negative=True,
    ),
)  # fmt: skip

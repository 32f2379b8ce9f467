"""What the log's filters offer, and those that are on, each with the way to take it off."""

from portal.status import SIGNATURE, Signature
from portal.webhooks.known import KNOWN
from portal.webhooks.lines import event_words
from portal.webhooks.reader import Reader
from portal.webhooks.reasons import WORDS, Reason
from portal.webhooks.values import Mark

LABELS = {
    "q": "Words in the body", "verdict": "Signature", "reason": "Why it does not fit", "event": "Event", "type": "Resource type",
    "resource": "Resource", "organisation": "Organisation", "answer": "Answer", "app": "App", "mark": "Worth a look",
    "since": "From", "until": "Before",
}  # fmt: skip
MARKS = {
    Mark.REPEATED: "Events seen before",
    Mark.LATE: "Events out of order",
    Mark.UNKNOWN: "Events of unknown type",
    Mark.PROBLEM: "Bodies with a problem",
}
ANSWERS = (204, 498, 413)
EVENTS = tuple(f"{kind}.{action}" for kind in sorted(KNOWN) for action in sorted(KNOWN[kind]))
Options = list[tuple[str, str]]


def choices(reader: Reader) -> dict[str, Options]:
    """By filter, (value, words)."""
    return {
        "verdict": [(one.value, SIGNATURE[one].words) for one in Signature],
        "mark": [(one.value, words) for one, words in MARKS.items()],
        "answer": [(str(one), str(one)) for one in ANSWERS],
        "type": [(kind, event_words(kind)) for kind in sorted(KNOWN)],
        "event": [(name, event_words(name)) for name in EVENTS],
        "app": [(app.key, app.name) for app in reader.apps],
    }


def chips(reader: Reader) -> list[tuple[str, str, str]]:
    """(label, what it is set to, the address without it) of every filter that is on."""
    asked = reader.asked
    return [
        (LABELS[name], _said(reader, name, value), reader.log(**asked.without(name))) for name, value in asked.typed.items()
    ]


def _said(reader: Reader, name: str, value: str) -> str:
    if name == "verdict":
        return SIGNATURE[Signature(value)].words
    if name == "reason":
        return WORDS[Reason(value)].wrong % {"app": "…"}
    if name == "mark":
        return MARKS[Mark(value)]
    if name == "app":
        return next((app.name for app in reader.apps if app.key == value), value)
    return event_words(value) if name in ("event", "type") else value.replace("T", " ") if name in ("since", "until") else value

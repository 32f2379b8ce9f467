"""What a pasted value shows by itself: a space too many, a label, dots instead of the secret, the id of something else."""

import re
from collections.abc import Iterator

from portal.apps.addresses import Fault
from portal.apps.parts import named, unseen

LONGEST = 400
LEAST = {"client_id": 8, "client_secret": 16, "webhook_secret": 8}
NAMES = {"client_id": "client id", "client_secret": "client secret", "webhook_secret": "webhook secret"}
QUOTES = "\"'`“”‘’«»"
LABEL = re.compile(
    r"(?:gocardless[ _-]?|gc[ _-]?)?(?:sandbox[ _-]?|live[ _-]?)?"
    r"(?:client|webhook|app|application|endpoint|webhook endpoint)[ _-]?(?:id|secret|key)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[A-Z]{2,3}[0-9][0-9A-Z]{4,30}")
"""How GoCardless names what it keeps: two capital letters and what follows them, such as AP0001A2B3C4D5."""
KINDS = {
    "AP": "an app",
    "OR": "an organisation",
    "CR": "a creditor",
    "WE": "a webhook endpoint",
    "WB": "a webhook",
    "EV": "an event",
}
MASKED = re.compile(r"[•●∙·*…xX]{6,}|.*(?:••|●●|\*\*\*|…).*", re.DOTALL)
PLACEHOLDER = re.compile(
    r"<.*>|\{.*\}|\[.*\]|your[ _-].*|change[ _-]?me.*|replace[ _-]?me.*|todo.*|.*(?:example|placeholder).*",
    re.IGNORECASE | re.DOTALL,
)


def form_fault(value: str, kind: str) -> Fault | None:
    """What is wrong with the form of a value, whatever it is compared with."""
    name = NAMES[kind]
    if not value:
        return Fault("missing", f"Paste the {name}.")
    return around_fault(value, name) or _size(value, kind)


def around_fault(value: str, name: str) -> Fault | None:
    """What came along with a value, or instead of it."""
    return _wrapped(value, name) or next(_something_else(value, name), None)


def _wrapped(value: str, name: str) -> Fault | None:
    """Right, perhaps, but with something around or inside it."""
    hidden = next((char for char in value if unseen(char) and char not in " \t\r\n"), "")
    if hidden:
        return Fault(
            "unseen", f"An invisible character came along: {named(hidden)}. Copy the {name} with the copy button at GoCardless."
        )
    if value != value.strip():
        side = "before" if value[0].isspace() else "after"
        return Fault("space", f"There is a space or a line break {side} the {name}. Paste it without.")
    if value[0] in QUOTES or value[-1] in QUOTES:
        return Fault("quotes", f"There are quotation marks around the {name}. Paste what stands between them.")
    return None


def _something_else(value: str, name: str) -> Iterator[Fault]:
    """What else stood on the page."""
    if value.lower().startswith(("http://", "https://")):
        yield Fault("address", f"This is an address, not the {name}.")
    if value.lower().startswith(("bearer ", "basic ")):
        yield Fault("header", f"This is a header that a request carries, not the {name}.")
    label = LABEL.match(value)
    if label and (label.end() == len(value) or value[label.end()] in " :=\t\n"):
        yield Fault("label", f"This is the label beside the {name}, or has it in front. Copy the value only.")
    if "@" in value:
        yield Fault("email", f"This is an e-mail address, not the {name}.")
    if MASKED.fullmatch(value):
        yield Fault("masked", f"The {name} is hidden behind dots here. Reveal it at GoCardless before you copy it.")
    if PLACEHOLDER.fullmatch(value):
        yield Fault("placeholder", f"This is a placeholder of a sample, not the {name}.")
    if any(char.isspace() for char in value):
        yield Fault("several", f"There is more than one word here. Paste the {name} alone.")
    if not value.isascii():
        yield Fault("character", f"A {name} has plain letters, digits and signs only. Copy it again.")


def _size(value: str, kind: str) -> Fault | None:
    number = NUMBER.fullmatch(value)
    if number:
        what = KINDS.get(value[:2], "something else")
        app = " The app's page shows the client id further down." if value[:2] == "AP" and kind == "client_id" else ""
        return Fault("number", f"This is the id of {what} at GoCardless, not the {NAMES[kind]}.{app}")
    if len(value) < LEAST[kind]:
        return Fault(
            "short", f"A {NAMES[kind]} has at least {LEAST[kind]} characters; this one has {len(value)}. Was it cut off?"
        )
    if len(value) > LONGEST:
        return Fault("long", f"This is far too long for a {NAMES[kind]}: {len(value):,} characters.")
    return None

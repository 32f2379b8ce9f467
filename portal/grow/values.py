"""What an item of content is made of, as it was typed, and what is wrong with it before it can be published."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.catalog import account_choices, schemes
from portal.grow import markdown
from portal.launch.fields import languages
from portal.status import ContentKind, ContentStage, Horizon

Values = dict[str, Any]
FIRST = "en"
"""The language that every item has, and in which it is read where it has no other."""
TITLE, SUMMARY, BODY, LINK, TAG, TAGS = 120, 300, 20_000, 500, 30, 8
"""Most characters of each, and most tags."""
REVIEW_AFTER, REVIEW_AT_MOST = timedelta(days=180), timedelta(days=730)
PARTS = ("title", "summary", "body")
LISTS = ("tags", "schemes", "categories", "countries")
_TAG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

EMPTY: Values = {
    "tags": [], "schemes": [], "categories": [], "countries": [], "stage": ContentStage.ANY.value, "horizon": "", "action_by": "",
    "review_on": "", "link": "", "files": [], "texts": {FIRST: {"title": "", "summary": "", "body": ""}},
}  # fmt: skip


def fresh() -> Values:
    """Of a new item: nothing is written, and it is to be read through again in half a year."""
    return deepcopy(EMPTY) | {"review_on": (clock.now().date() + REVIEW_AFTER).isoformat()}


def offered() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What an audience can be chosen from: codes and words."""
    choices = account_choices()
    return {
        "schemes": tuple((scheme.id, f"{scheme.name} ({scheme.currency})") for scheme in schemes()),
        "categories": tuple((one.code, one.words) for one in choices.categories),
        "countries": tuple((one.code, one.words) for one in choices.sign_up_countries),
    }


def text(values: Values, language: str = FIRST) -> dict[str, str]:
    """Title, summary and body in this language; empty where nobody has written it."""
    return {**EMPTY["texts"][FIRST], **values["texts"].get(language, {})}


def day(typed: str) -> date | None:
    """None for what is no day."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def problems(kind: ContentKind, values: Values, *, pictures: Sequence[str] = ()) -> dict[str, str]:
    """Everything that keeps it from being published, by field; fields of a translation end in -<language>."""
    found = {name: words for name, words in _common(kind, values) if words}
    for language in values["texts"]:
        ending = "" if language == FIRST else f"-{language}"
        written = dict(_written(kind, text(values, language), values, pictures))
        found |= {f"{name}{ending}": words for name, words in written.items() if words}
    return found


def _written(kind: ContentKind, typed: Mapping[str, str], values: Values, pictures: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "title", _long(typed["title"], TITLE, "Enter a title.")
    yield "summary", _long(typed["summary"], SUMMARY, "Say in a sentence or two what it is about: lists and the feed show it.")
    needless = (kind is ContentKind.DOCS and values["link"]) or (kind is ContentKind.ASSET and values["files"])
    yield "body", _long(typed["body"], BODY, "" if needless else "Enter the text.") or _marked(typed["body"], pictures)


def _long(typed: str, most: int, empty: str) -> str:
    if len(typed) > most:
        return f"This is too long: {len(typed):,} of at most {most:,} characters."
    return "" if typed else empty


def _marked(body: str, pictures: Sequence[str]) -> str:
    return " ".join(markdown.problems(body, pictures=pictures)[:5])


def _common(kind: ContentKind, values: Values) -> Iterator[tuple[str, str]]:
    for name, options in offered().items():
        yield name, "" if set(values[name]) <= {code for code, _ in options} else "Choose from the list."
    yield "stage", "" if values["stage"] in set(ContentStage) else "Choose from the list."
    yield "tags", _tags(values["tags"])
    yield "link", _link(kind, values["link"])
    yield "horizon", "Choose when it comes." if kind is ContentKind.ROADMAP and values["horizon"] not in set(Horizon) else ""
    yield "action_by", _action_by(kind, values["action_by"])
    yield "review_on", _review_on(values["review_on"])


def _tags(tags: Sequence[str]) -> str:
    wrong = [tag for tag in tags if not _TAG.fullmatch(tag) or len(tag) > TAG]
    if wrong:
        return f"“{wrong[0][:40]}” is no tag: small letters, digits and hyphens, at most {TAG} characters."
    return f"At most {TAGS} tags." if len(tags) > TAGS else ""


def _link(kind: ContentKind, typed: str) -> str:
    if not typed:
        return "Enter the address of the documentation." if kind is ContentKind.DOCS else ""
    fine = markdown.allowed(typed) and not typed.lower().startswith("mailto:") and len(typed) <= LINK
    return "" if fine else "Enter an address that begins with https://, or with / for a page of this portal."


def _action_by(kind: ContentKind, typed: str) -> str:
    if not typed:
        return ""
    if kind is not ContentKind.UPDATE:
        return "Only a product update can ask for action."
    on = day(typed)
    if on is None:
        return "Enter a day, such as 2027-01-31."
    return "" if on >= clock.now().date() else "This day is over. Enter one that partners can still keep."


def _review_on(typed: str) -> str:
    on, today = day(typed), clock.now().date()
    if on is None:
        return "Enter the day on which somebody reads it through again."
    return "" if today < on <= today + REVIEW_AT_MOST else "Enter a day between tomorrow and two years from now."


def language_name(code: str) -> str:
    return dict(languages()).get(code, code)

"""From addresses and posted forms of Grow to plain values: what was asked and typed, valid or not."""

import re
from copy import deepcopy
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from portal.account.forms import clean
from portal.grow.desk_finding import Desk
from portal.grow.finding import LATEST, Asked
from portal.grow.publishing import ALL
from portal.grow.values import FIRST, LISTS, PARTS, Values, day
from portal.launch.fields import languages
from portal.refusals import Invalid
from portal.status import ContentKind, ContentStatus
from portal.web import number

Given = MultiDict[str, str]
TEXT, CODE = 200, 40
TOO_LONG = 60_000
"""Characters of any field that not even a draft keeps."""
NAMES = ("kind", "tag", "scheme", "country", "stage")


def asked(args: Given) -> Asked:
    """Unknown codes find nothing; what is no number is passed over."""
    kind, tag, scheme, country, stage = (clean(args.get(name, ""))[:CODE] for name in NAMES)
    return Asked(
        text=clean(args.get("q", ""))[:TEXT],
        kind=kind,
        tag=ALL if tag.startswith("~") else tag,
        scheme=scheme,
        country=country,
        stage=stage,
        language=language(args),
        before=args.get("before", type=number) or LATEST,
    )


def query(of: Asked) -> dict[str, object]:
    """The same as the query of an address, without the page."""
    named = {"q": of.text, "kind": of.kind, "tag": of.tag, "scheme": of.scheme, "country": of.country, "stage": of.stage}
    return {**named, "language": "" if of.language == FIRST else of.language}


def language(given: Given) -> str:
    code = given.get("language", FIRST)
    return code if code in dict(languages()) else FIRST


def desk(args: Given) -> Desk:
    status, kind = args.get("status", ""), args.get("kind", "")
    return Desk(
        status=ContentStatus(status) if status in set(ContentStatus) else None,
        kind=ContentKind(kind) if kind in set(ContentKind) else None,
        due=args.get("due") == "y",
        text=clean(args.get("q", ""))[:TEXT],
        before=args.get("before", type=number) or LATEST,
    )


def values(posted: Given, before: Values) -> Values:
    """The draft with what was typed; texts in other languages and the files stay. Raises Invalid for far too much."""
    if too_long := {name: _far(value) for name, value in posted.items(multi=True) if len(value) > TOO_LONG}:
        raise Invalid(too_long)
    typed: dict[str, Any] = {name: sorted({clean(code)[:CODE] for code in posted.getlist(name) if code}) for name in LISTS[1:]}
    for name in ("stage", "horizon", "action_by", "review_on", "link"):
        typed[name] = clean(posted.get(name, ""))[:1000]
    return {**deepcopy(before), **typed, "tags": _tags(posted.get("tags", "")), "texts": _texts(posted, before)}


def _far(value: str) -> str:
    return f"This is far too long: {len(value):,} characters."


def _tags(typed: str) -> list[str]:
    """Separated by commas; in the order of the alphabet."""
    words = (re.sub(r"[\s_]+", "-", clean(one).casefold()) for one in typed.split(","))
    return sorted({word for word in words if word})[:50]


def _texts(posted: Given, before: Values) -> dict[str, dict[str, str]]:
    """A translation of which nothing is left is gone."""
    code, texts = language(posted), deepcopy(before["texts"])
    said = {part: clean(posted.get(part, "")) for part in PARTS}
    texts.pop(code, None)
    if any(said.values()) or code == FIRST:
        texts[code] = said
    return dict(sorted(texts.items()))


def posted_day(name: str) -> date | None:
    return day(clean(request.form.get(name, ""))[:20])

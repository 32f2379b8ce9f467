"""What is typed on the pages of cases, as plain values."""

from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from portal.account.forms import clean
from portal.catalog import Catalog
from portal.files.intake import Accepted, Upload, discard, receive
from portal.files.kinds import Limits
from portal.identity import typed as identity
from portal.refusals import Invalid
from portal.status import Ball, CaseCategory, CaseStatus
from portal.support.talking import NewCase

SUBJECT, TEXT, NAME = 150, 10_000, 120
"""Characters."""
FILES = 5
FIELDS = ("category", "subject", "text", "place", "run", "delivery", "login_name", "login_email")
THEN = {"wait": CaseStatus.WAITING_PARTNER, "open": CaseStatus.OPEN, "resolve": CaseStatus.RESOLVED}
BALLS = {"": Ball.GOCARDLESS, "partner": Ball.PARTNER, "ended": Ball.NOBODY, "all": None}
OWN = {"": None, "ours": Ball.GOCARDLESS, "yours": Ball.PARTNER, "ended": Ball.NOBODY}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of a new case as it stands, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def sheet(given: MultiDict[str, str]) -> dict[str, str]:
    return {name: clean(given.get(name, ""))[: TEXT + 1] for name in FIELDS}


def new_case(values: dict[str, str], *, catalog: Catalog, run_id: int | None, delivery_id: int | None) -> NewCase:
    """Raises Invalid with every problem."""
    problems = _lengths(values)
    category = CaseCategory(values["category"]) if values["category"] in set(CaseCategory) else None
    if category is None:
        problems["category"] = "Choose what this is about."
    section_key, question_key = _place(values["place"], catalog)
    if category is CaseCategory.LOGIN:
        wrong = {
            "login_name": identity.check_name(values["login_name"]),
            "login_email": identity.check_email(values["login_email"]),
        }
        problems |= {name: words for name, words in wrong.items() if words}
    if problems or category is None:
        raise Invalid(problems)
    contact = category is CaseCategory.LOGIN
    return NewCase(
        category=category,
        subject=values["subject"].replace("\n", " "),
        text=values["text"],
        section_key=section_key,
        question_key=question_key,
        run_id=run_id,
        delivery_id=delivery_id,
        login_name=values["login_name"] if contact else "",
        login_email=identity.identity(values["login_email"]) if contact else "",
    )


def _lengths(values: dict[str, str]) -> dict[str, str]:
    problems = {}
    if not values["subject"]:
        problems["subject"] = "Give it a subject, such as “Webhook signature differs”."
    elif len(values["subject"]) > SUBJECT:
        problems["subject"] = f"Use at most {SUBJECT} characters."
    return problems | message_problems(values["text"])


def message_problems(text: str) -> dict[str, str]:
    if not text:
        return {"text": "Write a message first."}
    return {"text": f"Use at most {TEXT:,} characters."} if len(text) > TEXT else {}


def _place(place: str, catalog: Catalog) -> tuple[str, str]:
    """A section, or a question with its section; nothing for what the catalog does not know."""
    for section in catalog:
        if place == section.key:
            return section.key, ""
        if any(place == question.key for question in section.questions):
            return section.key, place
    return "", ""


def files() -> list[Accepted]:
    """The attached files, in storage. Raises Invalid, naming each that cannot be taken; then none is kept. Slow."""
    chosen = [Upload(part.filename, part.stream) for part in request.files.getlist("files") if part.filename]
    accepted, refused = receive(chosen, limits=Limits(files=FILES))
    if refused:
        discard(accepted)
        told = " ".join(f"{one.name}: {one.words}" for one in refused)
        raise Invalid({"files": f"{told} Choose the files again."})
    return accepted


def text() -> str:
    return clean(request.form.get("text", ""))[: TEXT + 1]

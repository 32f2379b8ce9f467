"""What a case is about, apart from its words: a section, a question, a run, a webhook."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from portal.catalog import Catalog, certification
from portal.extensions import db
from portal.models.case import Case
from portal.models.delivery import Delivery
from portal.models.run import Run

Link = tuple[str, str, str]
"""What it is, its words, its address (empty: nothing to open for this reader)."""


def run(partner_id: int, key: str) -> Run | None:
    """Only one of the own partner."""
    return db.session.scalars(select(Run).where(Run.partner_id == partner_id, Run.key == key)).first() if key else None


def delivery(partner_id: int, key: str) -> Delivery | None:
    """Only one of the own partner."""
    mine = select(Delivery).where(Delivery.partner_id == partner_id, Delivery.key == key)
    return db.session.scalars(mine).first() if key else None


def places(catalog: Catalog) -> Sequence[tuple[str, str]]:
    """Every section and question, to choose from."""
    found: list[tuple[str, str]] = []
    for section in catalog:
        found.append((section.key, f"{section.number}. {section.title}"))
        found += [(question.key, f"{section.number}.{n} {question.text}") for n, question in enumerate(section.questions, 1)]
    return found


def of(case: Case, *, to_staff: bool) -> list[Link]:
    """The links of a case. At most two statements."""
    links: list[Link] = []
    if to_staff:
        links.append(("Partner", case.partner.name, url_for("staff.partner", partner_key=case.partner.key)))
    if case.section_key:
        links.append(_place(case, to_staff=to_staff))
    if case.run_id and (found := db.session.get(Run, case.run_id)):
        links.append(("Run", f"from {found.started_at:%d %b, %H:%M} UTC", url_for("runs.show", run_key=found.key)))
    if case.delivery_id and (came := db.session.get(Delivery, case.delivery_id)):
        url = url_for("webhooks.delivery", delivery_key=came.key)
        links.append(("Webhook", f"received {came.received_at:%d %b, %H:%M:%S} UTC", url))
    return links


def _place(case: Case, *, to_staff: bool) -> Link:
    catalog = certification()
    section = next((one for one in catalog if one.key == case.section_key), None)
    words = section.title if section else case.section_key
    if case.question_key and case.question_key in catalog:
        words = f"{words}: {catalog.question(case.question_key).text}"
    anchor = f"q-{case.question_key}" if case.question_key else None
    return "Build", words, "" if to_staff else url_for("build.section", section_key=case.section_key, _anchor=anchor)

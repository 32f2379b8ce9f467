"""Everything about one partner in short lists: two statements, whatever there is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, String, bindparam, cast, func, literal, null, select, union_all

from portal import clock, office
from portal.extensions import rows
from portal.models.case import Case
from portal.models.certificate import Certificate
from portal.models.columns import Utc
from portal.models.delivery import Delivery
from portal.models.event import Event
from portal.models.exam import CheckResult, Exam
from portal.models.integration import Integration
from portal.models.lead import Lead
from portal.models.listing import Listing
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import Invitation
from portal.models.run import Run
from portal.staff.counting.journeys import KINDS, STEPS
from portal.staff.figures import STEP_WORDS
from portal.staff.workdays import Workdays
from portal.status import (
    CaseStatus,
    CheckVerdict,
    Environment,
    LeadStatus,
    ListingStatus,
    RunStatus,
    Signature,
)

SHOWN = 5
"""Rows of each list."""
_MINE: BindParameter[int] = bindparam("partner")


class Line(NamedTuple):
    """One row of a list; `status` is a member of its enum, or None."""

    key: str
    title: str
    status: Any
    at: datetime | None


STATUSES: Mapping[str, type[Any]] = {
    "app": Environment,
    "run": RunStatus,
    "delivery": Signature,
    "exam": RunStatus,
    "check": CheckVerdict,
    "case": CaseStatus,
    "lead": LeadStatus,
    "listing": ListingStatus,
}
"""What the status of each list is a code of; the others have none."""


def _list(name: str, of: Any, title: Any, status: Any, at: Any, *where: Any) -> Select[Any]:
    columns = (
        literal(name).label("list"), of.key.label("key"), cast(title, String).label("title"), cast(status, String).label("status"),
        at.label("at"),
    )  # fmt: skip
    newest = select(*columns).where(of.partner_id == _MINE, *where).order_by(of.id.desc()).limit(SHOWN).subquery()
    return select(newest)


def _checks() -> Select[Any]:
    """How many of the newest results say what."""
    told = select(
        literal("check").label("list"), literal("").label("key"), cast(func.count(), String).label("title"),
        cast(CheckResult.verdict, String).label("status"), cast(null(), Utc).label("at"),
    )  # fmt: skip
    return told.where(CheckResult.partner_id == _MINE, CheckResult.newest.is_(True)).group_by(CheckResult.verdict)


_LISTS = union_all(
    _list("app", PartnerApp, PartnerApp.name, PartnerApp.environment, PartnerApp.created_at, PartnerApp.retired_at.is_(None)),
    _list("run", Run, Run.kind, Run.status, Run.started_at),
    _list("delivery", Delivery, Delivery.summary["event"].as_string(), Delivery.signature, Delivery.received_at),
    _list("exam", Exam, Exam.chosen, Exam.status, Exam.started_at),
    _checks(),
    _list("case", Case, Case.subject, Case.status, Case.created_at),
    _list("lead", Lead, Lead.company, Lead.status, Lead.updated_at, Lead.status != LeadStatus.DRAFT),
    _list("listing", Listing, Listing.slug, Listing.status, Listing.published_at),
    _list("certificate", Certificate, Certificate.number, null(), Certificate.valid_until),
    _list(
        "invitation", Invitation, Invitation.name, Invitation.partner_role, Invitation.expires_at,
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
    ),
)  # fmt: skip


def lists(partner: Partner) -> dict[str, list[Line]]:
    """By name, the newest first; a list without rows is empty. One statement."""
    found: dict[str, list[Line]] = {name: [] for name in (*STATUSES, "certificate", "invitation")}
    for row in rows(_LISTS, {"partner": partner.id}):
        found[row.list].append(_line(row))
    return found


def _line(row: Row[Any]) -> Line:
    of = STATUSES.get(row.list)
    return Line(row.key, row.title or "", of(row.status) if of else row.status, row.at)


def _first(kind: str) -> Any:
    once = select(Event.at).where(Event.partner_id == _MINE, Event.kind == kind).order_by(Event.id).limit(1)
    return once.scalar_subquery().label(kind)


_MARKS = select(
    Partner.created_at, Integration.submitted_at, Integration.certified_at, *(_first(kind) for kind in KINDS)
).join_from(Partner, Integration, Integration.partner_id == Partner.id).where(Partner.id == _MINE)  # fmt: skip


def journey(partner: Partner) -> Sequence[tuple[str, datetime | None, int | None]]:
    """Each step in words, when it was taken, and the working days since the partner was accepted. One statement."""
    row = rows(_MARKS, {"partner": partner.id}).one()
    known: dict[str, datetime] = {"accepted": row.created_at}
    for kind, step in KINDS.items():
        if (at := getattr(row, kind)) is not None:
            known[step] = min(at, known.get(step, at))
    known |= {step: at for step, at in (("submitted", row.submitted_at), ("certified", row.certified_at)) if at is not None}
    days = Workdays(office.current(), known["accepted"].date() - clock.DAY, max(known.values()).date() + clock.DAY)
    return [
        (STEP_WORDS[step], known.get(step), days.between(known["accepted"], known[step]) if step in known else None)
        for step in STEPS
    ]

"""What can be done with a lead: draft, send, work, move, talk about it."""

import re
from datetime import datetime

from sqlalchemy import func, select

from portal import clock, mail, office, timeline
from portal.build import rows
from portal.extensions import db
from portal.identity.locking import lock
from portal.leads import crm
from portal.leads.fields import FIELDS, Values, problems
from portal.leads.likeness import likeness
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.lead import Lead, LeadUpdate
from portal.models.people import StaffRole, User
from portal.refusals import IllegalMove, Invalid, Sealed, StaleDraft
from portal.status import LEAD, LEAD_MOVES, LeadStatus, move
from portal.timeline.leads import LeadAssigned, LeadMoved, LeadNoted, LeadUpdated

ENDED = frozenset({LeadStatus.LIVE, LeadStatus.LOST, LeadStatus.REJECTED, LeadStatus.WITHDRAWN})
NEEDS_REASON = frozenset({LeadStatus.LOST, LeadStatus.REJECTED})
BY_PARTNER = frozenset({LeadStatus.SUBMITTED, LeadStatus.WITHDRAWN})
TEXT = 5000
"""Characters of an update."""


def draft(integration: Integration, values: Values, *, by: User) -> Lead:
    """A new lead that only the partner's team sees. The same draft sent twice at once is one."""
    rows.take(integration)
    last = db.session.scalars(
        select(Lead).where(Lead.partner_id == integration.partner_id).order_by(Lead.id.desc()).limit(1)
    ).first()
    if last and last.status is LeadStatus.DRAFT and last.created_by_id == by.id and last.values == values:
        return last
    number = (db.session.scalar(select(func.max(Lead.number)).where(Lead.partner_id == integration.partner_id)) or 0) + 1
    lead = Lead(partner_id=integration.partner_id, number=number, created_by_id=by.id)
    _fill(lead, values)
    db.session.add(lead)
    db.session.flush()
    return lead


def save(lead: Lead, values: Values, *, version: int) -> None:
    """Store what was typed. Raises Sealed once it was sent, StaleDraft when somebody else saved in between."""
    if lead.status is not LeadStatus.DRAFT:
        raise Sealed("This lead was sent to sales. Write an update instead.")
    if values == lead.values:
        return
    if version != lead.version:
        raise StaleDraft("Somebody else changed this lead since you opened it. Nothing of theirs was overwritten.")
    _fill(lead, values)


def submit(lead: Lead, *, by: User) -> None:
    """Hand it to sales. Raises Invalid with every field that is missing or wrong."""
    lock(lead)
    if wrong := problems(lead.values):
        raise Invalid(wrong)
    if lead.status is not LeadStatus.SUBMITTED:
        lead.likeness = likeness(company=lead.company, country=lead.country)
        lead.submitted_at = clock.now()
        _moved(lead, LeadStatus.SUBMITTED, text="", by=by)


def advance(lead: Lead, after: LeadStatus, *, text: str, seen: LeadStatus, by: User) -> None:
    """Move it on, with words for the other side. `seen` is where the mover saw it: two who move at once do not undo each other.

    Raises IllegalMove, StaleDraft, or Invalid where a reason is needed.
    """
    lock(lead)
    if lead.status is not seen:
        raise StaleDraft(f"Somebody has moved this lead to {LEAD[lead.status].words} meanwhile.")
    if by.is_staff == (after in BY_PARTNER):
        raise IllegalMove("The partner sends and withdraws leads; sales move them on.")
    if after in NEEDS_REASON and not text:
        raise Invalid({"text": "Give the reason: the partner reads it."})
    if after in ENDED and after is not LeadStatus.LIVE:
        lead.reason = text
    if by.is_staff and lead.owner_id is None:
        lead.owner_id = by.id
    _moved(lead, after, text=text, by=by)


def update(lead: Lead, text: str, *, internal: bool = False, by: User) -> None:
    """News for the other side, or a note for staff."""
    lock(lead)
    if lead.status is LeadStatus.DRAFT:
        raise IllegalMove("This lead was not sent yet.")
    _say(lead, text, by=by, internal=internal)
    if internal:
        timeline.record(LeadNoted(lead.key, lead.company), by=by, partner=lead.partner)
        return
    event = timeline.record(LeadUpdated(lead.key, lead.company), by=by, partner=lead.partner)
    if by.is_staff:
        _heard(lead)
    _tell(lead, text, event=event, by=by)


def assign(lead: Lead, *, to: User | None, by: User) -> None:
    """Whose it is. Raises IllegalMove for who is not of sales, and for what was not sent yet."""
    lock(lead)
    if lead.status is LeadStatus.DRAFT:
        raise IllegalMove("This lead was not sent yet.")
    if to is not None and not (to.active and to.staff_role in (StaffRole.SALES, StaffRole.ADMINISTRATOR)):
        raise IllegalMove("Only somebody of sales can work a lead.")
    if lead.owner_id != (to.id if to else None):
        lead.owner_id = to.id if to else None
        timeline.record(LeadAssigned(lead.key, lead.company, to.name if to else ""), by=by, partner=lead.partner)


def alike(lead: Lead) -> bool:
    """Whether sales may know this merchant already, from anybody. Whose that lead is, is not told."""
    return _others(lead) is not None


def like(lead: Lead) -> list[Lead]:
    """For sales: the latest other leads that are probably about the same merchant."""
    same = select(Lead).where(Lead.likeness == lead.likeness, Lead.id != lead.id)
    return list(db.session.scalars(same.order_by(Lead.id.desc()).limit(5))) if lead.likeness else []


def _others(lead: Lead) -> int | None:
    same = likeness(company=lead.company, country=lead.country)
    return db.session.scalar(select(Lead.id).where(Lead.likeness == same, Lead.id != lead.id).limit(1))


def _fill(lead: Lead, values: Values) -> None:
    lead.values = values
    lead.company, lead.country = str(values["company"])[:255], str(values["country"])[:2]
    lead.currency = str(values["currency"])[:3]
    lead.yearly_volume = _volume(values)


def _volume(values: Values) -> int:
    stated = _number(values["volume"])
    return min(stated or _number(values["payments"]) * _number(values["average"]) * 12, 2**62)


def _number(typed: str | list[str]) -> int:
    digits = re.sub(r"[ ,._]", "", str(typed))
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else 0


def _moved(lead: Lead, after: LeadStatus, *, text: str, by: User) -> None:
    before = lead.status
    lead.status = move(before, after, LEAD_MOVES)
    if before is after:
        return
    _heard(lead)
    _say(lead, text, by=by, before=before, after=after)
    event = timeline.record(
        LeadMoved(lead.key, lead.company, LEAD[before].words, LEAD[after].words), by=by, partner=lead.partner
    )
    crm.enqueue(lead, event=event)
    if before is not LeadStatus.DRAFT or after is LeadStatus.SUBMITTED:
        _tell(lead, text, event=event, by=by)


def _heard(lead: Lead) -> None:
    lead.updated_at = clock.now()
    lead.next_update_at = None if lead.status in ENDED else next_update(lead.updated_at)


def next_update(since: datetime) -> datetime:
    """When the partner hears of it next at the latest."""
    return clock.due(since, office.current(), office.lead_update_days())


def _say(
    lead: Lead,
    text: str,
    *,
    by: User,
    internal: bool = False,
    before: LeadStatus | None = None,
    after: LeadStatus | None = None,
) -> None:
    said = LeadUpdate(
        lead_id=lead.id, author_id=by.id, author_name=by.name, by_staff=by.is_staff, internal=internal,
        before=before, after=after, text=text, at=clock.now(),
    )  # fmt: skip
    db.session.add(said)


def _tell(lead: Lead, text: str, *, event: Event, by: User) -> None:
    """The other side: the owner or all of sales; or whoever created the lead."""
    person = lead.created_by if by.is_staff else lead.owner
    to = [mail.person(person)] if person and person.active else []
    if not by.is_staff and not to:
        to = mail.staff(StaffRole.SALES)
    url = mail.link("leads.show" if by.is_staff else "leads.handle", lead_key=lead.key)
    mail.send(
        "lead_news", to=to, subject=f"Lead {lead.company}: {LEAD[lead.status].words}", event=event, author=by.name,
        partner=lead.partner.name, lead=lead, status=LEAD[lead.status].words, text=text, url=url,
    )  # fmt: skip


EMPTY: Values = {field.name: [] if field.several else "" for field in FIELDS}

"""Writes into the feed of a section: messages that mention people, and how far somebody has read."""

import re
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from portal import clock, mail, timeline
from portal.build.limits import MESSAGE_LIMIT, too_long
from portal.catalog import Section
from portal.extensions import db
from portal.models.event import Event, FeedRead
from portal.models.integration import Integration
from portal.models.people import Membership, StaffRole, User
from portal.models.review import Remark, Round, RoundSection
from portal.refusals import Invalid
from portal.timeline.build import MessagePosted

MENTION = re.compile(r"(?<![\w@.])@([\w][\w.-]*)")
TWICE = timedelta(minutes=2)
"""The same words again within this time are a second click."""
REVIEWERS = (StaffRole.SOLUTIONS_ENGINEER, StaffRole.ADMINISTRATOR)


def post_message(integration: Integration, section: Section, *, text: str, by: User, question_key: str | None = None) -> Event:
    """Say something in a section's feed, perhaps about one question; those mentioned get a mail.

    Raises Invalid for an empty or too long text. The same words sent twice are one message.
    """
    text = text.strip()
    problems = too_long("text", text, MESSAGE_LIMIT) if text else {"text": "Write a message first."}
    if problems:
        raise Invalid(problems)
    if again := _said_just_now(integration, section, text=text, by=by, question_key=question_key):
        return again
    people = mentioned(integration, text, by=by)
    event = timeline.record(
        MessagePosted(text=text, mentions=[person.username for person in people]),
        by=by,
        integration=integration,
        section_key=section.key,
        question_key=question_key,
    )
    _tell(integration, section, people, event=event, text=text, by=by)
    return event


def mentioned(integration: Integration, text: str, *, by: User) -> list[User]:
    """The people named by @username who may be named here, without the author."""
    names = {name.rstrip(".-").lower() for name in MENTION.findall(text)}
    if not names:
        return []
    found = select(User).where(func.lower(User.username).in_(names), User.active, User.id != by.id, _here(integration, by))
    return list(db.session.scalars(found.order_by(User.id)))


def _here(integration: Integration, by: User) -> ColumnElement[bool]:
    """The partner's team, and the staff who work on its review; staff may call in any reviewer."""
    team = select(Membership.user_id).where(Membership.partner_id == integration.partner_id)
    reviewing = select(Round.assigned_to_id).where(Round.integration_id == integration.id, Round.assigned_to_id.is_not(None))
    remarking = select(Remark.author_id).where(Remark.integration_id == integration.id, Remark.sent_at.is_not(None))
    writing = select(Event.actor_id).where(
        Event.integration_id == integration.id, Event.kind == MessagePosted.kind, Event.actor_id.is_not(None)
    )
    working = User.id.in_(reviewing) | User.id.in_(remarking) | User.id.in_(writing)
    anybody = User.staff_role.in_(REVIEWERS) if by.is_staff else working & User.staff_role.is_not(None)
    return or_(User.id.in_(team), anybody)


def _tell(integration: Integration, section: Section, people: list[User], *, event: Event, text: str, by: User) -> None:
    for person in people:
        mail.send(
            "mention",
            to=[mail.person(person)],
            subject=f"{by.name} mentioned you in “{section.title}”",
            event=event,
            author=by.name,
            text=text,
            section=section,
            partner=integration.partner.name,
            url=_place(integration, section, person),
        )


def _place(integration: Integration, section: Section, reader: User) -> str:
    """Where this person reads the feed: the section's own page, or the page of the review."""
    if not reader.is_staff:
        return mail.link("build.section", section_key=section.key, _anchor="feed")
    sent = select(Round.key).join(RoundSection, RoundSection.round_id == Round.id)
    sent = sent.where(Round.integration_id == integration.id, RoundSection.section_key == section.key)
    round_key = db.session.scalar(sent.order_by(Round.number.desc()).limit(1))
    if round_key is None:
        return mail.link("staff.partner", partner_key=integration.partner.key)
    return mail.link("reviews.section", round_key=round_key, section_key=section.key, _anchor="feed")


def _said_just_now(
    integration: Integration, section: Section, *, text: str, by: User, question_key: str | None
) -> Event | None:
    last = db.session.scalars(
        select(Event)
        .where(
            Event.integration_id == integration.id,
            Event.section_key == section.key,
            Event.kind == MessagePosted.kind,
            Event.actor_id == by.id,
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    same = last and (last.payload["text"], last.question_key) == (text, question_key)
    return last if last and same and clock.now() - last.at < TWICE else None


def mark_read(integration: Integration, section_key: str, *, up_to: int, by: User) -> None:
    """This person has seen the section's feed up to this happening. Never back, and never into the future."""
    newest = db.session.scalar(select(func.max(Event.id)).where(Event.integration_id == integration.id)) or 0
    mark = db.session.get(FeedRead, (by.id, integration.id, section_key), with_for_update=True)
    if mark is None:
        mark = FeedRead(user_id=by.id, integration_id=integration.id, section_key=section_key, last_event_id=0)
        db.session.add(mark)
    mark.last_event_id = max(mark.last_event_id, min(up_to, newest))

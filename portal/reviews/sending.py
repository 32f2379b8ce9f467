"""Feedback: what would go to the partner, and sending it as happenings, statuses and one digest mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select, update

from portal import clock, mail, timeline
from portal.catalog import Catalog, Question, Section, certification
from portal.extensions import db
from portal.models.event import Event
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection, Verdict
from portal.reviews.clock import close_if_answered
from portal.reviews.reading import Said
from portal.reviews.refusals import NothingToSend
from portal.reviews.remarks import live
from portal.reviews.rounds import UNDER_REVIEW, decide, let_go, lock
from portal.status import RemarkKind, SectionStatus
from portal.timeline.build import AttentionNeeded, RemarkSent, SectionApproved

R = TypeVar("R", Remark, Said)
"""A remark as a row, or as its page shows it."""


@dataclass(frozen=True)
class Decision(Generic[R]):
    """What one section will hear. A section that is neither approved nor asked is left out of the feedback."""

    section: Section
    approved: bool
    remarks: tuple[R, ...]

    @property
    def flagged(self) -> list[str]:
        """The questions that must be corrected, in the order of the catalog."""
        blocking = {remark.question_key for remark in self.remarks if remark.kind is RemarkKind.BLOCKING}
        return [question.key for question in self.section.questions if question.key in blocking]

    def places(self) -> list[tuple[Question | None, list[R]]]:
        """The remarks by question, in the order of the catalog; those about the whole section come first."""
        questions = (None, *self.section.questions)
        by_place = [(q, [r for r in self.remarks if r.question_key == (q.key if q else None)]) for q in questions]
        return [(question, remarks) for question, remarks in by_place if remarks]


def decisions(catalog: Catalog, waiting: Iterable[str], *, approved: Iterable[str], remarks: Sequence[R]) -> list[Decision[R]]:
    """Which of the waiting sections are decided, in the order of the catalog."""
    waiting, approved = set(waiting), set(approved)
    found = []
    for section in catalog.sections:
        said = tuple(remark for remark in remarks if remark.section_key == section.key)
        asks = any(remark.kind is RemarkKind.BLOCKING for remark in said)
        if section.key in waiting and (asks or section.key in approved):
            found.append(Decision(section, approved=not asks, remarks=said))
    return found


def send_feedback(review: Round, *, by: User) -> list[Decision[Remark]]:
    """Send every decided section: happenings, statuses, one digest mail; the round closes when nothing waits any more.

    Suggestions on a section that is not decided yet wait with it. Raises NothingToSend.
    """
    lock(review)
    let_go(review)
    outgoing = _outgoing(review)
    if not outgoing:
        raise NothingToSend
    for decision in outgoing:
        event = _send(review, decision, by)
    closed = close_if_answered(review)
    mail.send(
        "review_feedback",
        to=mail.team(review.integration.partner_id),
        subject=_subject(outgoing),
        event=event,
        decisions=outgoing,
        number=review.number,
        closed=closed,
    )
    return outgoing


def _outgoing(review: Round) -> list[Decision[Remark]]:
    waiting = select(RoundSection.section_key).where(RoundSection.round_id == review.id, RoundSection.status == UNDER_REVIEW)
    approved = select(Verdict.section_key).where(Verdict.round_id == review.id, Verdict.undone_at.is_(None))
    return decisions(
        certification(review.catalog_version),
        db.session.scalars(waiting),
        approved=db.session.scalars(approved.where(Verdict.sent_at.is_(None))),
        remarks=live(review),
    )


def _send(review: Round, decision: Decision[Remark], by: User) -> Event:
    for remark in decision.remarks:
        _send_remark(review, remark, by)
    return _approve(review, decision, by) if decision.approved else _ask(review, decision, by)


def _send_remark(review: Round, remark: Remark, by: User) -> None:
    """What was sent before an undo is not said twice."""
    if remark.sent_at is not None:
        return
    remark.sent_at = clock.now()
    timeline.record(
        RemarkSent(remark.kind, remark.text),
        by=by,
        integration=review.integration,
        section_key=remark.section_key,
        question_key=remark.question_key,
    )


def _approve(review: Round, decision: Decision[Remark], by: User) -> Event:
    key, now = decision.section.key, clock.now()
    drafted = update(Verdict).where(Verdict.round_id == review.id, Verdict.section_key == key)
    db.session.execute(drafted.where(Verdict.undone_at.is_(None), Verdict.sent_at.is_(None)).values(sent_at=now))
    open_remarks = update(Remark).where(Remark.integration_id == review.integration_id, Remark.section_key == key)
    db.session.execute(
        open_remarks.where(Remark.sent_at.is_not(None), Remark.resolved_at.is_(None), Remark.kind == RemarkKind.BLOCKING)
        .where(Remark.withdrawn_at.is_(None))
        .values(resolved_at=now)
    )
    decide(review, key, SectionStatus.APPROVED)
    happened = SectionApproved(review.number)
    return timeline.record(happened, by=by, integration=review.integration, section_key=key)


def _ask(review: Round, decision: Decision[Remark], by: User) -> Event:
    key, now = decision.section.key, clock.now()
    status = SectionStatus.ATTENTION_NEEDED
    db.session.add(Verdict(round_id=review.id, section_key=key, status=status, by_id=by.id, at=now, sent_at=now))
    decide(review, key, status, decision.flagged)
    happened = AttentionNeeded(review.number, decision.flagged)
    return timeline.record(happened, by=by, integration=review.integration, section_key=key)


def _subject(outgoing: Sequence[Decision[Remark]]) -> str:
    """'2 sections approved, 1 needs your attention'."""
    approved = sum(decision.approved for decision in outgoing)
    asked = len(outgoing) - approved
    good = f"{approved} section{'s' if approved != 1 else ''} approved"
    bad = f"{asked} need{'s' if asked == 1 else ''} your attention"
    return ", ".join(words for words, count in ((good, approved), (bad, asked)) if count)

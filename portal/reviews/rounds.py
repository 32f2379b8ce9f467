"""A round and its parts under one lock: two people who decide at once take turns."""

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.review import Round, RoundSection
from portal.refusals import Invalid
from portal.reviews.refusals import Decided, WithThePartner
from portal.status import INTEGRATION_MOVES, SECTION_MOVES, IntegrationStatus, SectionStatus, move

UNDER_REVIEW = SectionStatus.UNDER_REVIEW


def lock(review: Round) -> None:
    """Hold the integration, and read it and the round anew: what a page showed may be old."""
    db.session.flush()
    integration = select(Integration).where(Integration.id == review.integration_id).with_for_update(key_share=True)
    db.session.execute(integration.execution_options(populate_existing=True)).scalar_one()
    again = select(Round).where(Round.id == review.id).with_for_update(key_share=True)
    db.session.execute(again.execution_options(populate_existing=True)).scalar_one()


def part_of(review: Round, section_key: str) -> RoundSection:
    """Raises Invalid for a section that is not in this round."""
    wanted = select(RoundSection).where(RoundSection.round_id == review.id, RoundSection.section_key == section_key)
    part = db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if part is None:
        raise Invalid({"section": "This section is not part of this round."})
    return part


def undecided(review: Round, section_key: str) -> RoundSection:
    """The part, still to be decided. Raises Decided or WithThePartner."""
    part = part_of(review, section_key)
    if part.status is not UNDER_REVIEW:
        raise Decided
    if has_moved_on(review, section_key):
        raise WithThePartner
    return part


def has_moved_on(review: Round, section_key: str) -> bool:
    """Whether the section is in a later round, or no longer in the state that this round gave it."""
    part = part_of(review, section_key)
    return section_of(review, section_key).status is not part.status or in_later_round(review, section_key)


def in_later_round(review: Round, section_key: str) -> bool:
    later = select(RoundSection.id).join(Round, Round.id == RoundSection.round_id)
    later = later.where(Round.integration_id == review.integration_id, Round.number > review.number)
    return bool(db.session.scalar(select(exists(later.where(RoundSection.section_key == section_key)))))


def section_of(review: Round, section_key: str) -> Section:
    wanted = select(Section).where(Section.integration_id == review.integration_id, Section.key == section_key)
    return db.session.execute(wanted).scalar_one()


def decide(review: Round, section_key: str, status: SectionStatus, open_questions: Iterable[str] = ()) -> None:
    """Both the round's part and the partner's section get the status; only the named questions can be edited then."""
    part, section = part_of(review, section_key), section_of(review, section_key)
    part.status = move(part.status, status, SECTION_MOVES)
    section.status = move(section.status, status, SECTION_MOVES)
    section.open_questions = list(open_questions)
    if status is SectionStatus.ATTENTION_NEEDED:
        section.marked_at = section.marked_by_id = None
    follow(review.integration)


def follow(integration: Integration) -> None:
    """The integration waits for the partner while any of its sections does; certifying it is journey's business."""
    db.session.flush()
    statuses = set(db.session.scalars(select(Section.status).where(Section.integration_id == integration.id)))
    if SectionStatus.ATTENTION_NEEDED in statuses:
        integration.status = move(integration.status, IntegrationStatus.CHANGES_REQUESTED, INTEGRATION_MOVES)
    elif UNDER_REVIEW in statuses or integration.status is IntegrationStatus.CHANGES_REQUESTED:
        integration.status = move(integration.status, IntegrationStatus.SUBMITTED, INTEGRATION_MOVES)
    if integration.status is not IntegrationStatus.LIVE:
        integration.certified_at = None


def still_open(review: Round) -> bool:
    """Whether a section of this round waits for a decision."""
    db.session.flush()
    waiting = select(RoundSection.id).where(RoundSection.round_id == review.id, RoundSection.status == UNDER_REVIEW)
    return bool(db.session.scalar(select(exists(waiting))))


def let_go(review: Round) -> None:
    """Parts whose section moved on by itself are answered: the partner has them."""
    section, later, after = aliased(Section), aliased(RoundSection), aliased(Round)
    sent_again = exists().where(
        later.round_id == after.id,
        after.integration_id == review.integration_id,
        after.number > review.number,
        later.section_key == RoundSection.section_key,
    )
    elsewhere = exists().where(
        section.integration_id == review.integration_id,
        section.key == RoundSection.section_key,
        section.status != UNDER_REVIEW,
    )
    parts = select(RoundSection).where(RoundSection.round_id == review.id, RoundSection.status == UNDER_REVIEW)
    for part in db.session.scalars(parts.where(sent_again | elsewhere)):
        part.status = move(part.status, SectionStatus.ATTENTION_NEEDED, SECTION_MOVES)

"""What the review pages read: a fixed number of prebuilt statements, whatever the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Section
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection, Verdict
from portal.status import RemarkKind, SectionStatus
from portal.timeline.build import MessagePosted

MESSAGES = 100
"""How many messages about questions a section's page shows."""


@dataclass(frozen=True, slots=True)
class Given:
    """One decision on record."""

    status: SectionStatus
    by: str
    at: datetime
    sent_at: datetime | None
    undone_at: datetime | None
    undone_by: str | None


@dataclass(slots=True)
class Part:
    """A section of a round with its decisions, oldest first."""

    section_key: str
    status: SectionStatus
    moved_on: bool
    """The section is in a later round, or no longer in the state that this round gave it."""
    given: list[Given] = field(default_factory=list)

    @property
    def standing(self) -> Given | None:
        return next((given for given in reversed(self.given) if given.undone_at is None), None)

    @property
    def drafted(self) -> bool:
        """Approved, and the partner does not know yet."""
        return self.waiting and self.standing is not None and self.standing.sent_at is None

    @property
    def waiting(self) -> bool:
        return self.status is SectionStatus.UNDER_REVIEW and not self.moved_on

    @property
    def can_undo(self) -> bool:
        return self.standing is not None and not self.moved_on


@dataclass(frozen=True, slots=True)
class Said:
    """A remark that stands, with the round it was made in."""

    key: str
    round_id: int
    number: int
    section_key: str
    question_key: str | None
    kind: RemarkKind
    text: str
    author: str
    created_at: datetime
    sent_at: datetime | None
    resolved_at: datetime | None


_BY, _UNDOER, _LATER, _AFTER = aliased(User), aliased(User), aliased(RoundSection), aliased(Round)
_SENT_AGAIN = exists(
    select(_LATER.id)
    .join(_AFTER, _AFTER.id == _LATER.round_id)
    .where(
        _AFTER.integration_id == bindparam("integration"),
        _AFTER.number > bindparam("number"),
        _LATER.section_key == RoundSection.section_key,
    )
)
_PARTS = (
    select(
        RoundSection.section_key,
        RoundSection.status,
        or_(Section.status != RoundSection.status, _SENT_AGAIN).label("moved_on"),
        Verdict.id.label("verdict"),
        Verdict.status.label("given"),
        _BY.name.label("by"),
        Verdict.at,
        Verdict.sent_at,
        Verdict.undone_at,
        _UNDOER.name.label("undone_by"),
    )
    .join(
        Section, and_(Section.integration_id == bindparam("integration"), Section.key == RoundSection.section_key), isouter=True
    )
    .outerjoin(Verdict, and_(Verdict.round_id == RoundSection.round_id, Verdict.section_key == RoundSection.section_key))
    .outerjoin(_BY, _BY.id == Verdict.by_id)
    .outerjoin(_UNDOER, _UNDOER.id == Verdict.undone_by_id)
    .where(RoundSection.round_id == bindparam("round"))
    .order_by(RoundSection.id, Verdict.id)
)
_SAID = (
    select(
        Remark.key,
        Remark.round_id,
        Round.number,
        Remark.section_key,
        Remark.question_key,
        Remark.kind,
        Remark.text,
        User.name,
        Remark.created_at,
        Remark.sent_at,
        Remark.resolved_at,
    )
    .join(User, User.id == Remark.author_id)
    .join(Round, Round.id == Remark.round_id)
    .where(
        Remark.integration_id == bindparam("integration"),
        Remark.withdrawn_at.is_(None),
        or_(Remark.round_id == bindparam("round"), Remark.section_key == bindparam("section")),
    )
    .order_by(Remark.id)
)
_SNAPSHOTS = (
    select(Round.number, RoundSection.snapshot)
    .join(Round, Round.id == RoundSection.round_id)
    .where(
        Round.integration_id == bindparam("integration"),
        RoundSection.section_key == bindparam("section"),
        Round.number <= bindparam("number"),
    )
    .order_by(Round.number.desc())
    .limit(2)
)
_MESSAGES = (
    select(Event.question_key, Event.at, Event.actor_name, Event.payload)
    .where(
        Event.integration_id == bindparam("integration"),
        Event.section_key == bindparam("section"),
        Event.kind == MessagePosted.kind,
        Event.question_key.is_not(None),
    )
    .order_by(Event.id.desc())
    .limit(MESSAGES)
)


def parts(review: Round) -> list[Part]:
    """The sections of a round, in the order of the catalog."""
    values = {"round": review.id, "integration": review.integration_id, "number": review.number}
    found: dict[str, Part] = {}
    for row in db.session.execute(_PARTS, values):
        part = found.setdefault(row.section_key, Part(row.section_key, row.status, bool(row.moved_on)))
        if row.verdict is not None:
            part.given.append(Given(row.given, row.by, row.at, row.sent_at, row.undone_at, row.undone_by))
    return list(found.values())


def said(review: Round, section_key: str = "") -> list[Said]:
    """What stands: in this round, and of earlier rounds what was said of this section."""
    values = {"integration": review.integration_id, "round": review.id, "section": section_key}
    return [Said(*row) for row in db.session.execute(_SAID, values)]


def snapshots(review: Round, section_key: str) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """The section as it was sent in this round, and as it was sent before that."""
    values = {"integration": review.integration_id, "section": section_key, "number": review.number}
    now, *before = db.session.execute(_SNAPSHOTS, values).all()
    return now.snapshot, before[0].snapshot if before else None


def threads(review: Round, section_key: str) -> dict[str, list[Row[Any]]]:
    """The latest messages about single questions, oldest first, by question."""
    found: dict[str, list[Row[Any]]] = {}
    values = {"integration": review.integration_id, "section": section_key}
    for row in reversed(db.session.execute(_MESSAGES, values).all()):
        found.setdefault(row.question_key, []).append(row)
    return found

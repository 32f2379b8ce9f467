"""The review queue: oldest due first, filters that combine, pages by key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Integer, Row, Select, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.catalog import certification
from portal.extensions import rows
from portal.models.columns import Utc
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Round, RoundSection
from portal.refusals import Gone
from portal.status import RoundStatus, SectionStatus

PAGE = 20
BADGE = 99
"""Counts above this are shown as '99+'."""
PARTNER_TEXT = 80
"""Characters of a partner's name that are looked for."""
Who = Literal["", "mine", "nobody"]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this round."""

    due_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.due_at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Raises Gone for what no page of ours has linked to."""
        if not text:
            return None
        due_at, _, number = text.partition("~")
        try:
            cursor = cls(datetime.fromisoformat(due_at).astimezone(UTC), int(number))
        except (ValueError, OverflowError):
            cursor = None
        if cursor is None or not 0 < cursor.id < 2**31:
            raise Gone("This page of the queue is not there any more. Begin at its first page.")
        return cursor


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked to see; all of it is in the URL."""

    status: RoundStatus = RoundStatus.OPEN
    who: Who = ""
    overdue: bool = False
    partner: str = ""
    section: str = ""

    @property
    def narrow(self) -> bool:
        """Whether an empty page may have its reason in a filter."""
        return bool(self.who or self.overdue or self.partner or self.section)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the running rounds, as words: '12' or '99+'."""

    running: str
    overdue: str
    unassigned: str
    mine: str


@lru_cache(maxsize=128)
def _statement(status: RoundStatus, who: Who, *, overdue: bool, partner: bool, section: bool, after: bool) -> Select[Any]:
    """One for each combination of filters; the values are bound. Answered rounds come latest first."""
    of = aliased(RoundSection)
    waits = select(func.count()).where(of.round_id == Round.id, of.status == SectionStatus.UNDER_REVIEW)
    sent = select(func.count()).where(of.round_id == Round.id)
    found = (
        select(
            Round.id,
            Round.key,
            Round.number,
            Round.due_at,
            Round.minutes_left,
            Round.assigned_to_id,
            Partner.name.label("partner"),
            User.name.label("reviewer"),
            waits.scalar_subquery().label("waiting"),
            sent.scalar_subquery().label("sections"),
        )
        .join(Integration, Integration.id == Round.integration_id)
        .join(Partner, Partner.id == Integration.partner_id)
        .outerjoin(User, User.id == Round.assigned_to_id)
        .where(Round.status == status)
        .limit(PAGE + 1)
    )
    if who:
        found = found.where(Round.assigned_to_id == bindparam("me") if who == "mine" else Round.assigned_to_id.is_(None))
    if overdue:
        found = found.where(Round.due_at < bindparam("now", type_=Utc))
    if partner:
        found = found.where(func.lower(Partner.name).contains(bindparam("partner"), escape="/"))
    if section:
        found = found.where(_has_section())
    return _ordered(found, closed=status is RoundStatus.CLOSED, after=after)


def _has_section() -> Any:
    part = aliased(RoundSection)
    return exists(select(part.id).where(part.round_id == Round.id, part.section_key == bindparam("section")))


def _ordered(found: Select[Any], *, closed: bool, after: bool) -> Select[Any]:
    due, last = bindparam("due_at", type_=Utc), bindparam("last", type_=Integer)
    if after and closed:
        found = found.where(or_(Round.due_at < due, and_(Round.due_at == due, Round.id < last)))
    elif after:
        found = found.where(or_(Round.due_at > due, and_(Round.due_at == due, Round.id > last)))
    return found.order_by(Round.due_at.desc(), Round.id.desc()) if closed else found.order_by(Round.due_at, Round.id)


def page(filters: Filters, *, me: User, after: Cursor | None = None) -> tuple[list[Row[Any]], Cursor | None]:
    """The rounds of one page, and where the next begins. One statement."""
    statement = _statement(
        filters.status,
        filters.who,
        overdue=filters.overdue,
        partner=bool(filters.partner),
        section=bool(filters.section),
        after=after is not None,
    )
    found = list(rows(statement, _values(filters, me, after)))
    shown = found[:PAGE]
    return shown, Cursor(shown[-1].due_at, shown[-1].id) if len(found) > PAGE else None


def _values(filters: Filters, me: User, after: Cursor | None) -> dict[str, object]:
    values: dict[str, object] = {"me": me.id, "now": clock.now(), "section": filters.section}
    values["partner"] = _like(filters.partner.lower())
    if after:
        values |= {"due_at": after.due_at, "last": after.id}
    return values


def _like(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _count(*where: Any) -> Any:
    some = select(literal(1)).select_from(Round).where(Round.status == RoundStatus.OPEN, *where).limit(BADGE + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


_COUNTS = select(
    _count(),
    _count(Round.due_at < bindparam("now", type_=Utc)),
    _count(Round.assigned_to_id.is_(None)),
    _count(Round.assigned_to_id == bindparam("me")),
)


def counts(me: User) -> Counts:
    """One statement, which stops counting at BADGE."""
    found = rows(_COUNTS, {"me": me.id, "now": clock.now()}).one()
    return Counts(*(str(count) if count <= BADGE else f"{BADGE}+" for count in found))


def section_choices() -> list[tuple[str, str]]:
    """The sections by which the queue can be filtered."""
    return [(section.key, section.title) for section in certification()]

"""Which rows are a partner's: worked out from the tables themselves, so that no table can be forgotten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Column, ColumnElement, String, Table, false, or_, select

from portal.extensions import Base, db
from portal.models.event import Event
from portal.models.partner import Partner
from portal.models.people import Membership, User

PEOPLE, HOUSE = "users", "partner"
PERSON = "user_id"
"""A column of this name makes a row a person's own; other references to people say who did something."""
TOLD_APART = {"delivery_value": ("delivery_id", "delivery"), "event_word": ("event_id", "event")}
"""Tables that refer to another without a constraint, because they are long."""
NOBODYS = frozenset(
    {
        "attempt", "beat", "saved_reply", "office_day", "desk_figure", "directory_count",
        "content_audience", "content_count", "content_item", "content_file", "content_shown", "content_version",
        "content_place", "content_text",
    }
)  # fmt: skip
"""Tables that hold nothing of any partner: the staff's own, counts over all, addresses of guesses as digests for two days."""
STORED = 80
"""How long the columns are in which the place of a stored file stands."""


class UnknownTable(RuntimeError):
    """A table of which nobody has said whose its rows are."""


@dataclass(frozen=True, slots=True)
class House:
    """A partner and its people, by their numbers."""

    partner_id: int
    people: Sequence[int] = field(default=())


def house(partner: Partner) -> House:
    """Who is in its team; and who was, and is in no other and not among the staff. Two statements."""
    team = select(Membership.user_id).where(Membership.partner_id == partner.id)
    elsewhere = select(Membership.user_id).where(Membership.user_id == User.id).exists()
    acted = select(Event.actor_id).where(Event.partner_id == partner.id, Event.actor_id.is_not(None))
    left = select(User.id).where(User.id.in_(acted), User.staff_role.is_(None), ~elsewhere)
    return House(partner.id, sorted({*db.session.scalars(team), *db.session.scalars(left)}))


@cache
def owned() -> tuple[Table, ...]:
    """Every table that has rows of partners or of their people, in the order in which they can be written.

    Raises UnknownTable for one that is neither that nor named above.
    """
    tables = Base.metadata.sorted_tables
    unknown = [table.name for table in tables if table.name not in {HOUSE, PEOPLE, *NOBODYS} and not any(_ways(table))]
    if unknown:
        raise UnknownTable(f"Say in portal.exports.belongings whose the rows of {', '.join(unknown)} are.")
    return tuple(table for table in tables if table.name not in NOBODYS and table.name != HOUSE)


def _ways(table: Table) -> Iterator[tuple[Column[object], Table]]:
    """Columns that lead to what owns a row, with the table that they lead to."""
    if table.name in TOLD_APART:
        column, told_apart = TOLD_APART[table.name]
        yield table.c[column], Base.metadata.tables[told_apart]
    for key in table.foreign_keys:
        parent = key.column.table
        if (
            parent.name == HOUSE
            or (parent.name == PEOPLE and key.parent.name == PERSON)
            or parent.name not in {PEOPLE, *NOBODYS}
        ):
            yield key.parent, parent


def belongs(table: Table, of: House) -> ColumnElement[bool]:
    """The condition that a row of this table is the partner's."""
    if table.name == HOUSE:
        return table.c.id == of.partner_id
    if table.name == PEOPLE:
        return table.c.id.in_(of.people)
    ways = sorted(_ways(table), key=lambda way: way[0].name)
    direct = [way for way in ways if way[1].name == HOUSE and not way[0].nullable]
    return or_(false(), *(_leads(column, parent, of) for column, parent in direct or ways))


def _leads(column: Column[object], parent: Table, of: House) -> ColumnElement[bool]:
    if parent.name == HOUSE:
        return column == of.partner_id
    if parent.name == PEOPLE:
        return column.in_(of.people)
    key = parent.c.id if "id" in parent.c else next(iter(parent.primary_key))
    return column.in_(select(key).where(belongs(parent, of)))


def references(table: Table) -> list[Column[object]]:
    """Columns that say who did something."""
    return [key.parent for key in table.foreign_keys if key.column.table.name == PEOPLE and key.parent.name != PERSON]


def places(table: Table) -> list[Column[object]]:
    """Columns in which the place of a stored file stands."""
    return [column for column in table.columns if column.name.endswith("_key") and _length(column) == STORED]


def _length(column: Column[object]) -> int | None:
    return column.type.length if isinstance(column.type, String) else None

"""Lists: every filter form that clients send, cursors, and one prepared statement per combination."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Integer, Select, String, bindparam, select, tuple_

from portal.sandbox import clock
from portal.sandbox.errors import bad_filter, invalid, usage
from portal.sandbox.store.noted import noted
from portal.sandbox.store.prepared import Prepared
from portal.sandbox.store.tables import DOCUMENTS, event_links

if TYPE_CHECKING:  # the route table declares the filters and needs this module
    from portal.sandbox.api.routes import Filters
    from portal.sandbox.store.world import World

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 500
_NAME = re.compile(r'(\w+)(?:\[([^\[\]"\\]*)\])?')
_OPERATORS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
PAGING = frozenset({"limit", "after", "before", "sort_field", "sort_direction"})


@dataclass
class Asked:
    """A list call's query, understood."""

    limit: int = DEFAULT_LIMIT
    after: str = ""
    before: str = ""
    sort: str = ""
    ascending: bool = False
    equal: dict[str, list[str]] = field(default_factory=dict)
    within: dict[tuple[str, str], str] = field(default_factory=dict)
    event_link: tuple[str, str] | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Pairs of id and JSON text, and the cursors around them."""

    rows: list[tuple[str, str]]
    before: str | None
    after: str | None
    limit: int

    def with_texts(self, change: Callable[[str], str]) -> Page:
        return Page([(identity, change(text)) for identity, text in self.rows], self.before, self.after, self.limit)


def asked(query: Mapping[str, list[str]], filters: Filters) -> Asked:
    """Raises 400 ``invalid_filters`` for what this list can not be narrowed by, 422 for values that make no sense."""
    out = Asked()
    for written, values in query.items():
        found = _NAME.fullmatch(written)
        name, inner = (found[1], found[2]) if found else (written, None)
        if name in PAGING:
            _page_part(out, name, values[-1], filters)
        elif name in filters.ranges:
            _range_part(out, name, inner, values[-1])
        elif name == "metadata" and filters.metadata and inner:
            out.metadata[inner] = values[-1]
        elif name in filters.choices and (not inner or inner.isdigit()):
            out.equal.setdefault(name, []).extend(_values(name, values, filters))
        else:
            raise bad_filter(f"{written[:100]} is not a filter of this list")
    _check_together(out, filters)
    return out


def page(world: World, kind: str, filters: Filters) -> Page:
    return fetch(world, kind, asked(world.query, filters))


def fetch(world: World, kind: str, ask: Asked) -> Page:
    """Reads one page of stored documents, newest first unless asked otherwise."""
    values: dict[str, Any] = {"organisation": world.organisation, "limit": ask.limit + 1}
    values |= {f"is_{name}": wanted if len(wanted) > 1 else wanted[0] for name, wanted in ask.equal.items()}
    values |= {f"{operator}_{name}": wanted for (name, operator), wanted in ask.within.items()}
    if ask.event_link:
        values |= {"link_name": ask.event_link[0], "link_value": ask.event_link[1]}
    for number, (key, wanted) in enumerate(ask.metadata.items()):
        values |= {f"key_{number}": key, f"noted_{number}": wanted}
    if cursor := ask.after or ask.before:
        values |= _cursor_values(world, kind, cursor, ask.sort)
    backwards = bool(ask.before)
    statement = _statement(
        kind,
        _shape(ask),
        tuple(ask.within),
        ask.sort,
        ascending=ask.ascending != backwards,
        cursor=bool(cursor),
        linked=bool(ask.event_link),
        notes=len(ask.metadata),
    )
    rows = _rows(world, statement, values)
    more, rows = len(rows) > ask.limit, rows[: ask.limit]
    if backwards:
        rows.reverse()
    return Page(rows, _before(ask, rows, more=more), _after(ask, rows, more=more), ask.limit)


def _rows(world: World, statement: Select[Any] | Prepared, values: dict[str, Any]) -> list[tuple[str, str]]:
    if isinstance(statement, Prepared):
        return statement.rows(world.conn, values)
    return [(row[0], row[1]) for row in world.conn.execute(statement, values)]


def _before(ask: Asked, rows: list[tuple[str, str]], *, more: bool) -> str | None:
    return rows[0][0] if rows and (ask.after or (ask.before and more)) else None


def _after(ask: Asked, rows: list[tuple[str, str]], *, more: bool) -> str | None:
    return rows[-1][0] if rows and (more if not ask.before else True) else None


def _shape(ask: Asked) -> tuple[tuple[str, bool], ...]:
    return tuple((name, len(values) > 1) for name, values in ask.equal.items())


def _cursor_values(world: World, kind: str, cursor: str, sort: str) -> dict[str, Any]:
    table = DOCUMENTS[kind]
    row = world.conn.execute(_place(kind, sort), {"organisation": world.organisation, "id": cursor}).first()
    if row is None:
        raise usage(400, "bad_request", f"The cursor {cursor[:60]} is not known")
    place = {"at_created": row.created_at, "at_seq": row.seq}
    return place | ({"at_sort": row[2]} if sort and sort in table.c else {})


@lru_cache
def _place(kind: str, sort: str) -> Select[Any]:
    table = DOCUMENTS[kind]
    columns = [table.c.created_at, table.c.seq] + ([table.c[sort]] if sort else [])
    return select(*columns).where(table.c.id == bindparam("id"), table.c.organisation == bindparam("organisation"))


@lru_cache(maxsize=512)
def _statement(
    kind: str,
    equal: tuple[tuple[str, bool], ...],
    within: tuple[tuple[str, str], ...],
    sort: str,
    *,
    ascending: bool,
    cursor: bool,
    linked: bool,
    notes: int,
) -> Select[Any] | Prepared:
    """A statement with lists of values is left to SQLAlchemy, which writes it anew for their number."""
    table = DOCUMENTS[kind]
    found = select(table.c.id, table.c.body).where(table.c.organisation == bindparam("organisation"))
    for name, several in equal:
        wanted: BindParameter[Any] = bindparam(f"is_{name}", expanding=several)
        found = found.where(table.c[name].in_(wanted) if several else table.c[name] == wanted)
    for name, operator in within:
        found = found.where(getattr(table.c[name], _OPERATORS[operator])(bindparam(f"{operator}_{name}")))
    for number in range(notes):
        found = found.where(noted(table.c.body, bindparam(f"key_{number}", type_=String)) == bindparam(f"noted_{number}"))
    if linked:
        found = found.where(table.c.id.in_(_linked_events()))
    columns = ([table.c[sort]] if sort else []) + [table.c.created_at, table.c.seq]
    if cursor:
        here = tuple_(*([bindparam("at_sort")] if sort else []), bindparam("at_created"), bindparam("at_seq"))
        found = found.where(tuple_(*columns) > here if ascending else tuple_(*columns) < here)
    found = found.order_by(*(c.asc() if ascending else c.desc() for c in columns)).limit(bindparam("limit", type_=Integer))
    return found if any(several for _, several in equal) else Prepared(found)


def _linked_events() -> Select[Any]:
    links = event_links.c
    here = (
        links.organisation == bindparam("organisation"),
        links.name == bindparam("link_name"),
        links.value == bindparam("link_value"),
    )
    return select(links.event).where(*here)


def _page_part(out: Asked, name: str, value: str, filters: Filters) -> None:
    if name == "limit":
        if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= LARGEST_LIMIT:
            raise invalid(("/limit", f"must be a number between 1 and {LARGEST_LIMIT}"))
        out.limit = int(value)
    elif name in ("after", "before"):
        setattr(out, name, value)
    elif name == "sort_direction" and filters.sorts:
        if value not in ("asc", "desc"):
            raise invalid(("/sort_direction", "must be asc or desc"))
        out.ascending = value == "asc"
    elif value in filters.sorts:
        out.sort = "" if value == "created_at" else value
    else:
        raise bad_filter(f"This list can not be sorted by {value[:60]}")


def _range_part(out: Asked, name: str, operator: str | None, value: str) -> None:
    if operator not in _OPERATORS:
        raise bad_filter(f"Filter {name} by {name}[gt], [gte], [lt] or [lte]")
    read = clock.day if name == "charge_date" else clock.parse
    try:
        moment = read(value.replace(" ", "+") if name != "charge_date" else value)
        out.within[(name, operator)] = moment.isoformat() if name == "charge_date" else clock.stamp(moment)  # type: ignore[arg-type]  # both readers yield what their branch needs
    except (ValueError, OverflowError):
        raise invalid((f"/{name}/{operator}", "is not a valid date or time")) from None


def _values(name: str, values: list[str], filters: Filters) -> list[str]:
    choices = filters.choices[name]
    wanted = [part for value in values for part in value.split(",")] if choices is not None else values
    if choices is None:
        return wanted
    known = tuple(choices)
    if known == ("true", "false"):
        wanted = [{"1": "true", "0": "false"}.get(value, value).lower() for value in wanted]
    for value in wanted:
        if value not in known:
            raise invalid((f"/{name}", f"must be one of {', '.join(known)}"))
    return wanted


def _check_together(out: Asked, filters: Filters) -> None:
    together = [name for name in filters.alone if name in out.equal]
    if len(together) > 1:
        raise bad_filter(f"{' and '.join(together)} can not be used together")
    if out.after and out.before:
        raise bad_filter("after and before can not be used together")
    for name in filters.required:
        if name not in out.equal:
            raise bad_filter(f"The filter {name} is required")

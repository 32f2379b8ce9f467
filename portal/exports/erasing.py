"""The worker's part of a deletion: files, then webhooks by the hundred, then every row in one transaction, which leaves a tombstone."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, SQLColumnExpression, String, Table, cast, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from portal import storage, timeline, transaction
from portal.exports.belongings import House, belongs, house, owned, places, references
from portal.extensions import Base, db
from portal.launch import directory
from portal.models.event import Event
from portal.models.listing import Listing
from portal.models.outbox import Outbox
from portal.models.partner import Contact, Partner, Profile, Registration
from portal.models.people import Invitation, User
from portal.outbox import Job
from portal.timeline.exports import PartnerDeleted
from portal.webhooks import purging

GONE_BEFORE = frozenset({"delivery_value"})
"""Went with the webhooks, each row by its key: looking for them here would read a table of millions."""
SHORTEST = 4
"""Names that are shorter are not looked for in what belongs to nobody: they stand in too many other words."""


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What must be known before the first row goes."""

    key: str
    of: House
    words: frozenset[str]
    """Addresses and names by which the partner may be named where nothing refers to it."""
    files: frozenset[str]


def erase(job: Job) -> None:
    """Everything of one partner. Again is no harm: what is gone stays gone."""
    partner_id = int(job.payload["partner_id"])
    with transaction.reading():
        leaving = _look(partner_id)
    if leaving is None:
        return
    for key in leaving.files:
        storage.current().delete(key)
    purging.purge_of(partner_id)
    _forget(leaving, db.session.get(User, job.payload["by_id"]))


def _look(partner_id: int) -> _Leaving | None:
    partner = db.session.get(Partner, partner_id)
    if partner is None or partner.leaving_at is None:
        return None
    of = house(partner)
    files = {str(key) for table in owned() for column in places(table) for key in _values(table, column.name, of)}
    return _Leaving(partner.key, of, frozenset(_words(partner, of)), frozenset(files))


def _values(table: Table, column: str, of: House) -> Iterable[object]:
    there = table.c[column]
    return db.session.execute(select(there).where(belongs(table, of), there.is_not(None))).scalars()


def _words(partner: Partner, of: House) -> Iterator[str]:
    """As they stand in titles of mails, and in happenings that belong to no partner."""
    members = (User.id.in_(of.people), Contact.partner_id == partner.id, Invitation.partner_id == partner.id)
    for column, condition in zip((User.email, Contact.email, Invitation.email), members, strict=True):
        yield from (email for email in db.session.scalars(select(column).where(condition)) if "@" in email)
    registered = select(Registration.company, Registration.email).where(Registration.partner_id == partner.id)
    names = [partner.name, *(word for row in db.session.execute(registered) for word in row)]
    names += [*db.session.scalars(select(Profile.legal_name).where(Profile.partner_id == partner.id))]
    yield from (name for name in names if len(name) >= SHORTEST)


def _forget(leaving: _Leaving, by: User | None) -> None:
    """In one transaction: either all of it is there, or none."""
    for listing in db.session.scalars(select(Listing).where(Listing.partner_id == leaving.of.partner_id)).all():
        directory.refresh(listing, None)
    db.session.flush()
    db.session.expunge_all()
    _forget_mentions(leaving.words)
    rows = {table.name: _delete(table, leaving.of) for table in reversed(owned()) if table.name not in GONE_BEFORE}
    rows[Partner.__tablename__] = _delete(Base.metadata.tables[Partner.__tablename__], leaving.of)
    told = {name: count for name, count in sorted(rows.items()) if count}
    actor = db.session.get(User, by.id) if by else None
    timeline.record(PartnerDeleted(leaving.key, files=len(leaving.files), rows=told), by=actor)


def _delete(table: Table, of: House) -> int:
    if table.name == User.__tablename__:
        _let_go(of)
    done = db.session.execute(delete(table).where(belongs(table, of)).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a deletion has one


def _let_go(of: House) -> None:
    """What others keep no longer says that one of these people did it."""
    for table in Base.metadata.tables.values():
        for column in references(table):
            if column.nullable:
                db.session.execute(update(table).where(column.in_(of.people)).values({column.name: None}))


def _forget_mentions(words: Iterable[str]) -> None:
    """Mails in the outbox and happenings that belong to no partner, and name this one or its people."""
    for word in words:
        _drop("outbox", "id", [row.id for row in _naming(Outbox.title, Outbox.partner_id, word) if _named(word, row.text)])
        found = _naming(cast(Event.payload, String), Event.partner_id, json.dumps(word)[1:-1])
        gone = [row.id for row in found if _named(json.dumps(word)[1:-1], row.text)]
        for table, column in (("event_word", "event_id"), ("outbox", "event_id"), ("event", "id")):
            _drop(table, column, gone)


def _naming(
    text: SQLColumnExpression[str], partner_id: InstrumentedAttribute[int | None], word: str
) -> Sequence[Row[tuple[int, str]]]:
    """Rows of no partner in whose text these signs stand."""
    plain = word.replace("^", "^^").replace("%", "^%").replace("_", "^_")
    of = select(partner_id.class_.id, text.label("text")).where(partner_id.is_(None), text.like(f"%{plain}%", escape="^"))
    return db.session.execute(of).all()


def _named(word: str, text: str) -> bool:
    """As a whole word: what is called Acme is not what is called Acmeology."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _drop(table: str, column: str, ids: Sequence[int]) -> None:
    if ids:
        of = Base.metadata.tables[table]
        db.session.execute(delete(of).where(of.c[column].in_(ids)))

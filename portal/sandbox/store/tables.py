"""Tables: one per kind of document with a column per filter, and the few that are not documents."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from portal.sandbox.kinds import KINDS, Kind

metadata = MetaData()
Serial = BigInteger().with_variant(Integer, "sqlite")


def _document_table(kind: Kind) -> Table:
    name = kind.name
    filters = [Column(key, BigInteger if key in kind.numbers else String(300)) for key in kind.columns]
    indexes = [_index(kind, column) for column in filters]
    return Table(
        name,
        metadata,
        Column("seq", Serial, primary_key=True, autoincrement=True),
        Column("organisation", String(40), nullable=False),
        Column("id", String(60), nullable=False),
        Column("created_at", String(24), nullable=False),
        *filters,
        Column("body", Text, nullable=False),
        Column("inner", Text, nullable=False),
        UniqueConstraint("id", "organisation", name=f"uq_{name}_id"),
        Index(f"ix_{name}_newest", "organisation", "created_at", "seq"),
        *indexes,
    )


def _index(kind: Kind, column: Column[Any]) -> Index:
    """What can only be filtered by is left out where it is empty, which most links are; what is sorted by never is."""
    only = None if column.name in kind.sorts else column.is_not(None)
    place = ("organisation", column, "created_at", "seq")
    return Index(f"ix_{kind.name}_{column.name}", *place, sqlite_where=only, postgresql_where=only)


DOCUMENTS: Mapping[str, Table] = {name: _document_table(kind) for name, kind in KINDS.items()}

event_links = Table(
    "event_links",
    metadata,
    Column("organisation", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", String(60), primary_key=True),
    Column("event", String(60), primary_key=True),
)

state = Table(
    "sandbox_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shift", Float, nullable=False, default=0.0),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(300), nullable=False),
    Column("country_code", String(2), nullable=False),
    Column("faults", Integer, nullable=False, default=0),
    Column("created_at", String(24), nullable=False),
)

merchants = Table(
    "merchants",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("organisation", String(40), nullable=False, index=True),
    Column("email", String(300), nullable=False, unique=True),
    Column("given_name", String(300), nullable=False),
    Column("family_name", String(300), nullable=False),
    Column("password", String(300), nullable=False),
    Column("created_at", String(24), nullable=False),
)

apps = Table(
    "apps",
    metadata,
    Column("client_id", String(80), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("name", String(300), nullable=False),
    Column("details", Text, nullable=False),
    Column("created_at", String(24), nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("organisation", String(40), nullable=False, index=True),
    Column("client_id", String(80), index=True),
    Column("scope", String(20), nullable=False),
    Column("email", String(300), nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("revoked_at", String(24)),
)

codes = Table(
    "codes",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("organisation", String(40), nullable=False),
    Column("client_id", String(80), nullable=False),
    Column("merchant", Integer, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", String(20), nullable=False),
    Column("expires_at", String(24), nullable=False),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), index=True),
    Column("client_id", String(80), index=True),
    Column("url", Text, nullable=False),
    Column("secret", String(200), nullable=False),
    Column("enabled", Boolean, nullable=False, default=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("endpoint", String(40), nullable=False),
    Column("organisation", String(40), nullable=False),
    Column("written_at", Float, nullable=False),
    Column("event", Text, nullable=False),
    Index("ix_outbox_endpoint", "endpoint", "organisation", "seq"),
)

sends = Table(
    "sends",
    metadata,
    Column("webhook", String(60), primary_key=True),
    Column("organisation", String(40), primary_key=True),
    Column("endpoint", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("signature", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("copies", Integer, nullable=False, default=1),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, index=True),
    Column("lease_until", Float, nullable=False, default=0.0),
)

due = Table(
    "due",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("at", String(24), nullable=False, index=True),
    Column("organisation", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("id", String(60), nullable=False),
    Column("job", String(40), nullable=False),
    Index("ix_due_resource", "organisation", "id"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("organisation", String(40), primary_key=True),
    Column("endpoint", String(60), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("resource", String(60), nullable=False),
)

faults = Table(
    "faults",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("organisation", String(40), nullable=False, index=True),
    Column("target", String(10), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("left", Integer, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
)

fault_aims = Table(
    "fault_aims",
    metadata,
    Column("fault", BigInteger, primary_key=True, autoincrement=False),
    Column("method", String(10)),
    Column("resource", String(40)),
    Column("client_id", String(80)),
)

requests = Table(
    "requests",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("token", String(64), index=True),
    Column("client_id", String(80), index=True),
    Column("organisation", String(40), index=True),
    Column("record", Text, nullable=False),
)

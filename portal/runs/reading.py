"""Runs as pages read them: lists along the key, one whole, the newest of a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.models.run import Run
from portal.status import RunKind, RunStatus

PAGE = 50
NEIGHBOURS = 20
_COLUMNS = (
    Run.id, Run.key, Run.kind, Run.status, Run.words, Run.started_at, Run.ended_at,
    PartnerApp.name.label("app"), PartnerApp.environment, User.name.label("by"),
    Connection.organisation_id, Connection.creditor_name,
)  # fmt: skip
_LIST = select(*_COLUMNS).join(Run.app).outerjoin(Run.started_by).outerjoin(Run.connection).order_by(Run.id.desc())
_WHOLE = (joinedload(Run.app), joinedload(Run.connection), joinedload(Run.started_by), selectinload(Run.steps))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; empty values show all."""

    app: str = ""
    kind: RunKind | None = None
    status: RunStatus | None = None

    def in_url(self, **other: str) -> dict[str, str]:
        """The filters as the address carries them, some of them changed."""
        asked = {"app": self.app, "kind": self.kind or "", "status": self.status or "", **other}
        return {name: str(value) for name, value in asked.items() if value}


def page(partner_id: int, seen: Filters, *, before: int | None = None) -> tuple[Sequence[Row[Any]], int | None]:
    """One page, newest first, and the id below which the next begins."""
    wanted: list[ColumnElement[bool]] = [Run.partner_id == partner_id]
    wanted += [PartnerApp.key == seen.app] if seen.app else []
    wanted += [Run.kind == seen.kind] if seen.kind else []
    wanted += [Run.status == seen.status] if seen.status else []
    wanted += [Run.id < before] if before else []
    rows = db.session.execute(_LIST.where(*wanted).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def whole(run: Run) -> Run:
    """The run with everything that its page shows, in two statements."""
    return db.session.scalars(
        select(Run).where(Run.id == run.id).options(*_WHOLE).execution_options(populate_existing=True)
    ).one()


def latest(partner_id: int, kind: RunKind) -> Run | None:
    """The partner's newest run of a kind, for the places that show one line about it."""
    return db.session.scalars(
        select(Run).where(Run.partner_id == partner_id, Run.kind == kind).order_by(Run.id.desc()).limit(1)
    ).first()


def of_connection(connection: Connection) -> Sequence[Row[Any]]:
    """The newest runs about one connected organisation."""
    return db.session.execute(_LIST.where(Run.connection_id == connection.id).limit(NEIGHBOURS)).all()


def neighbours(run: Run) -> Sequence[Row[Any]]:
    """Other runs of the same kind that this one may be compared with, newest first."""
    others = _LIST.where(Run.partner_id == run.partner_id, Run.kind == run.kind, Run.id != run.id)
    return db.session.execute(others.limit(NEIGHBOURS)).all()

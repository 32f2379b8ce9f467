"""Connected organisations: stored when a token comes, kept up to date, listed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal import clock, timeline
from portal.connect.doing import Outcome
from portal.extensions import db
from portal.models.partner import Partner
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.status import ConnectionStatus
from portal.timeline.developers import MerchantConnected

PAGE = 50
FIELDS = ("email", "scope", "creditor_id", "creditor_name", "verification_status")


def connected(run: Run, outcome: Outcome) -> Connection:
    """The connection with its new token; an organisation that connects again keeps its row."""
    organisation = outcome.learnt["organisation_id"]
    found = _of(run, organisation)
    connection = found or _new(run, organisation)
    connection.access_token, connection.status = outcome.token, ConnectionStatus.CONNECTED
    connection.connected_at, connection.ended_at, connection.ended_cause = clock.now(), None, ""
    connection.ended_delivery_id = None
    learnt(connection, outcome.learnt)
    happened = MerchantConnected(run.app.name, organisation, again=found is not None)
    timeline.record(happened, by=run.started_by, partner=db.session.get(Partner, run.partner_id))
    return connection


def _of(run: Run, organisation: str) -> Connection | None:
    same = select(Connection).where(Connection.app_id == run.app_id, Connection.organisation_id == organisation)
    return db.session.scalars(same.with_for_update()).one_or_none()


def _new(run: Run, organisation: str) -> Connection:
    """Two runs may bring the same organisation at once: the second takes the row of the first, and no token is lost."""
    made = Connection(partner_id=run.partner_id, app_id=run.app_id, organisation_id=organisation)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        found = _of(run, organisation)
        if found is None:
            raise
        return found
    return made


def learnt(connection: Connection, values: Mapping[str, str]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(connection, name, values[name])
    if "verification_status" in values:
        connection.checked_at = clock.now()


def page(
    partner: Partner, *, app: PartnerApp | None = None, status: ConnectionStatus | None = None, before: int | None = None
) -> Sequence[Connection]:
    """One page and one row more, newest first."""
    wanted: list[ColumnElement[bool]] = [Connection.partner_id == partner.id]
    wanted += [Connection.app_id == app.id] if app else []
    wanted += [Connection.status == status] if status else []
    wanted += [Connection.id < before] if before else []
    listed = select(Connection).where(*wanted).options(joinedload(Connection.app))
    return db.session.scalars(listed.order_by(Connection.id.desc()).limit(PAGE + 1)).all()

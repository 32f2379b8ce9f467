"""Where a partner's developers stand: what they have, what ran last, what came in, read in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.status import ConnectionStatus, Environment, RunKind, RunStatus, Signature

APPS, CONNECTIONS, DELIVERIES = 4, 4, 20
LOOKED_AT = 500
"""Webhooks, the newest, among which a verified one is looked for: a page does not read a whole log."""
MINE: BindParameter[int] = bindparam("partner")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was done at least once; each ticks off a step."""

    app: bool
    connected: bool
    verified: bool
    paid: bool
    heard: bool
    ended: bool
    live: bool


@dataclass(frozen=True, slots=True)
class Health:
    """Of the newest webhooks, how many there are, how many were refused, and how many bodies could not be understood."""

    looked_at: int
    refused: int
    problems: int


@dataclass(frozen=True, slots=True)
class Standing:
    facts: Facts
    apps: Sequence[PartnerApp]
    runs: dict[RunKind, Run]
    connections: Sequence[Connection]
    deliveries: Sequence[Row[Any]]
    """key, received_at, signature, summary, problem"""

    @property
    def health(self) -> Health:
        refused = sum(row.signature in (Signature.INVALID, Signature.MISSING) for row in self.deliveries)
        return Health(len(self.deliveries), refused, sum(bool(row.problem) for row in self.deliveries))

    @property
    def environments(self) -> list[Environment]:
        """Those whose data the page shows, without the real one."""
        shown = [app.environment for app in self.apps] + [run.app.environment for run in self.runs.values()]
        shown += [connection.app.environment for connection in self.connections]
        return [one for one in Environment if one in shown and one is not Environment.LIVE]


_CREDENTIALS = exists().where(
    PartnerApp.partner_id == MINE,
    PartnerApp.client_id != "",
    PartnerApp.client_secret.is_not(None),
    PartnerApp.retired_at.is_(None),
)
_CONNECTION = exists().where(Connection.partner_id == MINE)
_RUN = exists().where(Run.partner_id == MINE, Run.status == RunStatus.PASSED)
_NEWEST = select(Delivery.signature).where(Delivery.partner_id == MINE).order_by(Delivery.id.desc()).limit(LOOKED_AT).subquery()
_FACTS = select(
    _CREDENTIALS.where(PartnerApp.environment != Environment.LIVE).label("app"),
    _RUN.where(Run.kind == RunKind.CONNECT).label("connected"),
    _CONNECTION.where(Connection.verification_status == "successful").label("verified"),
    _RUN.where(Run.kind == RunKind.BILLING_REQUEST).label("paid"),
    exists().where(_NEWEST.c.signature.in_([Signature.VALID, Signature.PREVIOUS])).label("heard"),
    _CONNECTION.where(Connection.status != ConnectionStatus.CONNECTED).label("ended"),
    _CREDENTIALS.where(PartnerApp.environment == Environment.LIVE).label("live"),
)
_APPS = (
    select(PartnerApp)
    .where(PartnerApp.partner_id == MINE, PartnerApp.retired_at.is_(None))
    .order_by(PartnerApp.id.desc())
    .limit(APPS)
)
_LAST = select(func.max(Run.id)).where(Run.partner_id == MINE).group_by(Run.kind)
_RUNS = select(Run).where(Run.id.in_(_LAST)).options(joinedload(Run.app)).order_by(Run.id.desc())
_CONNECTIONS = (
    select(Connection)
    .where(Connection.partner_id == MINE)
    .options(joinedload(Connection.app))
    .order_by(Connection.id.desc())
    .limit(CONNECTIONS)
)
_DELIVERIES = (
    select(Delivery.key, Delivery.received_at, Delivery.signature, Delivery.summary, Delivery.problem)
    .where(Delivery.partner_id == MINE)
    .order_by(Delivery.id.desc())
    .limit(DELIVERIES)
)


def standing(partner: Partner) -> Standing:
    """Five statements, whatever there is."""
    mine = {"partner": partner.id}
    return Standing(
        facts=Facts(**db.session.execute(_FACTS, mine).one()._asdict()),
        apps=db.session.scalars(_APPS, mine).all(),
        runs={run.kind: run for run in db.session.scalars(_RUNS, mine)},
        connections=db.session.scalars(_CONNECTIONS, mine).all(),
        deliveries=db.session.execute(_DELIVERIES, mine).all(),
    )

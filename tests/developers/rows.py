"""What runs and webhooks leave behind, stored without running anything: inside `with writing():`."""

from dataclasses import dataclass
from datetime import timedelta

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.status import Environment, RunKind, RunStatus, Signature


@dataclass
class Stored:
    """What a test may still ask of a row when its session has ended."""

    id: int
    key: str
    partner_id: int


def app_of(partner_id, **values):
    known = {"name": "Billing", "environment": Environment.EMBEDDED, "client_id": "C1", "client_secret": "s"}
    return _stored(PartnerApp(partner_id=partner_id, **known | values))


def connection_of(app, organisation="OR1", **values):
    known = {"organisation_id": organisation, "creditor_name": "Corner Shop", "access_token": "t"}
    return _stored(Connection(partner_id=app.partner_id, app_id=app.id, **known | values))


def run_of(app, kind=RunKind.CONNECT, status=RunStatus.PASSED, **values):
    return _stored(Run(partner_id=app.partner_id, app_id=app.id, kind=kind, status=status, **values))


def delivery_of(app, signature=Signature.VALID, *, minutes=0, **values):
    known = {"answer": 204, "headers": [], "body": b"{}", "summary": {"event": "payments.paid_out"}}
    at = clock.now() - timedelta(minutes=minutes)
    return _stored(Delivery(partner_id=app.partner_id, app_id=app.id, signature=signature, received_at=at, **known | values))


def _stored(row):
    db.session.add(row)
    db.session.flush()
    return Stored(row.id, row.key, row.partner_id)

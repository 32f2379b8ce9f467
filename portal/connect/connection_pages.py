"""Connected organisations: who they are, whether they will be paid out, and the end of a connection."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import reading as apps
from portal.connect import connections, service, verification
from portal.connect.blueprint import bp
from portal.connect.kind import READS
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.partner_app import Connection
from portal.models.people import User
from portal.runs import reading as runs
from portal.status import CONNECTION, ConnectionStatus
from portal.web import number


@bp.get("/developers/connections", endpoint="connections")
@gate(Gate.PARTNER)
def all_of_us(partner: Partner) -> ResponseReturnValue:
    return _list(partner)


@bp.get("/staff/partners/<partner_key>/connections")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return _list(partner)


def _list(partner: Partner) -> str:
    own = apps.apps_of(partner)
    app = next((one for one in own if one.key == request.args.get("app")), None)
    status = next((one for one in ConnectionStatus if one.value == request.args.get("status")), None)
    rows = connections.page(partner, app=app, status=status, before=request.args.get("before", type=number))
    asked = {"app": app.key if app else None, "status": status.value if status else None}
    return render_template(
        "connect/connections.html",
        partner=partner,
        rows=rows[: connections.PAGE],
        apps=[(one.key, one.name) for one in own],
        app=app,
        chips=_chips(asked, status),
        first=_url(**asked) if "before" in request.args else "",
        older=_url(**asked, before=str(rows[connections.PAGE - 1].id)) if len(rows) > connections.PAGE else "",
        verification=verification.status,
    )


def _chips(asked: dict[str, str | None], status: ConnectionStatus | None) -> list[tuple[str, str, bool, None]]:
    """One for each status; the one that is on is a link that takes it away."""
    off = {**asked, "status": None}
    return [
        (CONNECTION[one].words, _url(**off) if one is status else _url(**{**asked, "status": one.value}), one is status, None)
        for one in ConnectionStatus
    ]


def _url(**asked: str | None) -> str:
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **asked})


@bp.get("/developers/connections/<connection_key>")
@gate(Gate.EVIDENCE)
def connection(connection: Connection) -> ResponseReturnValue:
    ended_by = db.session.get(Delivery, connection.ended_delivery_id) if connection.ended_delivery_id else None
    waits = connection.verification_status == "action_required" and connection.app.environment in gocardless.available()
    return render_template(
        "connect/connection.html",
        connection=connection,
        status=verification.status(connection.verification_status),
        verify=verification.page(connection.app.environment) if waits else "",
        runs=runs.of_connection(connection),
        delivery=ended_by,
    )


@bp.post("/developers/connections/<connection_key>/check")
@gate(Gate.WORK)
def check(connection: Connection, me: User) -> ResponseReturnValue:
    """Look the token up and read creditor and verification status once more, as a run of its own."""
    run = service.ask_about(connection, READS, by=me)
    return redirect(url_for("runs.show", run_key=run.key), 303)


@bp.post("/developers/connections/<connection_key>/disconnect")
@gate(Gate.WORK)
def disconnect(connection: Connection, me: User) -> ResponseReturnValue:
    run = service.ask_about(connection, ["revoked", "refused"], by=me)
    return redirect(url_for("runs.show", run_key=run.key), 303)

"""The insight page of a connected account, its refresh and its CSV."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, select

from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.partner_app import Connection
from portal.models.payment import Unit
from portal.payments import exporting, insight, reading, tables, wording
from portal.payments.blueprint import bp
from portal.payments.insight import Insight
from portal.payments.problems import words_of
from portal.payments.summing import since
from portal.status import ConnectionStatus


@bp.get("/developers/insight", endpoint="insight")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    return _page(partner, staff=False)


@bp.get("/staff/partners/<partner_key>/insight")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return _page(partner, staff=True)


@bp.post("/developers/insight/refresh")
@gate(Gate.WORK)
def refresh(partner: Partner) -> ResponseReturnValue:
    """Have the worker read what is new."""
    if not _plain("connection"):
        flash("Choose the connected account first.", "warning")
        return redirect(url_for(".insight"), 303)
    mine = select(Connection).where(Connection.partner_id == partner.id, Connection.key == _plain("connection"))
    connection = db.session.scalars(mine).one_or_none() or abort(404)
    if connection.status is not ConnectionStatus.CONNECTED or connection.access_token is None:
        flash("This connection has ended, so nothing new can be read. What was read stays.", "warning")
    elif connection.app.environment not in reading.READABLE:
        flash("The portal reads sandboxes only.", "warning")
    else:
        reading.ask(connection)
        flash("The worker reads what is new. This page shows it when it is done.", "success")
    return redirect(url_for(".insight", connection=connection.key), 303)


@bp.get("/developers/connections/<connection_key>/payments.csv")
@gate(Gate.EVIDENCE)
def payments_csv(connection: Connection) -> ResponseReturnValue:
    """Every payment that was read, a line each."""
    name = f"payments-{connection.organisation_id}.csv"
    answer = Response(stream_with_context(exporting.lines(connection.id)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(partner: Partner, *, staff: bool) -> ResponseReturnValue:
    known = insight.connections(partner.id)
    chosen = _chosen(known)
    at = insight.reading_of(chosen.key) if chosen else None
    unit = Unit(request.args["unit"]) if request.args.get("unit") in set(Unit) else Unit.WEEK
    currencies = insight.currencies(at.connection_id, unit) if at else {}
    currency = _plain("currency") if _plain("currency") in currencies else next(iter(currencies), "")
    told = insight.of(at.connection_id, currency, unit) if at and currency else None
    return render_template(
        "payments/insight.html",
        partner=partner,
        staff=staff,
        options=[(one.key, one.creditor_name or one.organisation_id) for one in known],
        chosen=chosen,
        reading=at,
        until=datetime.fromisoformat(at.read_until) if at and at.read_until else None,
        problem=words_of(at.problem) if at else "",
        currencies=currencies,
        told=told,
        since=since(unit),
        chips=_chips(chosen, currencies, told) if chosen and told else [],
        tables=tables.of(told) if told else [],
        say=wording,
    )


def _chosen(known: Sequence[Row[Any]]) -> Row[Any] | None:
    """The connection of the address; without one the newest. 404 for one that is not theirs."""
    wanted = _plain("connection")
    if not wanted:
        return next((one for one in known if one.status is ConnectionStatus.CONNECTED), known[0] if known else None)
    return next((one for one in known if one.key == wanted), None) or abort(404)


def _chips(chosen: Row[Any], currencies: dict[str, Any], told: Insight) -> list[tuple[str, str, bool, None]]:
    here = {"connection": chosen.key, "currency": told.currency, "unit": told.unit.value}
    chips: list[tuple[str, str, bool, None]] = [
        (currency, _url(here, currency=currency), currency == told.currency, None) for currency in currencies
    ]
    units = ((Unit.WEEK, "By week"), (Unit.MONTH, "By month"))
    return [*chips, *((words, _url(here, unit=unit.value), unit is told.unit, None) for unit, words in units)]


def _url(here: dict[str, str], **other: str) -> str:
    return f"{request.path}?{urlencode({**here, **other})}"


def _plain(name: str) -> str:
    """Of the address or the form, without what a database refuses."""
    return request.values.get(name, "").replace("\0", "")[:64]

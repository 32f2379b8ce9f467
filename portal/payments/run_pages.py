"""The pages of the billing request run: choosing, starting, the payer's return, simulators. The run itself has the page of all runs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select

from portal.extensions import db, rows
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.models.run import Run
from portal.payments import forms, service
from portal.payments.blueprint import bp
from portal.payments.choices import ASKS, BANK, MAGIC, PAYER_LABELS, SCHEMES
from portal.payments.reading import READABLE
from portal.refusals import IllegalMove, Invalid
from portal.status import ConnectionStatus, RunKind
from portal.web import settings

RECENT = 5
MOST_OPEN = 50
"""Runs among which the one of a payer who comes back is looked for."""
_RECENT = (
    select(Run.key, Run.status, Run.words, Run.started_at, Run.parameters, Connection.creditor_name)
    .outerjoin(Connection, Connection.id == Run.connection_id)
    .where(Run.partner_id == bindparam("partner"), Run.kind == RunKind.BILLING_REQUEST)
    .order_by(Run.id.desc())
    .limit(RECENT)
)
_CONNECTIONS = (
    select(Connection.key, Connection.creditor_name, Connection.organisation_id, PartnerApp.name, PartnerApp.environment)
    .join(PartnerApp, PartnerApp.id == Connection.app_id)
    .where(
        Connection.partner_id == bindparam("partner"),
        Connection.status == ConnectionStatus.CONNECTED,
        Connection.access_token.is_not(None),
        PartnerApp.environment.in_(READABLE),
    )
    .order_by(Connection.id.desc())
    .limit(200)
)


@bp.get("/developers/payments")
@gate(Gate.PARTNER)
def index(partner: Partner) -> ResponseReturnValue:
    return _page(partner, forms.beginning(_returns()) | {"connection": request.args.get("connection", "")})


def _page(partner: Partner, typed: dict[str, str], problems: dict[str, str] | None = None) -> str:
    known = rows(_CONNECTIONS, {"partner": partner.id}).all()
    return render_template(
        "payments/index.html",
        connections=known,
        options=[(one.key, f"{one.creditor_name or one.organisation_id}, through {one.name}") for one in known],
        recent=rows(_RECENT, {"partner": partner.id}).all(),
        typed=typed,
        problems=problems or {},
        asks=[(ask.value, *words) for ask, words in ASKS.items()],
        ask_words={ask.value: words for ask, (words, _) in ASKS.items()},
        schemes=[(one.code, f"{one.currency}, {one.name}") for one in SCHEMES.values()],
        names={one.code: one.name for one in SCHEMES.values()},
        details=SCHEMES.values(),
        payer=PAYER_LABELS,
        magic=MAGIC,
        bank=BANK,
    )


def _returns() -> str:
    """Our own page for payers who come back; on a developer's machine, localhost and 127.0.0.1 have cookies of their own."""
    base = request.host_url.rstrip("/") if settings().development else settings().address
    return base + url_for(".returned")


@bp.post("/developers/payments")
@gate(Gate.WORK)
def start(partner: Partner, me: User) -> ResponseReturnValue:
    typed = forms.typed(request.form, _returns())
    try:
        run = service.start(_connection(partner, typed["connection"]), forms.wanted(typed), by=me)
    except Invalid as refusal:
        return _page(partner, typed, refusal.problems), 422
    return redirect(url_for("runs.show", run_key=run.key), 303)


def _connection(partner: Partner, key: str) -> Connection:
    mine = select(Connection).where(Connection.partner_id == partner.id, Connection.key == key)
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise Invalid({"connection": "Choose the connected account that collects."})
    return found


@bp.get("/developers/payments/return")
@gate(Gate.PARTNER)
def returned(partner: Partner) -> ResponseReturnValue:
    """Where the hosted pages lead back to; named in transaction.WRITING_GETS, because the run goes on at once."""
    flow = request.args.get("id", "")
    run = next((one for one in _newest(partner) if flow and (one.facts.get("flow") or {}).get("id") == flow), None)
    if run is None:
        flash("A payer came back, but not from the link of a run that is known here.", "warning")
        return redirect(url_for(".index"))
    service.returned(run)
    words, tone = _OUTCOMES.get(request.args.get("outcome", ""), _OUTCOMES[""])
    flash(words, tone)
    return redirect(url_for("runs.show", run_key=run.key))


_OUTCOMES = {
    "success": (
        "The payer came back with outcome=success. That is not final: the run asks GoCardless what happened.",
        "success",
    ),
    "failure": ("The payer came back with outcome=failure: the bank said no. The link can be used again.", "warning"),
    "timeout": ("The payer came back with outcome=timeout: the bank took too long. The link can be used again.", "warning"),
    "left": ("The payer left the hosted pages before the end. The link can be used again.", "info"),
    "": ("The payer came back. The run asks GoCardless what happened.", "info"),
}


def _newest(partner: Partner) -> list[Run]:
    mine = select(Run).where(Run.partner_id == partner.id, Run.kind == RunKind.BILLING_REQUEST)
    return list(db.session.scalars(mine.order_by(Run.id.desc()).limit(MOST_OPEN)))


def _of_this_kind(run: Run) -> None:
    """Runs of other kinds have verbs of their own."""
    if run.kind is not RunKind.BILLING_REQUEST:
        raise IllegalMove("Only a billing request run can do that.")


@bp.post("/developers/runs/<run_key>/look")
@gate(Gate.WORK)
def look(run: Run) -> ResponseReturnValue:
    _of_this_kind(run)
    service.look_again(run)
    return redirect(url_for("runs.show", run_key=run.key), 303)


@bp.post("/developers/runs/<run_key>/simulate")
@gate(Gate.WORK)
def simulate(run: Run) -> ResponseReturnValue:
    _of_this_kind(run)
    try:
        service.simulate(run, request.form.get("simulator", ""))
    except Invalid as refusal:
        flash(refusal.problems["simulator"], "warning")
    return redirect(url_for("runs.show", run_key=run.key), 303)


@bp.post("/developers/runs/<run_key>/pay-again")
@gate(Gate.WORK)
def again(run: Run, me: User) -> ResponseReturnValue:
    """Another run with the same choices."""
    _of_this_kind(run)
    try:
        made = service.again(run, by=me)
    except Invalid as refusal:
        flash(refusal.problems["connection"], "warning")
        return redirect(url_for("runs.show", run_key=run.key), 303)
    return redirect(url_for("runs.show", run_key=made.key), 303)

"""Pages of exports: what a team asked for, asking for more, looking whether it is ready, saving it."""

from collections.abc import Iterator

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import storage
from portal.exports import asking, staff_pages
from portal.exports.blueprint import bp
from portal.exports.forms import kind
from portal.files.names import plain_disposition
from portal.gates import Gate, gate, may
from portal.identity.freshness import fresh, is_fresh
from portal.models.export import Export
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import Gone
from portal.status import ExportKind, ExportState

__all__ = ["bp", "staff_pages"]
POLICY = "sandbox; default-src 'none'"


@bp.get("/exports")
@gate(Gate.PARTNER)
def index(partner: Partner) -> ResponseReturnValue:
    return render_template("exports/index.html", exports=asking.listing(partner, by_staff=False), rounds=asking.rounds(partner))


@bp.post("/exports/rounds/<round_key>")
@gate(Gate.WORK)
def ask(submission: Round, me: User) -> ResponseReturnValue:
    return _to(asking.ask_for_submission(submission, kind(), by=me))


@bp.get("/exports/everything")
@gate(Gate.TEAM)
@fresh(back="exports.index")
def everything() -> ResponseReturnValue:
    return render_template("exports/everything.html")


@bp.post("/exports/everything")
@gate(Gate.TEAM)
@fresh(back="exports.everything")
def ask_for_everything(partner: Partner, me: User) -> ResponseReturnValue:
    return _to(asking.ask_for_everything(partner, by=me))


@bp.get("/exports/<export_key>")
@gate(Gate.EVIDENCE)
def show(export: Export, me: User) -> ResponseReturnValue:
    """Whether it is ready; an open page asks again by itself while it is not."""
    _may_have(export, me)
    template = "exports/state.html" if request.headers.get("HX-Request") else "exports/show.html"
    return render_template(template, export=export, own=not me.is_staff)


@bp.get("/exports/<export_key>/file")
@gate(Gate.EVIDENCE)
def save(export: Export, me: User) -> ResponseReturnValue:
    """Streamed. All data of a partner only to whoever showed lately that it is them."""
    _may_have(export, me)
    if export.kind is ExportKind.EVERYTHING and not is_fresh():
        return redirect(url_for("security.verify", next=request.path))
    if export.state is not ExportState.READY or export.storage_key is None:
        raise Gone("This is not there to be saved. Ask for it again.")
    response = Response(mimetype="application/pdf" if export.kind is ExportKind.DOCUMENT else "application/zip")
    response.headers["Content-Disposition"] = plain_disposition(export.name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    response.content_length = export.size
    if request.method != "HEAD":
        response.response = _pieces(export.storage_key)
    return response


def _pieces(storage_key: str) -> Iterator[bytes]:
    try:
        return storage.current().open(storage_key)
    except FileNotFoundError as gone:
        raise Gone("This is not kept any more. Ask for it again.") from gone


def _may_have(export: Export, me: User) -> None:
    """What staff asked for is no partner's business; all data of a partner is for those who may ask for it."""
    if export.by_staff and not me.is_staff:
        abort(404)
    if export.kind is ExportKind.EVERYTHING and not may(Gate.ADMINISTER if me.is_staff else Gate.TEAM, me):
        abort(403)


def _to(export: Export) -> ResponseReturnValue:
    return redirect(url_for(".show", export_key=export.key), 303)

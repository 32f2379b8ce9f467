"""The audit log as a page with filters, and as a download."""

from collections.abc import Callable, Iterator

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from portal import timeline
from portal.gates import Gate, gate
from portal.staff import audit as log
from portal.staff import audit_export, audit_forms
from portal.staff.audit import Asked
from portal.staff.blueprint import bp
from portal.words import zone_of


@bp.get("/audit", endpoint="audit")
@gate(Gate.ADMINISTER)
def show() -> ResponseReturnValue:
    filters, before = audit_forms.read(request.args, zone_of()), audit_forms.before(request.args)
    page = log.Page([], None) if filters.problems else log.search(filters.asked).page(before=before)
    told = [(row, timeline.read(row.kind, row.payload).sentence()) for row in page.rows]
    return render_template(
        "staff/audit.html", rows=told, page=page, filters=filters, kinds=sorted(timeline.KINDS), by_itself=audit_forms.BY_ITSELF
    )


@bp.get("/audit.csv")
@gate(Gate.ADMINISTER)
def audit_csv() -> ResponseReturnValue:
    return _download(audit_export.csv, "text/csv", "audit.csv")


@bp.get("/audit.ndjson")
@gate(Gate.ADMINISTER)
def audit_ndjson() -> ResponseReturnValue:
    return _download(audit_export.ndjson, "application/x-ndjson", "audit.ndjson")


def _download(pieces: Callable[[Asked], Iterator[str]], kind: str, name: str) -> ResponseReturnValue:
    """All that fit; where the question has a mistake, the page that says so."""
    filters = audit_forms.read(request.args, zone_of())
    if filters.problems:
        return redirect(url_for(".audit", **filters.kept), 303)  # type: ignore[arg-type]  # only names of our own
    answer = Response(stream_with_context(pieces(filters.asked)), mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer

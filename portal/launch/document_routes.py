"""Support documentation: the list, adding a link or a file, removing one, and the files themselves."""

import structlog
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal import clock, journey, storage, transaction
from portal.errors import page
from portal.files.names import plain_disposition
from portal.files.reasons import NO_STORAGE, Unusable
from portal.frame import stage
from portal.gates import Gate, gate
from portal.launch import documents as service
from portal.launch import forms
from portal.launch.blueprint import bp, check_open
from portal.launch.docx import NoDocument
from portal.launch.fields import languages
from portal.models.listing import SupportDocument
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid
from portal.status import FileState

log = structlog.get_logger("portal.launch")
TOO_LARGE = "This was too much at once: a file can have up to 20 MB. Nothing was stored."


@bp.get("/launch/documents")
@gate(Gate.PARTNER)
def documents(partner: Partner) -> ResponseReturnValue:
    return _page(partner, forms.NOTHING_TYPED)


def _page(partner: Partner, typed: forms.TypedDocument, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "launch/documents.html",
        documents=service.present(partner.id),
        typed=typed,
        problems=problems or {},
        languages=languages(),
        names=dict(languages()),
        host=service.host,
        today=clock.now().date(),
        shut=journey.launch_reasons(stage()),
    )


@bp.post("/launch/documents")
@gate(Gate.WORK)
def add_document(partner: Partner, me: User) -> ResponseReturnValue:
    check_open()
    upload = forms.upload(request.files, "file")
    typed = forms.document(request.form, with_file=upload is not None)
    if problems := service.problems(typed):
        return _page(partner, typed, problems), 422
    transaction.release()  # the file is looked at while nobody waits for our lock
    try:
        received = service.receive(upload) if upload else None
    except (NoDocument, Unusable) as refusal:
        return _page(partner, typed, {"file": refusal.words}), 422
    except storage.StorageUnavailable:
        log.exception("document not stored")
        return page(503, words=NO_STORAGE)
    return _add(partner, typed, received, me)


def _add(partner: Partner, typed: forms.TypedDocument, received: service.Received | None, me: User) -> ResponseReturnValue:
    try:
        service.add(partner, typed, by=me, file=received)
        transaction.checkpoint()
    except Exception as error:
        if received:
            storage.current().delete(received.storage_key)
        if isinstance(error, Invalid):
            return _page(partner, typed, error.problems), 422
        raise
    flash("Added. A file is checked before it counts; that takes a moment." if received else "Added.", "success")
    return redirect(url_for(".documents"), 303)


@bp.post("/launch/documents/<document_key>/remove")
@gate(Gate.WORK)
def remove_document(document: SupportDocument, partner: Partner, me: User) -> ResponseReturnValue:
    check_open()
    service.remove(document, partner, by=me)
    flash(f"“{document.title}” was removed.", "success")
    return redirect(url_for(".documents"), 303)


@bp.get("/launch/documents/<document_key>")
@gate(Gate.EVIDENCE)
def document_file(document: SupportDocument) -> ResponseReturnValue:
    return whole(document, cache="private, no-store")


def whole(document: SupportDocument, *, cache: str) -> Response:
    """The file, saved by the browser and never opened in our name."""
    if document.storage_key is None or document.state is not FileState.READY:
        abort(404)
    response = Response(mimetype=document.media_type)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Content-Disposition"] = plain_disposition(document.original_name)
    response.content_length = document.size
    if request.method != "HEAD":
        response.response = storage.current().open(document.storage_key)
    return response


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    return page(413, words=TOO_LARGE)

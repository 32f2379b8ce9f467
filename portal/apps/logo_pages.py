"""The logo of an app, as merchants see it on GoCardless's consent page (partner guide, "Create a partner app")."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import storage, transaction
from portal.apps import service
from portal.apps.app_pages import page_of
from portal.apps.blueprint import bp
from portal.files import logo_upload
from portal.files.child import LogoRefused
from portal.files.intake import Upload
from portal.gates import Gate, gate
from portal.models.partner_app import PartnerApp
from portal.models.people import User


@bp.post("/developers/apps/<app_key>/logo")
@gate(Gate.WORK)
def upload_logo(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    part = request.files.get("logo")
    transaction.release()  # it is drawn while nobody waits for our lock
    try:
        received = logo_upload.take(Upload(part.filename, part.stream) if part and part.filename else None)
    except LogoRefused as refusal:
        return page_of(partner_app, wrong_logo=refusal.words), 422
    try:
        forgotten = service.use_logo(partner_app, received, by=me)
        transaction.checkpoint()
    except Exception:
        logo_upload.discard(received)
        raise
    for key in forgotten:
        storage.current().delete(key)
    flash("The logo is here. Enter the same one at GoCardless.", "success")
    return redirect(url_for(".show", app_key=partner_app.key), 303)


@bp.get("/developers/apps/<app_key>/logo.png")
@gate(Gate.EVIDENCE)
def logo(partner_app: PartnerApp) -> ResponseReturnValue:
    if partner_app.logo_key is None:
        abort(404)
    response = Response(storage.current().read(partner_app.logo_key), mimetype="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

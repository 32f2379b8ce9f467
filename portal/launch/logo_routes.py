"""The logo: uploading it, seeing it as visitors will, and its pictures for those who may see what is not published."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey, storage, transaction
from portal.files import logo_upload as logos
from portal.files.child import LogoRefused
from portal.frame import stage
from portal.gates import Gate, gate
from portal.launch import forms, service
from portal.launch.blueprint import bp, check_open
from portal.launch.cards import card
from portal.models.listing import Logo
from portal.models.partner import Partner
from portal.models.people import User

YEAR = 365 * 24 * 60 * 60


@bp.get("/launch/logo")
@gate(Gate.PARTNER)
def logo(partner: Partner) -> ResponseReturnValue:
    return _page(partner)


def _page(partner: Partner, problem: str = "") -> str:
    now = service.launch(partner)
    return render_template(
        "launch/logo.html",
        logo=now.listing.logo,
        card=card(now.version, now.listing.logo, preview=True),
        problem=problem,
        shut=journey.launch_reasons(stage()),
    )


@bp.post("/launch/logo")
@gate(Gate.WORK)
def upload_logo(partner: Partner, me: User) -> ResponseReturnValue:
    check_open()
    upload = forms.upload(request.files, "logo")
    transaction.release()  # it is drawn while nobody waits for our lock
    try:
        received = logos.take(upload)
    except LogoRefused as refusal:
        return _page(partner, refusal.words), 422
    return _use(partner, received, me)


def _use(partner: Partner, received: logos.Received, me: User) -> ResponseReturnValue:
    try:
        service.use_logo(partner, received, by=me)
        transaction.checkpoint()
    except Exception:
        logos.discard(received)
        raise
    flash("Your logo is here. Look at it below, on light and on dark.", "success")
    return redirect(url_for(".logo"), 303)


@bp.get("/launch/logos/<logo_key>/<size>.png")
@gate(Gate.EVIDENCE)
def logo_picture(logo: Logo, size: str) -> ResponseReturnValue:
    return picture(logo, size, cache="private, no-store")


def picture(logo: Logo, size: str, *, cache: str) -> Response:
    """One of the PNGs that we drew. A key names the same picture for ever."""
    key: str | None = {"large": logo.large_key, "small": logo.small_key, "social": logo.social_key}.get(size)
    if key is None:
        abort(404)
    response = Response(mimetype="image/png")
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.set_etag(f"{logo.key}-{size}")
    if request.if_none_match.contains(f"{logo.key}-{size}"):
        response.status_code = 304
    else:
        response.set_data(storage.current().read(key))
    return response

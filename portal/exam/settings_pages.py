"""What the checks need to know of an app's own side: shown, typed, kept."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.exam import declaring, forms, reading, service
from portal.exam.blueprint import bp
from portal.exam.declaring import Typed
from portal.gates import Gate, gate
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import Invalid


@bp.get("/developers/checks/settings/<app_key>")
@gate(Gate.WORK)
def settings(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_unready(partner_app)
    return _page(partner_app, forms.of(reading.settings_of(partner_app)))


@bp.post("/developers/checks/settings/<app_key>")
@gate(Gate.WORK)
def save_settings(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    service.refuse_unready(partner_app)
    typed = forms.declared(request.form)
    try:
        declaring.save(partner_app, typed, by=me)
    except Invalid as refused:
        return _page(partner_app, typed, refused.problems), refused.status
    flash("The checks use these settings from now on.", "success")
    return redirect(url_for(".index", app=partner_app.key), 303)


def _page(app: PartnerApp, typed: Typed, problems: Mapping[str, str] | None = None) -> str:
    kept = reading.settings_of(app)
    return render_template(
        "exam/settings.html",
        app=app,
        typed=typed,
        problems=problems or {},
        has_header=kept is not None and kept.header_value is not None,
    )

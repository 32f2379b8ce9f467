"""Home with its four areas and the one next step; updates with all that happened, and what of it is unread."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.extensions import db
from portal.frame import stage
from portal.gates import Gate, gate
from portal.home import service
from portal.home.areas import areas, next_step
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.people import User
from portal.web import number

bp = Blueprint("home", __name__)
LATELY, PAGE = 8, 30


@bp.get("/")
@gate(Gate.PUBLIC)
def show() -> ResponseReturnValue:
    """Everybody's way in: visitors to the front door, staff to their desk, partners stay."""
    if not current_user.is_authenticated:
        return redirect(url_for("public.welcome"))
    if current_user.is_staff:
        return redirect(url_for("reviews.queue"))
    if current_user.membership is None:
        return render_template("home/no_team.html")
    now = stage()
    lately = service.lately(current_user.membership.partner_id, limit=LATELY)
    return render_template(
        "home/show.html",
        areas=areas(now),
        step=next_step(now),
        lately=lately,
        partner=current_user.partner.name,
        certificate_key=now.certificate_key,
    )


@bp.get("/updates")
@gate(Gate.PARTNER)
def updates(partner: Partner) -> ResponseReturnValue:
    before = request.args.get("before", type=number)
    rows = service.lately(partner.id, limit=PAGE + 1, before=before)
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "home/updates.html", entries=rows[:PAGE], older=older, unread=stage().unread, newest=rows[0].id if rows else 0
    )


@bp.post("/updates/read")
@gate(Gate.PARTNER)
def read(integration: Integration, me: User) -> ResponseReturnValue:
    """Mark everything up to the newest entry that the page showed as read."""
    service.mark_all_read(integration, up_to=request.form.get("newest", 0, type=number), by=me)
    db.session.flush()
    return redirect(url_for(".updates"), 303)

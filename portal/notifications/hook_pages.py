"""The pages of a partner's addresses for status changes: the team reads them, its admins change them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.account.forms import clean
from portal.gates import Gate, gate
from portal.identity.freshness import fresh
from portal.models.notification import StatusHook, StatusMessage
from portal.models.partner import Partner
from portal.models.people import User
from portal.notifications import delivering, hooks
from portal.notifications.blueprint import bp
from portal.notifications.messages import MESSAGES, TYPES
from portal.refusals import Invalid
from portal.web import settings

OPTIONS = tuple((message.type, message.type, message.words) for message in MESSAGES.values())


@bp.get("/developers/status-changes")
@gate(Gate.PARTNER)
def hooks_index(partner: Partner) -> ResponseReturnValue:
    return render_template(
        "notifications/hooks.html", hooks=hooks.listing(partner), messages=tuple(MESSAGES.values()), most=hooks.MOST
    )


@bp.get("/developers/status-changes/new")
@gate(Gate.TEAM)
@fresh(back="notifications.hooks_index")
def new_hook() -> ResponseReturnValue:
    return _form(None, "", TYPES, {})


@bp.post("/developers/status-changes/new")
@gate(Gate.TEAM)
@fresh(back="notifications.new_hook")
def add_hook(partner: Partner, me: User) -> ResponseReturnValue:
    """The one answer in which the secret stands."""
    url, types = _typed()
    try:
        hook, secret = hooks.add(partner, url=url, types=types, by=me)
    except Invalid as refused:
        return _form(None, url, types, refused.problems), refused.status
    return render_template("notifications/secret.html", hook=hook, secret=secret, until=None)


@bp.get("/developers/status-changes/<status_hook_key>")
@gate(Gate.PARTNER)
def hook(status_hook: StatusHook) -> ResponseReturnValue:
    return render_template(
        "notifications/hook.html",
        hook=status_hook,
        messages=hooks.messages(status_hook),
        schedule=delivering.WORDS,
        most=hooks.LISTED,
    )


@bp.get("/developers/status-changes/<status_hook_key>/edit")
@gate(Gate.TEAM)
def edit_hook(status_hook: StatusHook) -> ResponseReturnValue:
    return _form(status_hook, status_hook.url, status_hook.types or TYPES, {})


@bp.post("/developers/status-changes/<status_hook_key>/edit")
@gate(Gate.TEAM)
def save_hook(status_hook: StatusHook, me: User) -> ResponseReturnValue:
    url, types = _typed()
    try:
        hooks.change(status_hook, url=url, types=types, by=me)
    except Invalid as refused:
        return _form(status_hook, url, types, refused.problems), refused.status
    flash("The address is saved. Send a test to see whether it works.", "success")
    return _back(status_hook)


@bp.post("/developers/status-changes/<status_hook_key>/rotate")
@gate(Gate.TEAM)
@fresh(back="notifications.hooks_index")
def rotate_secret(status_hook: StatusHook, me: User) -> ResponseReturnValue:
    secret = hooks.rotate(status_hook, hours=settings().secret_overlap_hours, by=me)
    return render_template("notifications/secret.html", hook=status_hook, secret=secret, until=status_hook.previous_until)


@bp.post("/developers/status-changes/<status_hook_key>/switch")
@gate(Gate.TEAM)
def switch_hook(status_hook: StatusHook, me: User) -> ResponseReturnValue:
    hooks.switch(status_hook, on=request.form.get("on") == "y", by=me)
    return _back(status_hook)


@bp.post("/developers/status-changes/<status_hook_key>/test")
@gate(Gate.TEAM)
def test_hook(status_hook: StatusHook, me: User) -> ResponseReturnValue:
    hooks.test(status_hook, by=me)
    flash("A test is on its way. Reload in a moment to see what was answered.", "success")
    return _back(status_hook)


@bp.post("/developers/status-messages/<status_message_key>/resend")
@gate(Gate.TEAM)
def resend_message(status_message: StatusMessage) -> ResponseReturnValue:
    hooks.resend(status_message, hook=status_message.hook)
    flash("It is sent once more. Reload in a moment to see what was answered.", "success")
    return _back(status_message.hook)


@bp.get("/developers/status-changes/<status_hook_key>/remove")
@gate(Gate.TEAM)
def ask_to_remove_hook(status_hook: StatusHook) -> ResponseReturnValue:
    return render_template("notifications/remove.html", hook=status_hook)


@bp.post("/developers/status-changes/<status_hook_key>/remove")
@gate(Gate.TEAM)
def remove_hook(status_hook: StatusHook, me: User) -> ResponseReturnValue:
    hooks.remove(status_hook, by=me)
    flash("The address is removed. Nothing is sent there any more.", "success")
    return redirect(url_for(".hooks_index"), 303)


def _typed() -> tuple[str, list[str]]:
    """No type ticked is as good as all: an address that hears of nothing is switched off instead."""
    return clean(request.form.get("url", "")).strip(), request.form.getlist("types") or list(TYPES)


def _form(hook: StatusHook | None, url: str, types: object, problems: dict[str, str]) -> str:
    return render_template("notifications/hook_form.html", hook=hook, url=url, chosen=types, options=OPTIONS, problems=problems)


def _back(hook: StatusHook) -> ResponseReturnValue:
    return redirect(url_for(".hook", status_hook_key=hook.key), 303)

"""What stands around every page: the bar with the four areas and their state, the person, the bell."""

from functools import partial

from flask import Flask, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import BuildError

from portal import journey
from portal.gates import Gate, may
from portal.headers import nonce
from portal.models.people import ROLE_WORDS, User
from portal.navigation import AreaState, Frame, Person, frame_for


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(frame=_LazyFrame(), csrf_token=_token)


def _token() -> str:
    """The token of this page's forms: made for the first of them, and only looked up for the others."""
    return str(g.get("csrf_token") or generate_csrf())


class _LazyFrame:
    """The frame of this request, made when a page first asks for it: answers without a page cost nothing."""

    def __getattr__(self, name: str) -> object:
        frame = g.get("frame")
        if frame is None:
            frame = g.frame = _frame()
        return getattr(frame, name)


def _frame() -> Frame:
    me = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's documented way to the object behind a proxy
    kind = _kind(me)
    now = stage() if kind == "partner" else None
    return frame_for(
        kind,
        place=partial(_place, me),
        path=request.path,
        nonce=nonce(),
        person=_person(me) if me.is_authenticated else None,
        partner_name=me.partner.name if kind == "partner" else "",
        states=_states(now) if now else None,
        unread=now.unread if now else 0,
        scheme=me.scheme if me.is_authenticated else "",
    )


def stage() -> journey.Stage:
    """Where the signed-in partner stands; read once a request. For members of a partner only."""
    if "stage" not in g:
        g.stage = journey.stage(current_user.membership.partner_id, reader=current_user)
    now: journey.Stage = g.stage
    return now


def _kind(me: User) -> str:
    if not me.is_authenticated:
        return "public"
    return "staff" if me.is_staff else "partner" if me.membership else "public"


def _person(me: User) -> Person:
    role = me.staff_role or (me.membership.role if me.membership else None)
    return Person(me.key, me.name, me.email, ROLE_WORDS[role] if role else "")


def _place(me: User, endpoint: str, gate: str) -> str:
    return _url(endpoint) if may(Gate(gate), me) else ""


_URLS: dict[str, str] = {}
"""The bar's addresses, built once: they have no parts that change."""


def _url(endpoint: str) -> str:
    if endpoint not in _URLS:
        try:
            _URLS[endpoint] = url_for(endpoint)
        except BuildError:
            _URLS[endpoint] = ""  # a part of the product that is not here
    return _URLS[endpoint]


def _states(now: journey.Stage) -> dict[str, AreaState]:
    locked = bool(journey.grow_reasons(now))
    return {
        "account": AreaState("Complete", "success") if now.account_complete else AreaState("In progress", "info"),
        "build": AreaState("Certified", "success") if now.certified else AreaState(f"{now.done} of {now.total}", "info"),
        "launch": AreaState("Published", "success") if now.launch_complete else AreaState("", "neutral"),
        "grow": AreaState("Locked", "neutral", locked=True) if locked else AreaState("Open", "success"),
    }

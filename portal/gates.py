"""Who may do what, said once. A view names its gate; the gate hands it the nouns it asks for by parameter name, or refuses."""

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.bearer import caller
from portal.extensions import csrf, db
from portal.models.api_key import ApiKey
from portal.models.case import Case
from portal.models.certificate import Certificate
from portal.models.content import ContentItem
from portal.models.delivery import Delivery
from portal.models.evidence import File
from portal.models.exam import CheckResult, Exam
from portal.models.export import Export
from portal.models.integration import Integration
from portal.models.lead import Lead
from portal.models.listing import Listing, Logo, SupportDocument
from portal.models.notification import StatusHook, StatusMessage
from portal.models.outbox import Outbox
from portal.models.partner import Partner, Profile, Registration
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import Invitation, PartnerRole, StaffRole, User
from portal.models.review import Round
from portal.models.run import Run
from portal.web import settings


class Gate(StrEnum):
    """What one may do behind it."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PARTNER = "partner"
    """Read what belongs to one's own partner."""
    WORK = "work"
    """Change it: every member of the team."""
    TEAM = "team"
    """Invite, remove, change roles: the partner's admins."""
    STAFF = "staff"
    """Read any partner."""
    REVIEW = "review"
    PARTNERS = "partners"
    """Accept registrations, invite partners."""
    SELL = "sell"
    """Work the leads."""
    ADMINISTER = "administer"
    EVIDENCE = "evidence"
    """A file, a run, a webhook: its own partner's team, or staff."""
    API = "api"
    """Calls with an API key of a partner. No cookie counts here, so that there is nothing to forge."""


def _any_staff(me: User) -> bool:
    return me.staff_role is not None


def _staff(*roles: StaffRole) -> Callable[[User], bool]:
    allowed = {*roles, StaffRole.ADMINISTRATOR}
    return lambda me: me.staff_role in allowed


def _member(me: User) -> bool:
    return me.membership is not None


RULES: Mapping[Gate, Callable[[User], bool]] = {
    Gate.SIGNED_IN: lambda me: True,
    Gate.PARTNER: _member,
    Gate.WORK: _member,
    Gate.TEAM: lambda me: me.membership is not None and me.membership.role is PartnerRole.ADMIN,
    Gate.STAFF: _any_staff,
    Gate.REVIEW: _staff(StaffRole.SOLUTIONS_ENGINEER),
    Gate.PARTNERS: _staff(StaffRole.PARTNER_MANAGER),
    Gate.SELL: _staff(StaffRole.SALES),
    Gate.ADMINISTER: _staff(),
    Gate.EVIDENCE: lambda me: _member(me) or _any_staff(me),
    Gate.API: lambda me: False,
}

SETTING_UP: set[str] = set()
"""Endpoints that staff may open before they have a second factor: those where it is set up. portal.identity fills it."""

LIBRARY: dict[str, Gate] = {}
"""Gates of the views that Flask-Security brings, by endpoint; portal.identity fills it. Anything not named here is refused."""


def may(gate: Gate, me: Any) -> bool:
    """Whether this person passes; templates ask the same rule as the views."""
    return gate is Gate.PUBLIC or (bool(me.is_authenticated) and RULES[gate](me))


_OWN_INTEGRATION = (
    select(Integration)
    .join(Integration.partner)
    .where(Integration.partner_id == bindparam("partner"))
    .options(joinedload(Integration.partner))
)

_ROUND = (
    select(Round)
    .join(Round.integration)
    .where(Round.key == bindparam("round"))
    .options(joinedload(Round.integration).joinedload(Integration.partner), joinedload(Round.assigned_to))
)


Noun = TypeVar("Noun")


def _one(statement: Select[tuple[Noun]], **values: object) -> Noun:
    found = db.session.execute(statement, values).unique().scalar_one_or_none()
    return found if found is not None else abort(404)


def _own_partner_id(me: User) -> int:
    return me.membership.partner_id if me.membership else abort(404)


def _file(me: User, key: str) -> File:
    statement = select(File).where(File.key == key).options(joinedload(File.uploaded_by))
    return _one(statement if me.is_staff else statement.where(File.partner_id == _own_partner_id(me)))


def _witness(of: type[Any], me: User, key: str) -> Any:
    """What a partner's own work left behind: for its own team, or for staff."""
    statement = select(of).where(of.key == key)
    return _one(statement if me.is_staff else statement.where(of.partner_id == _own_partner_id(me)))


def _partner(me: User, key: str | None) -> Partner:
    """Staff name a partner in the URL; members have their own."""
    if key is not None:
        return _one(select(Partner).where(Partner.key == key)) if me.is_staff else abort(404)
    return me.partner or abort(404)


def _integration(me: User, key: str | None) -> Integration:
    return _one(_OWN_INTEGRATION, partner=_own_partner_id(me) if key is None else _partner(me, key).id)


def _invitation(me: User, key: str) -> Invitation:
    """Staff see those of every house; an admin only those of the own partner."""
    statement = select(Invitation).where(Invitation.key == key)
    return _one(statement if me.is_staff else statement.where(Invitation.partner_id == _own_partner_id(me)))


def _member_user(me: User, key: str) -> User:
    """A teammate; staff may name anybody."""
    user: User = _one(select(User).where(User.key == key).options(joinedload(User.membership)))
    teammate = user.partner is not None and user.partner.id == _own_partner_id(me)
    return user if me.is_staff or teammate else abort(404)


NOUNS: Mapping[str, Callable[[User, dict[str, Any]], Any]] = {
    "me": lambda me, url: me,
    "partner": lambda me, url: _partner(me, url.pop("partner_key", None)),
    "integration": lambda me, url: _integration(me, url.pop("partner_key", None)),
    "profile": lambda me, url: _one(
        select(Profile).where(Profile.partner_id == _own_partner_id(me)).options(joinedload(Profile.contacts))
    ),
    "file": lambda me, url: _file(me, url.pop("file_key")),
    "invitation": lambda me, url: _invitation(me, url.pop("invitation_key")),
    "member": lambda me, url: _member_user(me, url.pop("user_key")),
    "registration": lambda me, url: _one(select(Registration).where(Registration.key == url.pop("registration_key"))),
    "review": lambda me, url: _one(_ROUND, round=url.pop("round_key")),
    "partner_app": lambda me, url: _witness(PartnerApp, me, url.pop("app_key")),
    "connection": lambda me, url: _witness(Connection, me, url.pop("connection_key")),
    "case": lambda me, url: _witness(Case, me, url.pop("case_key")),
    "lead": lambda me, url: _witness(Lead, me, url.pop("lead_key")),
    "run": lambda me, url: _witness(Run, me, url.pop("run_key")),
    "exam": lambda me, url: _witness(Exam, me, url.pop("exam_key")),
    "result": lambda me, url: _witness(CheckResult, me, url.pop("result_key")),
    "delivery": lambda me, url: _witness(Delivery, me, url.pop("delivery_key")),
    "api_key": lambda me, url: _witness(ApiKey, me, url.pop("api_key_key")),
    "listing": lambda me, url: _witness(Listing, me, url.pop("listing_key")),
    "logo": lambda me, url: _witness(Logo, me, url.pop("logo_key")),
    "document": lambda me, url: _witness(SupportDocument, me, url.pop("document_key")),
    "certificate": lambda me, url: _witness(Certificate, me, url.pop("certificate_key")),
    "content": lambda me, url: _one(select(ContentItem).where(ContentItem.key == url.pop("content_key"))),
    "submission": lambda me, url: _one(_ROUND.where(Integration.partner_id == _own_partner_id(me)), round=url.pop("round_key")),
    "export": lambda me, url: _witness(Export, me, url.pop("export_key")),
    "status_hook": lambda me, url: _witness(StatusHook, me, url.pop("status_hook_key")),
    "status_message": lambda me, url: _witness(StatusMessage, me, url.pop("status_message_key")),
    "mail": lambda me, url: _one(select(Outbox).where(Outbox.key == url.pop("outbox_key"))),
}
"""How a view gets a noun: by the name of its parameter. There is no other way."""


def _of(of: type[Any], by: ApiKey, key: str) -> Any:
    return _one(select(of).where(of.key == key, of.partner_id == by.partner_id))


API_NOUNS: Mapping[str, Callable[[ApiKey, dict[str, Any]], Any]] = {
    "api_key": lambda by, url: by,
    "partner": lambda by, url: _one(select(Partner).where(Partner.id == by.partner_id)),
    "delivery": lambda by, url: _of(Delivery, by, url.pop("delivery_key")),
    "exam": lambda by, url: _of(Exam, by, url.pop("exam_key")),
}
"""The same behind Gate.API, where the key says whose they are."""

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def gate(of: Gate) -> Callable[[View], View]:
    """Let in whom the rule lets in and hand over the nouns; signed out → sign-in, not allowed → 403, not visible → 404."""

    def decorate(view: View) -> View:
        nouns_of: Mapping[str, Callable[[Any, dict[str, Any]], Any]] = API_NOUNS if of is Gate.API else NOUNS
        wanted = [name for name in inspect.signature(view).parameters if name in nouns_of]

        @wraps(view)
        def enter(**url: Any) -> ResponseReturnValue:
            if of is Gate.PUBLIC:
                return view(**url)
            who = caller() if of is Gate.API else _let_in(of)
            nouns = {name: nouns_of[name](who, url) for name in wanted}
            return view(**nouns, **url)

        if of is Gate.API:
            csrf.exempt(enter)
        enter.gate = of  # type: ignore[attr-defined]  # how the refusal below and the tests find it
        return enter  # type: ignore[return-value]  # the wrapped view is called by Flask, which only knows URL values

    return decorate


class SignInFirst(Exception):
    """Nobody is signed in; errors.py answers with the sign-in page, or 401 for a background request."""


class SecondFactorFirst(Exception):
    """Staff must set up a second factor outside development."""


def _let_in(of: Gate) -> User:
    if not current_user.is_authenticated:
        raise SignInFirst
    me: User = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's documented way to the object behind a proxy
    if not may(of, me):
        abort(403)
    if me.is_staff and settings().staff_need_second_factor and request.endpoint not in SETTING_UP and not me.has_second_factor:
        raise SecondFactorFirst
    return me


def init_app(app: Flask) -> None:
    """Refuse every endpoint that has no gate."""
    app.before_request(_refuse_ungated)
    app.jinja_env.globals.update(may=may, Gate=Gate)


def _refuse_ungated() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no such page: Flask answers 404 or 405
    if "\0" in request.path:
        abort(404)  # nothing has such a name, and PostgreSQL refuses to be asked
    view = current_app.view_functions[endpoint]
    if hasattr(view, "gate"):
        return None
    if endpoint not in LIBRARY:
        abort(404)
    if LIBRARY[endpoint] is not Gate.PUBLIC:
        _let_in(LIBRARY[endpoint])
    return None


def sign_in_page() -> ResponseReturnValue:
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))

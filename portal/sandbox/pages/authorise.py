"""The page that a partner's link opens: sign up or log in, then allow or deny."""

import time
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from flask import Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.house import here
from portal.sandbox.oauth import noting
from portal.sandbox.oauth.grant import Server
from portal.sandbox.oauth.records import SCOPES, App, Merchant, find_app
from portal.sandbox.pages import people
from portal.sandbox.pages.forms import Form
from portal.sandbox.pages.web import Refused, allow_form_to, leave, page, page_blueprint

bp = page_blueprint("authorise", __name__)
NOT_RIGHT = "This link is not right"


@bp.before_request
def began() -> None:
    g.began = time.perf_counter()


@bp.after_request
def noted(response: Response) -> Response:
    """Every visit that a link leads to is in the request log; what the merchant does then is theirs."""
    if request.method == "GET":
        noting.note(response, client_id=request.args.get("client_id", ""), seconds=time.perf_counter() - g.began)
    return response


def app_behind() -> App:
    """The app of this link; a link that is not the app's own is answered here and never by a redirect."""
    with here().look("") as world:
        app = find_app(world, request.args.get("client_id", ""))
    if app is None:
        raise Refused(NOT_RIGHT, "The app that sent you here is not known. Its client_id does not exist.")
    if request.args.get("redirect_uri", "") not in app.redirect_uris:
        raise Refused(
            NOT_RIGHT,
            f"{app.name} asked to send you to an address that it has not registered. The redirect_uri must match exactly.",
        )
    return app


def fault_in_link() -> Response | None:
    """What is wrong with a link whose address is right goes back to the app."""
    back = {"state": request.args.get("state")}
    if request.args.get("response_type") != "code":
        words = "The response_type must be code." if request.args.get("response_type") else "The response_type is missing."
        error = "unsupported_response_type" if request.args.get("response_type") else "invalid_request"
        return leave(request.args["redirect_uri"], {"error": error, "error_description": words} | back)
    if request.args.get("scope") not in SCOPES:
        words = "The scope must be read_write or read_only."
        return leave(request.args["redirect_uri"], {"error": "invalid_scope", "error_description": words} | back)
    return None


@bp.get("/oauth/authorize")
def show() -> ResponseReturnValue:
    app = app_behind()
    if fault := fault_in_link():
        return fault
    if people.signed_in():
        return _consent(app)
    return _entry(app, _view(), _forms())


@bp.post("/oauth/authorize")
def decide() -> ResponseReturnValue:
    app = app_behind()
    if fault := fault_in_link():
        return fault
    merchant = people.signed_in()
    if request.form.get("decision") != "allow":
        return _finish(None)
    return _finish(merchant) if merchant else _entry(app, _view(), _forms())


@bp.post("/oauth/authorize/sign-up")
def sign_up() -> ResponseReturnValue:
    app = app_behind()
    form = Form.of(people.SIGN_UP)
    return _back() if people.sign_up(form) else _entry(app, "signup", {**_forms(), "signup": form}, 422)


@bp.post("/oauth/authorize/log-in")
def log_in() -> ResponseReturnValue:
    app = app_behind()
    form = Form.of(people.LOG_IN)
    return _back() if people.log_in(form) else _entry(app, "login", {**_forms(), "login": form}, 422)


@bp.post("/oauth/authorize/sign-out")
def sign_out() -> ResponseReturnValue:
    app_behind()
    people.sign_out()
    return _back()


def _finish(merchant: Merchant | None) -> ResponseReturnValue:
    """Authlib makes the code, or the error that says that it was denied."""
    server: Server = current_app.extensions["oauth"]
    with here().database.writing() as conn:
        g.oauth_conn = conn
        try:
            grant = server.get_consent_grant(end_user=merchant)
        except OAuth2Error as error:
            raise Refused(NOT_RIGHT, error.description or error.error) from None
        response: Response = server.create_authorization_response(grant_user=merchant, grant=grant)
    allow_form_to(request.args["redirect_uri"])
    return response


def _consent(app: App) -> Response:
    merchant = people.signed_in()
    allow_form_to(request.args["redirect_uri"])
    with here().look(merchant.organisation if merchant else "") as world:
        creditor = world.all("creditors")[0]
    return page(
        "consent", app=app, merchant=merchant, business=creditor.body["name"], scope=request.args["scope"], query=_query()
    )


def _entry(app: App, view: str, forms: dict[str, Form], status: int = 200) -> Response:
    allow_form_to(request.args["redirect_uri"])
    other = "login" if view == "signup" else "signup"
    switch = f"{url_for('.show')}?{urlencode({**request.args.to_dict(), 'initial_view': other})}"
    return page("entry", status, app=app, view=view, form=forms[view], switch=switch, query=_query())


def _forms() -> dict[str, Form]:
    """Both views with what the link fills in: the address in both, the rest when signing up."""
    names = ("email", "given_name", "family_name", "organisation_name", "country_code")
    known = {name: request.args.get(f"prefill[{name}]", "") for name in names}
    known["country_code"] = known["country_code"].upper()
    return {"signup": Form.of(people.SIGN_UP, known), "login": Form.of(people.LOG_IN, {"email": known["email"]})}


def _view() -> str:
    asked = request.args.get("initial_view", "")
    if asked in ("signup", "login"):
        return asked
    return "login" if request.args.get("scope") == "read_only" else "signup"


def _query() -> str:
    """The link's own parameters, carried through every step."""
    return request.query_string.decode("latin-1")


def _back() -> ResponseReturnValue:
    return redirect(f"{url_for('.show')}?{_query()}", 303)

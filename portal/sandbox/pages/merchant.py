"""The merchant's own pages: connected apps, disconnecting one, and verification."""

from flask import make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox import timeline
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import morning
from portal.sandbox.house import here
from portal.sandbox.oauth import connections
from portal.sandbox.oauth.records import Merchant, find_app
from portal.sandbox.pages import people
from portal.sandbox.pages.forms import Form, Input
from portal.sandbox.pages.web import Refused, needs, page, page_blueprint
from portal.sandbox.resources import creditors
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

bp = page_blueprint("merchant", __name__)
DETAILS = (
    Input("name", "Legal name of the business", required=True, autocomplete="organization"),
    Input("company_number", "Company number", required=True),
    Input("description", "What the business does", required=True),
    Input("address_line1", "Address", required=True, autocomplete="address-line1"),
    Input("city", "Town or city", required=True, autocomplete="address-level2"),
    Input("postal_code", "Postcode", required=True, autocomplete="postal-code"),
)
REVIEWER = {"approve": "successful", "send_back": "action_required"}


def _merchant() -> object:
    return people.signed_in() or make_response(redirect(url_for("merchant.log_in_page", next=request.path), 303))


@bp.get("/account/log-in")
def log_in_page() -> ResponseReturnValue:
    return page("log_in", form=Form.of(people.LOG_IN), next=_next())


@bp.post("/account/log-in")
def log_in() -> ResponseReturnValue:
    form = Form.of(people.LOG_IN)
    return redirect(_next(), 303) if people.log_in(form) else page("log_in", 422, form=form, next=_next())


@bp.post("/account/log-out")
def log_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for(".log_in_page"), 303)


@bp.get("/account/apps")
@needs(_merchant)
def apps(merchant: Merchant) -> ResponseReturnValue:
    with here().look(merchant.organisation) as world:
        return page("apps", connected=connections.of(world), merchant=merchant, creditor=_creditor(world).body)


@bp.post("/account/apps/<client_id>/disconnect")
@needs(_merchant)
def disconnect(merchant: Merchant, client_id: str) -> ResponseReturnValue:
    with here().change(merchant.organisation) as world:
        if not connections.disconnect(world, client_id):
            raise Refused("Nothing to disconnect", "This app is not connected to your account.", 404)
    return redirect(url_for(".apps"), 303)


@bp.get("/verify")
@needs(_merchant)
def verification(merchant: Merchant) -> ResponseReturnValue:
    with here().look(merchant.organisation) as world:
        creditor = _creditor(world)
        form = Form.of(DETAILS, creditor.body)
        return page("verify", form=form, creditor=creditor.body, back=_post_onboarding(world))


@bp.post("/verify")
@needs(_merchant)
def send_details(merchant: Merchant) -> ResponseReturnValue:
    form = Form.of(DETAILS)
    values = form.read()
    with here().change(merchant.organisation, origin="gocardless") as world:
        creditor = _creditor(world)
        if not form.valid:
            return page("verify", 422, form=form, creditor=creditor.body, back=None)
        if creditor.body["verification_status"] != "action_required":
            raise Refused("Already sent", "These details have already been sent.", 409)
        _store(world, creditor, values)
    return redirect(url_for(".verification"), 303)


@bp.post("/verify/review")
@needs(_merchant)
def review(merchant: Merchant) -> ResponseReturnValue:
    """The sandbox lets the merchant play the reviewer."""
    status = REVIEWER.get(request.form.get("verdict", ""))
    with here().change(merchant.organisation, origin="gocardless") as world:
        creditor = _creditor(world)
        if status is None or (status == "successful" and creditor.body["verification_status"] != "in_review"):
            raise Refused("Not possible now", "Only details that are in review can be approved.", 409)
        creditors.set_verification(world, creditor, status)
    return redirect(url_for(".verification"), 303)


def _store(world: World, creditor: Doc, values: dict[str, str]) -> None:
    creditor.body.update({name: values[name] for name in ("address_line1", "city", "postal_code")})
    world.save(creditor)
    body: dict[str, object] = {**values, "address_line2": None, "address_line3": None, "directors": [], "region": None}
    world.add(
        "verification_details", body | {"country_code": creditor.body["country_code"], "links": {"creditor": creditor.id}}
    )
    creditors.set_verification(world, creditor, "in_review")
    timeline.at(world, creditor, "verify", morning(add_working(world.today, 1, "GB-ENG")))


def _creditor(world: World) -> Doc:
    return world.all("creditors")[0]


def _post_onboarding(world: World) -> str | None:
    """Where the connected app wants its merchants to land when this is done."""
    for row in connections.of(world):
        app = find_app(world, row.client_id)
        address = app.details.get("post_onboarding_url") if app else None
        if address:
            return str(address)
    return None


def _next() -> str:
    """Only our own pages: a path with one slash in front."""
    wanted = request.values.get("next", "")
    return wanted if wanted in ("/account/apps", "/verify") else url_for("merchant.apps")

"""The pages: connect, see whether one is verified, ask for mandates, take payments, disconnect."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from examples.partner_app import api, collecting, connecting, users
from examples.partner_app.house import here
from examples.partner_app.store import Merchant

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    user = users.current(session)
    return render_template("home.html", user=user, merchants=here().store.merchants(user.id))


@bp.get("/connect")
def connect() -> ResponseReturnValue:
    """For merchants who have no account at GoCardless yet."""
    return redirect(connecting.leave(here().settings, session, users.current(session), view="signup"))


@bp.get("/connect/existing-account")
def connect_existing() -> ResponseReturnValue:
    return redirect(connecting.leave(here().settings, session, users.current(session), view="login"))


@bp.get("/callback")
def callback() -> ResponseReturnValue:
    """A merchant comes back from GoCardless, or somebody who pretends to."""
    house, user = here(), users.current(session)
    try:
        token = connecting.come_back(house.settings, session, request.args)
    except connecting.NotConnected as error:
        return render_template("not_connected.html", words=str(error)), 400
    house.store.connect(token.organisation_id, user_id=user.id, email=token.email, access_token=token.access_token)
    read_verification(mine(token.organisation_id))
    flash("You are connected.")
    return redirect(url_for(".merchant", organisation_id=token.organisation_id), 303)


def mine(organisation_id: str) -> Merchant:
    """Only who connected a merchant sees it: for everybody else there is none."""
    merchant = here().store.merchant(organisation_id)
    if merchant is None or merchant.user_id != users.current(session).id:
        abort(404)
    return merchant


def read_verification(merchant: Merchant) -> None:
    """It is not worth failing for: the page says that the status is not known yet, and asks again."""
    try:
        collecting.read_verification(here().settings, here().store, merchant)
    except api.Refused as refused:
        flash(f"GoCardless did not say whether you are verified. {refused}")


@bp.get("/merchants/<organisation_id>")
def merchant(organisation_id: str) -> ResponseReturnValue:
    return page(mine(organisation_id))


def page(merchant: Merchant, error: str = "", link: str = "") -> ResponseReturnValue:
    """A merchant's page. The forms carry the keys of what they would create, so that sending one twice creates it once."""
    known = {kind: here().store.resources(merchant.organisation_id, kind) for kind in ("mandates", "payments")}
    return render_template(
        "merchant.html",
        merchant=merchant,
        known=known,
        verify_url=here().settings.verify_url,
        currencies=collecting.CURRENCIES.values(),
        new_key=collecting.new_key,
        form=request.form,
        error=error,
        link=link,
    ), 422 if error else 200


@bp.post("/merchants/<organisation_id>/verification")
def verification(organisation_id: str) -> ResponseReturnValue:
    read_verification(mine(organisation_id))
    return redirect(url_for(".merchant", organisation_id=organisation_id), 303)


@bp.post("/merchants/<organisation_id>/mandates")
def ask_for_mandate(organisation_id: str) -> ResponseReturnValue:
    house, merchant = here(), mine(organisation_id)
    currency, key = request.form["currency"], request.form["key"]
    try:
        link = collecting.ask_for_mandate(house.settings, house.store, merchant, currency=currency, key=key)
    except api.Refused as refused:
        return page(mine(organisation_id), error=str(refused))
    return page(merchant, link=link)


@bp.post("/merchants/<organisation_id>/payments")
def collect(organisation_id: str) -> ResponseReturnValue:
    house, merchant = here(), mine(organisation_id)
    try:
        payment_id = collecting.collect(
            house.settings,
            house.store,
            merchant,
            amount=minor_units(request.form["amount"]),
            currency=request.form["currency"],
            mandate_id="",
            key=request.form["key"],
        )
    except api.Refused as refused:
        return page(mine(organisation_id), error=str(refused))
    flash(f"The payment {payment_id} is on its way.")
    return redirect(url_for(".merchant", organisation_id=organisation_id), 303)


def minor_units(typed: str) -> int:
    """Pounds as people type them into pence. Whether the amount makes sense is GoCardless's to say."""
    try:
        return int(Decimal(typed.strip()) * 100)
    except (InvalidOperation, ValueError, OverflowError):
        raise api.Refused("Enter an amount such as 11.03.") from None


@bp.get("/merchants/<organisation_id>/payments")
def payments(organisation_id: str) -> ResponseReturnValue:
    merchant = mine(organisation_id)
    try:
        found = collecting.payments(here().settings, here().store, merchant)
    except api.Refused as refused:
        return page(mine(organisation_id), error=str(refused))
    return render_template("payments.html", merchant=merchant, payments=found)


@bp.post("/merchants/<organisation_id>/disconnect")
def disconnect(organisation_id: str) -> ResponseReturnValue:
    """The token goes only when GoCardless knows: otherwise it would stay good with nobody to end it."""
    house, merchant = here(), mine(organisation_id)
    if merchant.connected and not connecting.give_up(house.settings, merchant.access_token):
        return page(merchant, error="GoCardless does not answer at the moment. Please try again in a few minutes.")
    house.store.forget_token(organisation_id)
    flash("You are disconnected.")
    return redirect(url_for(".home"), 303)


@bp.get("/payers/<outcome>")
def payers(outcome: str) -> ResponseReturnValue:
    """Where GoCardless's pages send the payer afterwards, who is nobody's user here."""
    return render_template("payer.html", done=outcome == "done")

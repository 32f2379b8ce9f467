"""The test hook: lets integration checks act where otherwise a person would click. Off unless there is a test key; never live."""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from examples.partner_app import api, collecting
from examples.partner_app.house import here
from examples.partner_app.store import Merchant

bp = Blueprint("hook", __name__)
HEADER = "X-Test-Key"
Wish = Mapping[str, Any]


@bp.post("/test-hook")
def act() -> ResponseReturnValue:
    """JSON with an `action` and what it needs; a stranger finds nothing here."""
    if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), here().settings.test_key.encode()):
        abort(404)
    wish = request.get_json(silent=True)
    if not isinstance(wish, dict) or str(wish.get("action")) not in ACTIONS:
        abort(400)
    try:
        return jsonify(ACTIONS[str(wish["action"])](wish))
    except api.Refused as refused:
        return jsonify(message=str(refused))


def mandate(wish: Wish) -> dict[str, Any]:
    """Start a billing request; where the payer goes."""
    house, merchant = here(), connected(wish)
    currency = str(wish.get("currency") or "GBP")
    address = collecting.ask_for_mandate(house.settings, house.store, merchant, currency=currency, key=collecting.new_key())
    return {"authorisation_url": address}


def collect(wish: Wish) -> dict[str, Any]:
    """Take a payment; the words that a user is shown."""
    house, merchant = here(), connected(wish)
    payment_id = collecting.collect(
        house.settings,
        house.store,
        merchant,
        amount=wish.get("amount", 0),
        currency=str(wish.get("currency") or "GBP"),
        mandate_id=str(wish.get("mandate_id") or ""),
        key=collecting.new_key(),
    )
    return {"message": f"The payment {payment_id} is on its way.", "payment_id": payment_id}


def count(wish: Wish) -> dict[str, Any]:
    """Read all payments."""
    house = here()
    return {"count": len(collecting.payments(house.settings, house.store, connected(wish)))}


def status(wish: Wish) -> dict[str, Any]:
    """What the app knows, without asking GoCardless."""
    store = here().store
    merchant = store.merchant(str(wish.get("organisation_id") or ""))
    return {
        "connected": bool(merchant and merchant.connected),
        "verification_status": merchant.verification_status if merchant else "",
        "handled": store.handled(str(wish.get("event_id") or "")),
    }


def connected(wish: Wish) -> Merchant:
    merchant = here().store.merchant(str(wish.get("organisation_id") or ""))
    if merchant is None or not merchant.connected:
        raise api.Refused("This merchant is not connected.")
    return merchant


ACTIONS: Mapping[str, Callable[[Wish], dict[str, Any]]] = {
    "mandate": mandate,
    "collect": collect,
    "list": count,
    "status": status,
}

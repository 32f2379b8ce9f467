"""What a connected merchant does: sees whether it is verified, asks payers for mandates, takes payments, and lists them."""

import secrets
from collections.abc import Mapping
from typing import Any

from examples.partner_app import api
from examples.partner_app.settings import Settings
from examples.partner_app.store import Merchant, Store

USABLE = frozenset({"pending_customer_approval", "pending_submission", "submitted", "active"})
"""In these states a mandate takes payments (api-reference, Payments)."""
CURRENCIES: Mapping[str, str] = {
    "bacs": "GBP",
    "sepa_core": "EUR",
    "ach": "USD",
    "autogiro": "SEK",
    "betalingsservice": "DKK",
    "becs": "AUD",
    "becs_nz": "NZD",
    "pad": "CAD",
}
"""By the scheme of a mandate."""


def asked(settings: Settings, store: Store, merchant: Merchant, call: api.Call) -> Any:
    """What the API answers for this merchant. Who has left is not asked for any more. Raises api.Refused."""
    if not merchant.connected:
        raise api.Refused("This merchant is not connected.")
    client = api.client(settings, merchant.access_token)
    try:
        return api.patiently(settings, client, call)
    except api.Refused as refused:
        if refused.disconnected:
            store.forget_token(merchant.organisation_id)
        raise


def new_key() -> str:
    """Names one wish to create something, however often it has to be sent."""
    return secrets.token_urlsafe(24)


def create(settings: Settings, store: Store, merchant: Merchant, kind: str, body: Mapping[str, Any], key: str) -> Any:
    """Create a resource once, under its key, which is kept before anything is sent. Raises api.Refused."""
    store.begin(key, organisation_id=merchant.organisation_id, kind=kind, body=body)
    made = asked(settings, store, merchant, sending(kind, body, key))
    store.created(key, made.id)
    return made


def sending(kind: str, body: Mapping[str, Any], key: str) -> api.Call:
    """The call that creates, to be made as often as needed, always with the same key."""
    return lambda client: getattr(client, kind).create(params=dict(body), headers={"Idempotency-Key": key})


def read_verification(settings: Settings, store: Store, merchant: Merchant) -> str:
    """A connected organisation has exactly one creditor, the first of the list. Read after connecting, and now and then."""
    creditor = asked(settings, store, merchant, lambda client: client.creditors.list(params={"limit": 1})).records[0]
    store.verified(merchant.organisation_id, creditor.verification_status)
    return str(creditor.verification_status)


def ask_for_mandate(settings: Settings, store: Store, merchant: Merchant, *, currency: str, key: str) -> str:
    """The address of GoCardless's pages on which a payer sets up a mandate; events tell when it is done."""
    wanted = {"mandate_request": {"currency": currency}}
    request = create(settings, store, merchant, "billing_requests", wanted, key)
    pages = f"{settings.public_url}/payers"
    flow = {"redirect_uri": f"{pages}/done", "exit_uri": f"{pages}/left", "links": {"billing_request": request.id}}
    return str(create(settings, store, merchant, "billing_request_flows", flow, f"{key}-flow").authorisation_url)


def usable_mandate(settings: Settings, store: Store, merchant: Merchant, currency: str) -> str:
    """The newest mandate that takes payments in this currency. Raises api.Refused when there is none."""
    for mandate in api.every(lambda page: asked(settings, store, merchant, lambda client: client.mandates.list(params=page))):
        if mandate.status in USABLE and CURRENCIES.get(mandate.scheme) == currency:
            return str(mandate.id)
    raise api.Refused(f"There is no mandate for payments in {currency}. Ask the payer for one first.")


def collect(
    settings: Settings, store: Store, merchant: Merchant, *, amount: int, currency: str, mandate_id: str, key: str
) -> str:
    """Take a payment of `amount` minor units; its id. Who has Success+ has it tried again when it fails.

    Raises api.Refused with words for the merchant.
    """
    mandate_id = mandate_id or usable_mandate(settings, store, merchant, currency)
    body = {"amount": amount, "currency": currency, "retry_if_possible": True, "links": {"mandate": mandate_id}}
    payment = create(settings, store, merchant, "payments", body, key)
    store.remember(payment.id, organisation_id=merchant.organisation_id, kind="payments", status=payment.status)
    return str(payment.id)


def payments(settings: Settings, store: Store, merchant: Merchant) -> list[Any]:
    """All payments of a merchant, the newest first. Raises api.Refused."""
    return list(api.every(lambda page: asked(settings, store, merchant, lambda client: client.payments.list(params=page))))

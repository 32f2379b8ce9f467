"""What a connected merchant does: sees whether it is verified, asks payers for mandates, takes payments, and lists them."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from examples.partner_app import api
from examples.partner_app.settings import Settings
from examples.partner_app.store import Merchant, Store

USABLE = frozenset({"pending_customer_approval", "pending_submission", "submitted", "active"})
"""In these states a mandate takes payments (api-reference, Payments)."""


def new_key() -> str:
    """Names one wish to create something, however often it has to be sent."""
    return secrets.token_urlsafe(24)


def create(settings: Settings, store: Store, merchant: Merchant, kind: str, body: Mapping[str, Any], key: str) -> Any:
    """Create a resource once, under its key, which is kept before anything is sent. Raises api.Refused."""
    store.begin(key, organisation_id=merchant.organisation_id, kind=kind, body=body)
    service = getattr(api.client(settings, merchant.access_token), kind)
    made = api.patiently(settings, sending(service, body, key))
    store.created(key, made.id)
    return made


def sending(service: Any, body: Mapping[str, Any], key: str) -> Callable[[], Any]:
    """The call that creates, to be made as often as needed."""
    return lambda: service.create(params=dict(body), headers={"Idempotency-Key": key})


def read_verification(settings: Settings, store: Store, merchant: Merchant) -> str:
    """A connected organisation has exactly one creditor, the first of the list. Read after connecting, and now and then."""
    client = api.client(settings, merchant.access_token)
    creditor = api.patiently(settings, lambda: client.creditors.list(params={"limit": 1})).records[0]
    store.verified(merchant.organisation_id, creditor.verification_status)
    return str(creditor.verification_status)


def ask_for_mandate(settings: Settings, store: Store, merchant: Merchant, *, currency: str, key: str) -> str:
    """The address of GoCardless's pages on which a payer sets up a mandate; events tell when it is done."""
    wanted = {"mandate_request": {"currency": currency}}
    request = create(settings, store, merchant, "billing_requests", wanted, key)
    pages = f"{settings.public_url}/payers"
    flow = {"redirect_uri": f"{pages}/done", "exit_uri": f"{pages}/left", "links": {"billing_request": request.id}}
    return str(create(settings, store, merchant, "billing_request_flows", flow, f"{key}-flow").authorisation_url)


def usable_mandate(settings: Settings, merchant: Merchant, currency: str) -> str:
    """The newest mandate that takes payments in this currency. Raises api.Refused when there is none."""
    client = api.client(settings, merchant.access_token)
    for mandate in api.every(settings, client.mandates):
        if mandate.status in USABLE and currency in (SCHEMES.get(mandate.scheme, currency),):
            return str(mandate.id)
    raise api.Refused(f"There is no mandate for payments in {currency}. Ask the payer for one first.")


SCHEMES: Mapping[str, str] = {
    "bacs": "GBP", "sepa_core": "EUR", "ach": "USD", "autogiro": "SEK", "betalingsservice": "DKK", "becs": "AUD",
    "becs_nz": "NZD", "pad": "CAD",
}  # fmt: skip


def collect(
    settings: Settings, store: Store, merchant: Merchant, *, amount: int, currency: str, mandate_id: str, key: str
) -> str:
    """Take a payment of `amount` minor units; its id. Raises api.Refused with words for the merchant."""
    mandate_id = mandate_id or usable_mandate(settings, merchant, currency)
    body = {"amount": amount, "currency": currency, "links": {"mandate": mandate_id}}
    payment = create(settings, store, merchant, "payments", body, key)
    store.remember(payment.id, organisation_id=merchant.organisation_id, kind="payments", status=payment.status)
    return str(payment.id)


def payments(settings: Settings, merchant: Merchant) -> list[Any]:
    """All payments of a merchant, the newest first."""
    return list(api.every(settings, api.client(settings, merchant.access_token).payments))

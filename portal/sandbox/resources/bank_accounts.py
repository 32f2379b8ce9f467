"""Customer bank accounts: checked details, one per customer and account, disabled rather than deleted."""

import uuid
from typing import Any

from portal.sandbox import banks
from portal.sandbox.api.routes import Filters, action, create, get, listing, update
from portal.sandbox.errors import bank_account_exists, invalid, state
from portal.sandbox.fields import links, metadata, text
from portal.sandbox.resources import customers, mandates
from portal.sandbox.resources.creditor_bank_accounts import DETAILS
from portal.sandbox.resources.linking import linked, meta
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "customer_bank_accounts"


def make(world: World, values: Json) -> Doc:
    customer = linked(world, values, "customer", "customers")
    if not values.get("account_holder_name"):
        raise invalid((f"/{KIND}/account_holder_name", "is required"))
    return open_account(world, customer, values, f"/{KIND}", reuse=False)


def open_account(world: World, customer: Doc, values: Json, pointer: str, *, reuse: bool) -> Doc:
    """The customer's account with these details. ``reuse`` answers an existing one instead of refusing it.

    Details of a disabled account enable it again.
    """
    account = checked(values, pointer)
    known = world.all(KIND, customer=customer.id, fingerprint=account.fingerprint)
    if known and (known[0].body["enabled"] and not reuse):
        raise bank_account_exists(known[0].id)
    customers.note_currency(world, customer.id, account.currency)
    if known:
        known[0].body.update(enabled=True, account_holder_name=_holder(values, customer))
        return world.save(known[0])
    inner = {"fingerprint": account.fingerprint, "scheme": account.scheme, "branch_ending": account.branch_ending}
    return world.add(KIND, _body(account, customer, values), inner)


def disable(world: World, doc: Doc, _values: Json) -> Doc:
    """Cancels the account's mandates, and with them what was still to be collected."""
    if not doc.body["enabled"]:
        raise state("disable_failed", "This bank account is already disabled")
    doc.body["enabled"] = False
    world.save(doc)
    because = {
        "origin": "api",
        "cause": "bank_account_closed",
        "description": "The bank account for this mandate was disabled.",
    }
    for mandate in world.all("mandates", customer_bank_account=doc.id):
        mandates.cancel_if_live(world, mandate, because)
    return doc


def checked(values: Json, pointer: str) -> banks.Account:
    """The account behind the details, or the validation error with a pointer to each fault."""
    try:
        return banks.read(values)
    except banks.BadDetails as bad:
        raise invalid(*((f"{pointer}/{name}", words) for name, words in bad.faults)) from None


def _body(account: banks.Account, customer: Doc, values: Json) -> Json:
    return {
        "account_number_ending": account.ending,
        "account_holder_name": _holder(values, customer),
        "account_type": values.get("account_type"),
        "bank_name": account.bank_name,
        "currency": account.currency,
        "country_code": account.country,
        "metadata": meta(values),
        "enabled": True,
        "links": {"customer": customer.id},
        "bank_account_token": f"bat_{uuid.uuid4()}",
        "payer_name_verification_result": "full" if account.country == "GB" else None,
        "trusted_recipient": False,
    }


def _holder(values: Json, customer: Doc) -> str:
    """The name as the banks take it: capitals, at most 18."""
    named = values.get("account_holder_name") or customer.body.get("company_name")
    both = f"{customer.body.get('given_name') or ''} {customer.body.get('family_name') or ''}".strip()
    return str(named or both or "ACCOUNT HOLDER").upper()[:18]


ROUTES = (
    create(
        KIND,
        make,
        text("account_holder_name"),
        *DETAILS,
        metadata(),
        links("customer", optional=("customer_bank_account_token",)),
    ),
    listing(KIND, Filters(choices={"customer": None, "enabled": ("true", "false")}, ranges=("created_at",))),
    get(KIND),
    update(KIND),
    action(KIND, "disable", disable),
)

"""Mandate PDFs: a real document at an address that is good for half an hour."""

import secrets
from datetime import timedelta
from typing import Any

from portal.sandbox import clock
from portal.sandbox.api.routes import Answer, Route
from portal.sandbox.errors import invalid
from portal.sandbox.fields import Field, day, group, text, typed, whole
from portal.sandbox.resources.bank_accounts import checked
from portal.sandbox.resources.creditor_bank_accounts import DETAILS
from portal.sandbox.resources.linking import creditor_for, linked
from portal.sandbox.schemes import DEBIT_SCHEMES
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "mandate_pdfs"
LIFE = timedelta(minutes=30)


def make(world: World, _id: str, body: Json) -> Answer:
    values = typed(FIELDS, body, f"/{KIND}")
    lines = _from_mandate(world, values) if (values.get("links") or {}).get("mandate") else _from_details(world, values)
    token = secrets.token_urlsafe(24)
    expires = clock.stamp(world.now + LIFE)
    shown = {"url": f"{world.settings.origin}/mandate_pdfs/{token}", "expires_at": expires}
    world.add(KIND, shown, {"token": token, "lines": lines, "language": world.language})
    return Answer(documents.dumps({KIND: shown}), 201)


def _from_mandate(world: World, values: Json) -> list[str]:
    mandate = linked(world, values, "mandate", "mandates")
    account = world.get("customer_bank_accounts", mandate.links["customer_bank_account"])
    creditor = world.get("creditors", mandate.links["creditor"])
    reference, signed = mandate.body["reference"], mandate.body["created_at"][:10]
    return _lines(
        creditor,
        mandate.body["scheme"],
        account.body["account_holder_name"],
        account.body["account_number_ending"],
        reference,
        signed,
    )


def _from_details(world: World, values: Json) -> list[str]:
    if not any(values.get(name) for name in ("iban", "account_number", "scheme", "country_code")):
        raise invalid((f"/{KIND}/links/mandate", "is required unless bank details or a scheme are given"))
    has_account = values.get("iban") or values.get("account_number")
    account = checked(values, f"/{KIND}") if has_account else None
    scheme = values.get("scheme") or (account.scheme if account else "sepa_core")
    holder = values.get("account_holder_name") or values.get("company_name") or ""
    creditor = creditor_for(world, values)
    ending = account.ending if account else "-"
    return _lines(creditor, scheme, holder, ending, values.get("mandate_reference") or "-", values.get("signature_date") or "-")


def _lines(creditor: Doc, scheme: str, holder: str, ending: str, reference: str, signed: str) -> list[str]:
    return [
        f"Direct Debit mandate ({scheme})",
        f"Creditor: {creditor.body['name']}",
        f"Account holder: {holder}",
        f"Account number ending: {ending}",
        f"Reference: {reference}",
        f"Date of signature: {signed}",
        "This document was made by a sandbox. It has no legal effect.",
    ]


FIELDS: tuple[Field, ...] = (
    text("account_holder_name", most=18),
    *(f for f in DETAILS if f.name != "currency"),
    text("bic", most=11),
    text("scheme", among=DEBIT_SCHEMES),
    text("mandate_reference", least=6, most=18),
    day("signature_date"),
    *(text(name) for name in ("address_line1", "address_line2", "address_line3", "city", "region", "postal_code")),
    *(text(name) for name in ("company_name", "given_name", "family_name", "phone_number", "payer_ip_address")),
    *(text(name) for name in ("swedish_identity_number", "danish_identity_number")),
    whole("subscription_amount", least=1),
    text("subscription_frequency", among=("weekly", "monthly", "yearly")),
    group("links", text("mandate"), text("creditor")),
)

ROUTES = (Route("POST", f"/{KIND}", KIND, "create", make, KIND, FIELDS),)

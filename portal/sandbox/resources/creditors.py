"""Creditors: the merchant as the API shows it, with its scheme identifiers and payout accounts."""

from typing import Any

from portal.sandbox import events, timeline
from portal.sandbox.api.routes import Filters, create, get, listing, update
from portal.sandbox.fields import CURRENCIES, country, group, text
from portal.sandbox.resources import scheme_identifiers
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
TYPES = ("company", "individual", "charity", "partnership", "trust")
STATUSES = ("action_required", "in_review", "successful")
ADDRESS = ("address_line1", "address_line2", "address_line3", "city", "region", "postal_code")
PAYOUT_LINKS = tuple(f"default_{currency.lower()}_payout_account" for currency in CURRENCIES)


def make(world: World, values: Json, *, identity: str = "") -> Doc:
    """A creditor that still has to be verified, with the shared scheme identifiers of every scheme."""
    body: Json = {
        "name": values["name"],
        **{line: values.get(line) for line in ADDRESS},
        "country_code": values["country_code"].upper(),
        "creditor_type": values.get("creditor_type") or "company",
        "logo_url": None,
        "scheme_identifiers": [],
        "links": {},
        "verification_status": "action_required",
        "can_create_refunds": False,
        "custom_payment_pages_enabled": True,
        "mandate_imports_enabled": False,
        "merchant_responsible_for_notifications": False,
        "fx_payout_currency": None,
        "bank_reference_prefix": values.get("bank_reference_prefix"),
    }
    creditor = world.add("creditors", body, identity=identity)
    scheme_identifiers.share(world, creditor)
    return world.save(creditor)


def change(world: World, doc: Doc, values: Json) -> Doc:
    for name, account in (values.pop("links", None) or {}).items():
        _set_payout_account(world, doc, name, account)
    doc.body.update(values)
    return world.save(doc)


def set_verification(world: World, creditor: Doc, status: str) -> None:
    """Moves the verification on and says so in an event; a verified merchant may refund and is paid out."""
    if creditor.body["verification_status"] == status:
        return
    creditor.body["verification_status"] = status
    creditor.body["can_create_refunds"] = creditor.body["can_create_refunds"] or status == "successful"
    world.save(creditor)
    details = {"origin": "gocardless", "cause": "creditor_updated", "property": "verification_status"}
    events.record(world, creditor, "updated", details | {"description": "This creditor has been updated."})


@timeline.job("creditors", "verify")
def verify(world: World, creditor: Doc) -> None:
    if creditor.body["verification_status"] == "in_review":
        set_verification(world, creditor, "successful")


def _set_payout_account(world: World, creditor: Doc, name: str, account: str | None) -> None:
    if account is None:
        creditor.links.pop(name, None)
    else:
        creditor.links[name] = world.get("creditor_bank_accounts", account).id


_NAME = text("name", required=True)
_ADDRESS = tuple(text(line) for line in ADDRESS)
_PREFIX = text("bank_reference_prefix", most=18)
_CHANGES = (
    text("name"),
    *_ADDRESS,
    country(),
    _PREFIX,
    group("links", *(text(name) for name in PAYOUT_LINKS)),
)

ROUTES = (
    create(
        "creditors",
        make,
        _NAME,
        country(required=True),
        text("creditor_type", required=True, among=TYPES),
        _PREFIX,
        group("links"),
    ),
    listing("creditors", Filters(ranges=("created_at",))),
    get("creditors"),
    update("creditors", *_CHANGES, change=change),
)

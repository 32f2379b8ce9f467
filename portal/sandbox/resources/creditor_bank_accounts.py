"""Creditor bank accounts: where payouts go."""

from typing import Any

from portal.sandbox import banks, events
from portal.sandbox.api.routes import Filters, action, create, get, listing
from portal.sandbox.errors import invalid, state
from portal.sandbox.fields import country, currency, flag, links, metadata, text
from portal.sandbox.resources.linking import linked, meta
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
ACCOUNT_TYPES = ("checking", "savings")


def make(world: World, values: Json) -> Doc:
    creditor = linked(world, values, "creditor", "creditors")
    account = _read(values)
    body = {
        "account_number_ending": account.ending,
        "account_holder_name": values["account_holder_name"],
        "account_type": values.get("account_type"),
        "bank_name": account.bank_name,
        "currency": account.currency,
        "country_code": account.country,
        "metadata": meta(values),
        "enabled": True,
        "links": {"creditor": creditor.id},
        "verification_status": "successful",
    }
    doc = world.add("creditor_bank_accounts", body)
    if values.get("set_as_default_payout_account") is not False:
        _use_for_payouts(world, creditor, doc)
    return doc


def disable(world: World, doc: Doc, _values: Json) -> Doc:
    if not doc.body["enabled"]:
        raise state("disable_failed", "This bank account is already disabled")
    doc.body["enabled"] = False
    creditor = world.get("creditors", doc.links["creditor"])
    creditor.body["links"] = {name: identity for name, identity in creditor.links.items() if identity != doc.id}
    world.save(creditor)
    return world.save(doc)


def _use_for_payouts(world: World, creditor: Doc, account: Doc) -> None:
    name = f"default_{account.body['currency'].lower()}_payout_account"
    is_new = bool(creditor.links) and name not in creditor.links
    creditor.links[name] = account.id
    world.save(creditor)
    if is_new:
        details = {"origin": "gocardless", "cause": "new_payout_currency_added", "currency": account.body["currency"]}
        details |= {"bank_account_id": account.id, "description": "A payout account in a new currency has been added."}
        events.record(world, creditor, "new_payout_currency_added", details)


def _read(values: Json) -> banks.Account:
    try:
        return banks.read(values)
    except banks.BadDetails as bad:
        raise invalid(*((f"/creditor_bank_accounts/{name}", words) for name, words in bad.faults)) from None


DETAILS = (
    text("account_number", most=40),
    text("account_number_suffix", most=10),
    text("branch_code", most=20),
    text("bank_code", most=20),
    text("iban", most=60),
    country(),
    currency(),
    text("account_type", among=ACCOUNT_TYPES),
)

ROUTES = (
    create(
        "creditor_bank_accounts",
        make,
        text("account_holder_name", required=True),
        *DETAILS,
        metadata(),
        flag("set_as_default_payout_account"),
        links("creditor"),
    ),
    listing(
        "creditor_bank_accounts", Filters(choices={"creditor": None, "enabled": ("true", "false")}, ranges=("created_at",))
    ),
    get("creditor_bank_accounts"),
    action("creditor_bank_accounts", "disable", disable),
)

"""Blocks: e-mail addresses, domains, accounts and banks from which nothing is to be collected."""

from typing import Any

from portal.sandbox import machine
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route, action, create, get, listing
from portal.sandbox.errors import invalid, state
from portal.sandbox.fields import flag, text, typed
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.paging import Page
from portal.sandbox.store.world import World

Json = dict[str, Any]
TYPES = ("email", "email_domain", "bank_account", "bank_name")
REASONS = ("identity_fraud", "no_intent_to_pay", "unfair_chargeback", "other")


def make(world: World, values: Json) -> Doc:
    _check_reason(values, "/blocks")
    doc = _store(world, values["block_type"], values["resource_reference"], values)
    world.later(lambda: _block_matching(world, doc))
    return doc


def switch(*, active: bool) -> Any:
    """The actions disable and enable."""

    def act(world: World, doc: Doc, _values: Json) -> Doc:
        if doc.body["active"] is active:
            reason, word = ("enable_failed", "active") if active else ("disable_failed", "disabled")
            raise state(reason, f"This block is already {word}")
        doc.body.update(active=active, updated_at=world.stamp)
        return world.save(doc)

    return act


def by_reference(world: World, _id: str, body: Json) -> Answer:
    """Blocks everything that a customer or mandate is known by; 201 when that made any new block."""
    values = typed(_BY_REF, body, "/data")
    _check_reason(values, "/data")
    wanted = _known_by(world, values["reference_type"], values["reference_value"])
    made, blocks = False, []
    for kind, reference in wanted:
        known = world.all("blocks", block_type=kind, resource_reference=reference)
        made = made or not known
        blocks.append(known[0] if known else _store(world, kind, reference, values))
    for doc in blocks:
        _block_matching(world, doc)
    page = Page([(doc.id, documents.dumps(doc.body)) for doc in blocks], None, None, 50)
    return Answer(rendering.envelope("blocks", page), 201 if made else 200)


def is_blocked(world: World, customer: Doc, account: Doc) -> bool:
    """Whether an active block matches this payer."""
    return any(
        world.all("blocks", block_type=k, resource_reference=r, active="true") for k, r in _identities(customer, account)
    )


@machine.after("mandates", "create")
def _block_new(world: World, mandate: Doc, _event: str) -> None:
    customer = world.find("customers", mandate.links["customer"])
    account = world.find("customer_bank_accounts", mandate.links["customer_bank_account"])
    if customer and account and is_blocked(world, customer, account):
        world.later(lambda: _block(world, mandate.id))


def _block_matching(world: World, block: Doc) -> None:
    if not block.body["active"]:
        return
    wanted = (block.body["block_type"], block.body["resource_reference"])
    for account in world.all("customer_bank_accounts"):
        customer = world.find("customers", account.links["customer"])
        if customer and wanted in _identities(customer, account):
            for mandate in world.all("mandates", customer_bank_account=account.id):
                _block(world, mandate.id)


def _block(world: World, identity: str) -> None:
    mandate = world.get("mandates", identity)
    if machine.allows(mandate, "block"):
        machine.move(world, mandate, "block")


def _identities(customer: Doc, account: Doc) -> list[tuple[str, str]]:
    email = str(customer.body.get("email") or "")
    found = [("bank_account", account.id), ("bank_name", str(account.body["bank_name"]))]
    return found + ([("email", email), ("email_domain", email.rpartition("@")[2])] if email else [])


def _known_by(world: World, kind: str, identity: str) -> list[tuple[str, str]]:
    customer = world.get("customers", identity if kind == "customer" else world.get("mandates", identity).links["customer"])
    accounts = world.all("customer_bank_accounts", customer=customer.id)
    if kind == "mandate":
        accounts = [world.get("customer_bank_accounts", world.get("mandates", identity).links["customer_bank_account"])]
    email = str(customer.body.get("email") or "")
    return ([("email", email)] if email else []) + [("bank_account", account.id) for account in accounts]


def _store(world: World, kind: str, reference: str, values: Json) -> Doc:
    body = {
        "block_type": kind,
        "reason_type": values["reason_type"],
        "reason_description": values.get("reason_description"),
        "resource_reference": reference,
        "active": values.get("active") is not False,
        "updated_at": world.stamp,
    }
    return world.add("blocks", body)


def _check_reason(values: Json, pointer: str) -> None:
    if values["reason_type"] == "other" and not values.get("reason_description"):
        raise invalid((f"{pointer}/reason_description", "is required when the reason is other"))


_REASON = (text("reason_type", required=True, among=REASONS), text("reason_description"), flag("active"))
_BY_REF = (
    text("reference_type", required=True, among=("customer", "mandate")),
    text("reference_value", required=True),
    *_REASON,
)

ROUTES = (
    create("blocks", make, text("block_type", required=True, among=TYPES), text("resource_reference", required=True), *_REASON),
    listing("blocks", Filters(choices={"block_type": TYPES, "reason_type": REASONS}, ranges=("created_at",))),
    get("blocks"),
    action("blocks", "disable", switch(active=False), bare=True),
    action("blocks", "enable", switch(active=True), bare=True),
    Route("POST", "/blocks/block_by_ref", "blocks", "block_by_ref", by_reference, "data", _BY_REF),
)

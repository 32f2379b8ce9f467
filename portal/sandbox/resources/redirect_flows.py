"""Redirect flows: the older hosted pages, completed by the merchant with the session token that it began with."""

from datetime import timedelta
from typing import Any

from portal.sandbox import machine
from portal.sandbox.api.routes import action, create, get
from portal.sandbox.clock import parse
from portal.sandbox.errors import state, usage
from portal.sandbox.fields import Field, group, metadata, text, url
from portal.sandbox.resources import bank_accounts, billing_requests, customers, mandates
from portal.sandbox.resources.linking import creditor_for, meta
from portal.sandbox.schemes import DEBIT_SCHEMES
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "redirect_flows"
LIFE = timedelta(minutes=30)


def make(world: World, values: Json) -> Doc:
    creditor = creditor_for(world, values)
    body: Json = {
        "description": values.get("description"),
        "session_token": values["session_token"],
        "scheme": values.get("scheme"),
        "success_redirect_url": values["success_redirect_url"],
        "redirect_url": "",
        "confirmation_url": None,
        "mandate_reference": None,
        "metadata": meta(values),
        "links": {"creditor": creditor.id},
    }
    inner = {
        "customer": values.get("prefilled_customer") or {},
        "account": values.get("prefilled_bank_account") or {},
        "given": None,
    }
    doc = world.add(KIND, body, inner)
    doc.body["redirect_url"] = f"{world.settings.origin}/flow/{doc.id}"
    return world.save(doc)


def submit(world: World, doc: Doc, customer: Json, account: Json) -> None:
    """Keeps what the payer entered until the merchant completes the flow."""
    bank_accounts.checked(account, "")
    doc.inner["given"] = {"customer": customer, "account": account}
    world.save(doc)


def is_over(world: World, doc: Doc) -> bool:
    return bool(doc.body["confirmation_url"]) or world.now > parse(doc.body["created_at"]) + LIFE


def complete(world: World, doc: Doc, values: Json) -> Doc:
    if doc.body["confirmation_url"]:
        raise state("redirect_flow_already_completed", "This redirect flow has already been completed")
    if values["session_token"] != doc.body["session_token"]:
        raise usage(400, "bad_request", "The session_token is not the one that this redirect flow was created with")
    given = doc.inner["given"]
    if not given:
        raise state("redirect_flow_incomplete", "The payer has not completed the pages of this redirect flow")
    customer = customers.add(world, given["customer"])
    account = bank_accounts.open_account(world, customer, given["account"], f"/{KIND}", reuse=True)
    mandate = _mandate(world, doc, account)
    request = billing_requests.make(
        world, {"mandate_request": {"scheme": mandate.body["scheme"]}, "links": {"customer": customer.id}}
    )
    request.body["status"] = "fulfilled"
    world.save(request)
    links = {"customer": customer.id, "customer_bank_account": account.id, "mandate": mandate.id, "billing_request": request.id}
    doc.body["links"] |= links
    doc.body["mandate_reference"] = mandate.body["reference"]
    doc.body["scheme"] = mandate.body["scheme"]
    doc.body["confirmation_url"] = f"{world.settings.origin}/flow/{doc.id}/success"
    return world.save(doc)


def _mandate(world: World, doc: Doc, account: Doc) -> Doc:
    creditor = world.get("creditors", doc.links["creditor"])
    name = doc.body["scheme"] or account.inner["scheme"]
    mandate = mandates.grant(
        world, creditor, account, name, reference=mandates.new_reference(), metadata=doc.body["metadata"], more={}
    )
    machine.announce(world, mandate, mandates.CREATED)
    return mandate


_KNOWN = {f.name: f for f in customers.FIELDS if f.name != "metadata"}
FIELDS: tuple[Field, ...] = (
    text("description", most=100),
    text("session_token", required=True, most=300),
    url("success_redirect_url", required=True),
    text("scheme", among=tuple(name for name in DEBIT_SCHEMES if name != "pay_to")),
    group("prefilled_customer", *_KNOWN.values()),
    group("prefilled_bank_account", text("account_type", among=("checking", "savings"))),
    metadata(),
    group("links", text("creditor")),
)

ROUTES = (
    create(KIND, make, *FIELDS),
    get(KIND),
    action(KIND, "complete", complete, text("session_token", required=True, most=300), bare=True),
)

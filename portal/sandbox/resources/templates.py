"""Billing request templates: one address that starts a new billing request for everyone who opens it."""

from typing import Any

from portal.sandbox.api.routes import Filters, create, get, listing, update
from portal.sandbox.fields import CURRENCIES, Field, group, metadata, text, url
from portal.sandbox.resources import billing_request_flows, billing_requests
from portal.sandbox.resources.billing_request_fields import CONSTRAINTS, VERIFY
from portal.sandbox.resources.linking import creditor_for
from portal.sandbox.schemes import DEBIT_SCHEMES
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "billing_request_templates"
PAYMENT = ("amount", "currency", "description", "scheme", "metadata")
MANDATE = ("currency", "scheme", "description", "verify", "constraints", "metadata")


def make(world: World, values: Json) -> Doc:
    creditor = creditor_for(world, values)
    body: Json = {"name": values.get("name"), "authorisation_url": "", "redirect_uri": values.get("redirect_uri")}
    body |= {f"payment_request_{part}": values.get(f"payment_request_{part}") for part in PAYMENT}
    body |= {f"mandate_request_{part}": values.get(f"mandate_request_{part}") for part in MANDATE}
    body |= {"metadata": values.get("metadata") or {}, "updated_at": world.stamp}
    for part in ("payment_request_metadata", "mandate_request_metadata"):
        body[part] = body[part] or {}
    doc = world.add(KIND, body, {"creditor": creditor.id})
    doc.body["authorisation_url"] = f"{world.settings.origin}/templates/{doc.id}"
    return world.save(doc)


def change(world: World, doc: Doc, values: Json) -> Doc:
    doc.body.update(values | {"updated_at": world.stamp})
    return world.save(doc)


def use(world: World, doc: Doc) -> Doc:
    """A new billing request with a flow, as someone opens the template's address."""
    wanted: Json = {"metadata": None, "links": {"creditor": doc.inner["creditor"]}}
    if doc.body["payment_request_amount"]:
        wanted["payment_request"] = _part(doc, "payment_request", PAYMENT) | {"amount": int(doc.body["payment_request_amount"])}
    if doc.body["mandate_request_currency"] or doc.body["mandate_request_scheme"]:
        wanted["mandate_request"] = _part(doc, "mandate_request", MANDATE)
    request = billing_requests.make(world, wanted)
    return billing_request_flows.open_flow(world, request, {"redirect_uri": doc.body["redirect_uri"]})


def _part(doc: Doc, prefix: str, names: tuple[str, ...]) -> Json:
    return {name: doc.body[f"{prefix}_{name}"] for name in names if doc.body[f"{prefix}_{name}"] is not None}


FIELDS: tuple[Field, ...] = (
    text("name"),
    url("redirect_uri"),
    text("payment_request_amount", pattern="[1-9][0-9]{0,11}"),
    text("payment_request_currency", among=CURRENCIES),
    text("payment_request_description"),
    text("payment_request_scheme", among=("faster_payments", "sepa_credit_transfer", "sepa_instant_credit_transfer")),
    metadata("payment_request_metadata"),
    text("mandate_request_currency", among=CURRENCIES),
    text("mandate_request_scheme", among=DEBIT_SCHEMES),
    text("mandate_request_description"),
    text("mandate_request_verify", among=VERIFY),
    group("mandate_request_constraints", *CONSTRAINTS),
    metadata("mandate_request_metadata"),
    metadata(),
)

ROUTES = (
    create(KIND, make, *FIELDS, group("links", text("creditor"))),
    listing(KIND, Filters(choices={"payment_request_scheme": None})),
    get(KIND),
    update(KIND, *FIELDS, change=change),
)

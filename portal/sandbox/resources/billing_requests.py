"""Billing requests: what a merchant wants a payer to agree to, stored, shown and completed step by step."""

from typing import Any

from portal.sandbox import events, ids, machine
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Filters, create, get, listing
from portal.sandbox.errors import invalid
from portal.sandbox.resources import customers, request_steps
from portal.sandbox.resources.billing_request_fields import FIELDS
from portal.sandbox.resources.linking import creditor_for, linked
from portal.sandbox.schemes import INSTANT_BY_CURRENCY, SCHEMES
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "billing_requests"
STATUSES = ("pending", "ready_to_fulfil", "fulfilling", "fulfilled", "cancelled")
REQUESTS = {
    "mandate_request": "MRQ",
    "payment_request": "PRQ",
    "subscription_request": "SBR",
    "instalment_schedule_request": "ISR",
}
BILLING = ("address_line1", "address_line2", "address_line3", "city", "region", "postal_code", "country_code")
BILLING_FIELDS = (*BILLING, "swedish_identity_number", "danish_identity_number", "ip_address")
ONLY_ALONE = frozenset(
    {"fallback_enabled", "fallback_occurred", "purpose_code", "payment_context_code", "payment_purpose_code"}
)


def make(world: World, values: Json) -> Doc:
    _check(world, values)
    creditor = creditor_for(world, values)
    named = values.get("links") or {}
    account = (
        linked(world, values, "customer_bank_account", "customer_bank_accounts") if named.get("customer_bank_account") else None
    )
    customer = _customer(world, values, account)
    body: Json = {
        "status": "pending",
        "mandate_request": _mandate(values.get("mandate_request")),
        "payment_request": _payment(values.get("payment_request")),
        "subscription_request": _with_links(values.get("subscription_request")),
        "instalment_schedule_request": _with_links(values.get("instalment_schedule_request")),
        "metadata": values.get("metadata"),
        "links": {"customer": customer.id, "creditor": creditor.id, "organisation": world.organisation},
        "fallback_enabled": bool(values.get("fallback_enabled")),
        "fallback_occurred": False,
        "sign_flow_url": None,
        "creditor_name": creditor.body["name"],
        **{name: values.get(name) for name in ("purpose_code", "payment_context_code", "payment_purpose_code")},
    }
    body["links"]["customer_billing_detail"] = ids.resource_id("CBD")
    body["links"] |= {name: ids.resource_id(prefix) for name, prefix in REQUESTS.items() if body[name]}
    inner: Json = {
        "done": [],
        "billing_detail": {name: customer.body.get(name) for name in BILLING_FIELDS},
        "institution": None,
    }
    doc = world.add(KIND, body, inner)
    if account:
        doc.links["customer_bank_account"] = account.id
        doc.inner["done"].append("collect_bank_account")
    _note_known(world, doc, customer)
    announce(world, doc, "created", "This billing request has been created.")
    return doc


def announce(world: World, doc: Doc, action: str, words: str, **links: str) -> str:
    """Records an event of this request; its cause follows from its action."""
    from_payer = {k: v for k, v in doc.links.items() if k in ("customer", "customer_bank_account")}
    details = {"origin": world.origin, "cause": f"billing_request_{action}", "description": words}
    return events.record(world, doc, action, details, links=from_payer | links, metadata=world.metadata)


def settle_status(world: World, doc: Doc) -> None:
    """Ready when every required action is done, pending again when one is not."""
    ready = request_steps.is_ready(doc)
    if ready and doc.status == "pending":
        machine.move(world, doc, "make_ready")
    elif not ready and doc.status == "ready_to_fulfil":
        machine.move(world, doc, "reopen")
    else:
        world.save(doc)


def _note_known(world: World, doc: Doc, customer: Doc) -> None:
    """What is known from the start counts as done."""
    known = doc.inner["done"]
    if request_steps.currency(doc):
        known.append("choose_currency")
    if doc.body["payment_request"]:
        known.append("collect_amount")
    fields = request_steps.incomplete(doc, customer.body)
    if not fields["customer"] and not fields["customer_billing_detail"]:
        known.append("collect_customer_details")
    world.save(doc)


@rendering.completed(KIND)
def _with_actions(world: World, body: Json) -> Json:
    """Actions and resources are looked up at the moment of asking, for the customer may have changed since."""
    doc = world.get(KIND, body["id"])
    customer = world.find("customers", doc.links["customer"])
    found = customer.body if customer else {}
    return body | {"actions": request_steps.listed(doc, found), "resources": _resources(world, doc, found)}


@rendering.in_lists(KIND)
def _short(_world: World, body: Json) -> Json:
    """Lists leave out what has to be looked up or is rarely asked for."""
    return {key: value for key, value in body.items() if key not in ONLY_ALONE}


def _resources(world: World, doc: Doc, customer: Json) -> Json:
    shown: Json = {
        "customer": {name: customer.get(name) for name in _CUSTOMER},
        "customer_billing_detail": {
            "id": doc.links["customer_billing_detail"],
            "created_at": doc.body["created_at"],
            **doc.inner["billing_detail"],
            "schemes": [request_steps.debit_scheme(doc)] if request_steps.wants_mandate(doc) else [],
        },
    }
    account = world.find("customer_bank_accounts", doc.links.get("customer_bank_account", ""))
    if account:
        extra = {"branch_code_ending": account.inner.get("branch_ending")}
        shown["customer_bank_account"] = {k: v for k, v in account.body.items() if k != "trusted_recipient"} | extra
    return shown


_CUSTOMER = ("id", "created_at", "email", "given_name", "family_name", "company_name", "language", "phone_number", "metadata")


def _customer(world: World, values: Json, account: Doc | None) -> Doc:
    named = values.get("links") or {}
    if named.get("customer"):
        return linked(world, values, "customer", "customers")
    return world.get("customers", account.links["customer"]) if account else customers.add(world, {})


def _check(world: World, values: Json) -> None:
    if not any(values.get(name) for name in REQUESTS):
        raise invalid((f"/{KIND}", "must have at least one of " + ", ".join(REQUESTS)))
    payment, mandate = values.get("payment_request"), values.get("mandate_request")
    faults = []
    if payment:
        faults += _payment_faults(world, payment)
    if (
        mandate
        and mandate.get("scheme")
        and mandate.get("currency")
        and SCHEMES[mandate["scheme"]].currency != mandate["currency"]
    ):
        faults.append((f"/{KIND}/mandate_request/scheme", f"is not a scheme for {mandate['currency']}"))
    for name in ("subscription_request", "instalment_schedule_request"):
        if values.get(name) and values[name]["currency"] not in ("USD", "CAD"):
            faults.append((f"/{KIND}/{name}/currency", "must be USD or CAD: only ACH and PAD are supported"))
    if values.get("fallback_enabled") and not payment:
        faults.append((f"/{KIND}/fallback_enabled", "needs a payment_request"))
    if faults:
        raise invalid(*faults)


def _payment_faults(world: World, payment: Json) -> list[tuple[str, str]]:
    faults = []
    if not payment.get("description"):
        faults.append((f"/{KIND}/payment_request/description", "can't be blank"))
    if payment["currency"] not in INSTANT_BY_CURRENCY:
        faults.append((f"/{KIND}/payment_request/currency", "has no instant payments; use GBP or EUR"))
    elif payment.get("scheme") and SCHEMES[payment["scheme"]].currency != payment["currency"]:
        faults.append((f"/{KIND}/payment_request/scheme", f"is not a scheme for {payment['currency']}"))
    fee = payment.get("app_fee")
    if fee is not None and (world.client_id is None or fee >= payment["amount"]):
        faults.append((f"/{KIND}/payment_request/app_fee", "needs a partner app's token and must be less than the amount"))
    return faults


def _mandate(values: Json | None) -> Json | None:
    if values is None:
        return None
    known: Json = {"currency": None, "constraints": None, "scheme": None, "sweeping": False, "verify": "minimum", "links": {}}
    known |= {"metadata": {}, "description": None, "payer_requested_dual_signature": False, "consent_type": None}
    known |= {"authorisation_source": "web", "funds_settlement": "managed"} | {k: v for k, v in values.items() if v is not None}
    if known["scheme"] and not known["currency"]:
        known["currency"] = SCHEMES[known["scheme"]].currency
    return known


def _payment(values: Json | None) -> Json | None:
    if values is None:
        return None
    known: Json = {"description": None, "currency": None, "amount": None, "min_amount": None, "max_amount": None}
    known |= {
        "default_min_amount": None,
        "default_max_amount": None,
        "app_fee": None,
        "scheme": None,
        "links": {},
        "metadata": {},
    }
    known |= {"flexible_amount": False, "reference": None, "funds_settlement": "managed"}
    known |= {k: v for k, v in values.items() if v is not None and k != "retry_if_possible"}
    return known | {"scheme": known["scheme"] or INSTANT_BY_CURRENCY[known["currency"]]}


def _with_links(values: Json | None) -> Json | None:
    return None if values is None else {**values, "metadata": values.get("metadata") or {}, "links": {}}


ROUTES = (
    create(KIND, make, *FIELDS),
    listing(KIND, Filters(choices={"customer": None, "status": STATUSES}, ranges=("created_at",))),
    get(KIND),
)

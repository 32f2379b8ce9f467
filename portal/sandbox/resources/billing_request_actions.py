"""The actions on a billing request, as the API and the hosted pages both take them."""

from typing import Any

from portal.sandbox import machine
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Route, action
from portal.sandbox.errors import ApiError, invalid, state
from portal.sandbox.fields import CURRENCIES, country, flag, group, metadata, text, typed, url
from portal.sandbox.resources import (
    bank_accounts,
    bank_authorisations,
    billing_request_fields,
    billing_requests,
    customers,
    fulfilment,
    institutions,
    request_steps,
)
from portal.sandbox.resources.billing_requests import BILLING_FIELDS, KIND
from portal.sandbox.resources.creditor_bank_accounts import DETAILS
from portal.sandbox.resources.customers import FIELDS as CUSTOMER_FIELDS
from portal.sandbox.schemes import SCHEMES
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


def collect_customer_details(world: World, doc: Doc, values: Json) -> Doc:
    """Updates customer and billing detail at once; the action is complete when nothing required is missing."""
    _require_open(doc)
    customer = world.get("customers", doc.links["customer"])
    customer.body.update(values.get("customer") or {})
    billing = values.get("customer_billing_detail") or {}
    doc.inner["billing_detail"].update(billing)
    customer.body.update({k: v for k, v in billing.items() if k in customer.body})
    customers.store(world, customer)
    fields = request_steps.incomplete(doc, customer.body)
    if fields["customer"] or fields["customer_billing_detail"]:
        _undone(doc, "collect_customer_details")
    else:
        _done(doc, "collect_customer_details")
    return _finish(world, doc, "collect_customer_details", "Customer details have been collected for this billing request.")


def collect_bank_account(world: World, doc: Doc, values: Json) -> Doc:
    _require_open(doc)
    customer = world.get("customers", doc.links["customer"])
    wanted = request_steps.currency(doc)
    account = bank_accounts.open_account(world, customer, values, "/data", reuse=True)
    if wanted and account.body["currency"] != wanted:
        raise invalid(("/data/currency", f"must be {wanted}, the currency of this billing request"))
    doc.links["customer_bank_account"] = account.id
    if doc.body["mandate_request"] and not wanted:
        _set_currency(doc, account.body["currency"])
    _done(doc, "collect_bank_account")
    return _finish(world, doc, "collect_bank_account", "Bank account details have been collected for this billing request.")


def choose_currency(world: World, doc: Doc, values: Json) -> Doc:
    _require_open(doc)
    mandate = doc.body["mandate_request"]
    if not mandate or doc.body["payment_request"]:
        raise state("invalid_state", "The currency can only be chosen for a mandate request without a payment")
    scheme = mandate["scheme"]
    if scheme and SCHEMES[scheme].currency != values["currency"]:
        raise invalid(("/data/currency", f"is not the currency of the scheme {scheme}"))
    _set_currency(doc, values["currency"])
    return _finish(world, doc, "choose_currency", "The payer has chosen a currency for this billing request.")


def select_institution(world: World, doc: Doc, values: Json) -> Doc:
    _require_open(doc)
    if "select_institution" not in request_steps.steps(doc):
        raise state("invalid_state", "This billing request does not ask for a bank to be chosen")
    chosen = institutions.find(values["institution"])
    if chosen is None or chosen["country_code"] != values["country_code"].upper():
        raise invalid(("/data/institution", "is not an institution of this country"))
    doc.inner["institution"] = chosen["id"]
    _done(doc, "select_institution")
    return _finish(world, doc, "select_institution", "The payer has chosen their bank.")


def confirm_payer_details(world: World, doc: Doc, values: Json) -> Doc:
    _require_open(doc)
    lacking = request_steps.missing(doc, "confirm_payer_details")
    if lacking:
        raise state("invalid_state", "These actions must be completed first: " + ", ".join(lacking))
    if doc.body["mandate_request"] and values.get("payer_requested_dual_signature") is not None:
        doc.body["mandate_request"]["payer_requested_dual_signature"] = values["payer_requested_dual_signature"]
    _done(doc, "confirm_payer_details")
    return _finish(world, doc, "payer_details_confirmed", "Payer has confirmed all their details for this billing request.")


def fulfil(world: World, doc: Doc, _values: Json) -> Doc:
    machine.require(doc, "fulfil")
    return fulfilment.fulfil(world, doc)


def cancel(world: World, doc: Doc, _values: Json) -> Doc:
    machine.move(world, doc, "cancel", metadata=world.metadata, because={"origin": world.origin})
    for flow in world.all("billing_request_flows", billing_request=doc.id):
        flow.body["expires_at"] = min(flow.body["expires_at"], world.stamp)
        world.save(flow)
    return doc


def notify(world: World, doc: Doc, _values: Json) -> Doc:
    """Would mail the payer a link; the sandbox only checks that this could be done."""
    _require_open(doc)
    if not request_steps.wants_payment(doc):
        raise state("invalid_state", "Only billing requests for an instant payment can be notified")
    return doc


def fallback(world: World, doc: Doc, _values: Json) -> Doc:
    """Turns an instant payment into a direct debit."""
    _require_open(doc)
    if not doc.body["fallback_enabled"] or doc.body["fallback_occurred"]:
        raise state("fallback_failed", "This billing request has no fallback, or it has already happened")
    doc.body["fallback_occurred"] = True
    _undone(doc, "bank_authorisation")
    billing_requests.settle_status(world, doc)
    return doc


def create_with_actions(world: World, _id: str, body: Json) -> Answer:
    """A request and its first actions in one call."""
    values = typed(_WITH_ACTIONS, body, "/billing_request_with_actions")
    asked = values.pop("actions", None) or {}
    doc = billing_requests.make(world, values)
    for name, act in _CHAIN:
        if asked.get(name) is not None:
            act(world, doc, asked[name])
    made: Json = {"billing_requests": None, "bank_authorisations": None}
    if asked.get("create_bank_authorisation"):
        links = {"links": {"billing_request": doc.id}, "redirect_uri": asked.get("bank_authorisation_redirect_uri")}
        made["bank_authorisations"] = bank_authorisations.make(world, links).body
    made["billing_requests"] = rendering.public(world, world.get(KIND, doc.id))
    return Answer(documents.dumps({"billing_request_with_actions": made}), 201, f"/{KIND}/{doc.id}", doc.id)


def institutions_of(world: World, identity: str, _body: Json) -> Answer:
    return institutions.list_for(world, world.get(KIND, identity))


def _finish(world: World, doc: Doc, event: str, words: str) -> Doc:
    billing_requests.settle_status(world, doc)
    billing_requests.announce(world, doc, event, words)
    return doc


def _require_open(doc: Doc) -> None:
    if doc.status not in ("pending", "ready_to_fulfil"):
        raise _ended(doc)


def _ended(doc: Doc) -> ApiError:
    return state("invalid_state", f"Nothing can be changed on this billing request: it is {doc.status}")


def _set_currency(doc: Doc, currency: str) -> None:
    doc.body["mandate_request"]["currency"] = currency
    _done(doc, "choose_currency")


def _done(doc: Doc, name: str) -> None:
    if name not in doc.inner["done"]:
        doc.inner["done"].append(name)


def _undone(doc: Doc, name: str) -> None:
    doc.inner["done"] = [step for step in doc.inner["done"] if step != name]


_CUSTOMER_NAMES = ("email", "given_name", "family_name", "company_name", "language", "phone_number", "metadata")
_KNOWN = {f.name: f for f in CUSTOMER_FIELDS} | {"ip_address": text("ip_address", pattern=r"[0-9A-Fa-f.:]{2,45}")}
CUSTOMER = group("customer", *(_KNOWN[name] for name in _CUSTOMER_NAMES))
BILLING_DETAIL = group("customer_billing_detail", *(_KNOWN[name] for name in BILLING_FIELDS))
BANK_ACCOUNT = (text("account_holder_name"), *DETAILS, text("pay_id"), metadata())
INSTITUTION = (country(required=True), text("institution", required=True))
CONFIRMATION = (flag("payer_requested_dual_signature"), metadata())
_CHAIN = (
    ("collect_customer_details", collect_customer_details),
    ("collect_bank_account", collect_bank_account),
    ("select_institution", select_institution),
    ("confirm_payer_details", confirm_payer_details),
)
_ACTIONS = group(
    "actions",
    group("collect_customer_details", CUSTOMER, BILLING_DETAIL),
    group("collect_bank_account", *BANK_ACCOUNT),
    group("select_institution", *INSTITUTION),
    group("confirm_payer_details", *CONFIRMATION),
    url("bank_authorisation_redirect_uri"),
    flag("create_bank_authorisation"),
)
_WITH_ACTIONS = (*billing_request_fields.FIELDS, _ACTIONS)
_ENVELOPE = "billing_request_with_actions"

ROUTES = (
    Route("POST", f"/{KIND}/create_with_actions", KIND, "create_with_actions", create_with_actions, _ENVELOPE, _WITH_ACTIONS),
    Route("GET", f"/{KIND}/:id/institutions", KIND, "institutions", institutions_of),
    action(KIND, "collect_customer_details", collect_customer_details, CUSTOMER, BILLING_DETAIL),
    action(KIND, "collect_bank_account", collect_bank_account, *BANK_ACCOUNT),
    action(KIND, "confirm_payer_details", confirm_payer_details, *CONFIRMATION),
    action(KIND, "fulfil", fulfil),
    action(KIND, "cancel", cancel),
    action(KIND, "notify", notify, text("notification_type", required=True, among=("email",)), url("redirect_uri")),
    action(KIND, "fallback", fallback),
    action(KIND, "choose_currency", choose_currency, text("currency", required=True, among=CURRENCIES)),
    action(KIND, "select_institution", select_institution, *INSTITUTION),
)

"""What a billing request still asks for: its actions, computed from what it wants and what has been done."""

from typing import Any

from portal.sandbox.fields import CURRENCIES
from portal.sandbox.schemes import DEBIT_SCHEMES, EURO_COUNTRIES, SCHEMES
from portal.sandbox.store.documents import Doc

Json = dict[str, Any]
CUSTOMER_NEEDS = ("email", "given_name", "family_name")
BILLING_NEEDS = ("address_line1", "city", "postal_code", "country_code")
IDENTITY = {"autogiro": "swedish_identity_number", "betalingsservice": "danish_identity_number"}
COUNTRY_OF = {"GBP": ["GB"], "USD": ["US"], "AUD": ["AU"], "NZD": ["NZ"], "CAD": ["CA"], "SEK": ["SE"], "DKK": ["DK"]}
DETAILS = ["choose_currency", "collect_customer_details"]


def wants_payment(doc: Doc) -> bool:
    """An instant payment at the payer's bank, as long as it has not fallen back to direct debit."""
    return bool(doc.body["payment_request"]) and not doc.body["fallback_occurred"]


def wants_mandate(doc: Doc) -> bool:
    other = doc.body["subscription_request"] or doc.body["instalment_schedule_request"]
    return bool(doc.body["mandate_request"] or other or doc.body["fallback_occurred"])


def wants_verification(doc: Doc) -> bool:
    return bool(doc.body["mandate_request"] and doc.body["mandate_request"]["verify"] == "always")


def currency(doc: Doc) -> str:
    for name in ("mandate_request", "payment_request", "subscription_request", "instalment_schedule_request"):
        if doc.body[name]:
            return str(doc.body[name]["currency"] or "")
    return ""


def debit_scheme(doc: Doc) -> str:
    asked = (doc.body["mandate_request"] or {}).get("scheme")
    return str(asked or next((name for name in DEBIT_SCHEMES if SCHEMES[name].currency == currency(doc)), "bacs"))


def countries(doc: Doc) -> list[str]:
    return COUNTRY_OF.get(currency(doc), sorted(EURO_COUNTRIES))


def incomplete(doc: Doc, customer: Json) -> Json:
    """The fields of customer and billing detail that are still missing."""
    billing = doc.inner["billing_detail"]
    named = bool(customer.get("company_name"))
    of_customer = [name for name in CUSTOMER_NEEDS if not customer.get(name) and not (named and name != "email")]
    needs = [*BILLING_NEEDS, *([IDENTITY[debit_scheme(doc)]] if wants_mandate(doc) and debit_scheme(doc) in IDENTITY else [])]
    return {"customer": of_customer, "customer_billing_detail": [name for name in needs if not billing.get(name)]}


def steps(doc: Doc) -> list[str]:
    """The names of the actions that this request consists of, in the order in which a payer meets them."""
    names = ["choose_currency"]
    if wants_payment(doc):
        names.append("collect_amount")
    names.append("collect_customer_details")
    if wants_payment(doc) or wants_verification(doc):
        names.append("select_institution")
    names.append("collect_bank_account")
    if wants_mandate(doc):
        names.append("confirm_payer_details")
    if wants_payment(doc) or wants_verification(doc):
        names.append("bank_authorisation")
    return names


def is_done(doc: Doc, name: str) -> bool:
    return name in doc.inner["done"]


def is_required(doc: Doc, name: str) -> bool:
    return name != "collect_bank_account" or wants_mandate(doc)


def requires(doc: Doc, name: str) -> list[str]:
    known = steps(doc)
    wanted = {
        "collect_customer_details": ["choose_currency", "collect_amount"],
        "confirm_payer_details": [*DETAILS, "collect_bank_account"],
        "bank_authorisation": [*DETAILS, "collect_amount", "select_institution", "confirm_payer_details"],
    }
    return [step for step in wanted.get(name, []) if step in known]


def is_ready(doc: Doc) -> bool:
    return all(is_done(doc, name) for name in steps(doc) if is_required(doc, name))


def missing(doc: Doc, name: str) -> list[str]:
    """What must be done before this action."""
    return [step for step in requires(doc, name) if not is_done(doc, step) and is_required(doc, step)]


def listed(doc: Doc, customer: Json) -> list[Json]:
    """The ``actions`` of the API's answer; none once the request has come to its end."""
    if doc.status in ("fulfilled", "cancelled"):
        return []
    return [_shown(doc, name, customer) for name in steps(doc)]


def _shown(doc: Doc, name: str, customer: Json) -> Json:
    shown: Json = {
        "type": name,
        "required": is_required(doc, name),
        "completes_actions": ["choose_currency"] if name == "collect_bank_account" else [],
        "requires_actions": requires(doc, name),
        "status": "completed" if is_done(doc, name) else "pending",
    }
    return shown | _extra(doc, name, customer)


def _extra(doc: Doc, name: str, customer: Json) -> Json:
    if name == "choose_currency":
        return {"available_currencies": list(CURRENCIES)}
    if name == "collect_customer_details":
        fields = incomplete(doc, customer)
        return {"collect_customer_details": {"incomplete_fields": fields, "default_country_code": countries(doc)[0]}}
    if name == "collect_bank_account":
        return {"available_country_codes": countries(doc)}
    if name == "select_institution":
        return {"institution_guess_status": "not_needed"}
    if name == "bank_authorisation":
        kind, adapter = ("payment", "pis") if wants_payment(doc) else ("mandate", "ais")
        return {"bank_authorisation": {"adapter": f"open_banking_gateway_{adapter}", "authorisation_type": kind}}
    return {}

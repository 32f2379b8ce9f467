"""What the payer pages ask for, step by step, and how what was entered becomes the API's values."""

from typing import Any

from portal.sandbox.pages.forms import Form, Input
from portal.sandbox.pages.people import COUNTRIES
from portal.sandbox.resources import institutions, request_steps
from portal.sandbox.resources.billing_requests import BILLING_FIELDS
from portal.sandbox.schemes import BY_CURRENCY
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
NAMES = (
    Input("given_name", "First name", required=True, autocomplete="given-name"),
    Input("family_name", "Last name", required=True, autocomplete="family-name"),
    Input("email", "Email address", required=True, kind="email", autocomplete="email"),
)
ADDRESS = (
    Input("address_line1", "Address", required=True, autocomplete="address-line1"),
    Input("address_line2", "Address, second line (optional)", autocomplete="address-line2"),
    Input("city", "Town or city", required=True, autocomplete="address-level2"),
    Input("postal_code", "Postcode", required=True, autocomplete="postal-code"),
    Input("country_code", "Country", required=True, kind="select", autocomplete="country", choices=COUNTRIES),
)
IDENTITY = {
    "autogiro": Input("swedish_identity_number", "Swedish identity number", required=True),
    "betalingsservice": Input("danish_identity_number", "Danish identity number", required=True),
}
HOLDER = Input("account_holder_name", "Name on the account", required=True, autocomplete="name")
TYPES = (("checking", "Checking"), ("savings", "Savings"))
_IBAN = (Input("iban", "IBAN", required=True, hint="For example DE89 3704 0044 0532 0130 00"),)
ACCOUNTS: dict[str, tuple[str, tuple[Input, ...]]] = {
    "GBP": (
        "GB",
        (
            Input("branch_code", "Sort code", required=True, hint="Six digits, for example 20-00-00"),
            Input("account_number", "Account number", required=True, hint="Eight digits, for example 55779911"),
        ),
    ),
    "USD": (
        "US",
        (
            Input("bank_code", "Routing number", required=True, hint="Nine digits, for example 026073150"),
            Input("account_number", "Account number", required=True, hint="For example 2715500356"),
            Input("account_type", "Account type", required=True, kind="select", choices=TYPES),
        ),
    ),
    "AUD": (
        "AU",
        (
            Input("branch_code", "BSB", required=True, hint="For example 082-082"),
            Input("account_number", "Account number", required=True),
        ),
    ),
    "NZD": (
        "NZ",
        (
            Input("bank_code", "Bank", required=True, hint="Two digits"),
            Input("branch_code", "Branch", required=True, hint="Four digits"),
            Input("account_number", "Account number and suffix", required=True),
        ),
    ),
    "CAD": (
        "CA",
        (
            Input("bank_code", "Institution number", required=True, hint="For example 0003"),
            Input("branch_code", "Transit number", required=True, hint="Five digits"),
            Input("account_number", "Account number", required=True),
        ),
    ),
    "SEK": (
        "SE",
        (Input("branch_code", "Clearing number", required=True), Input("account_number", "Account number", required=True)),
    ),
    "DKK": (
        "DK",
        (Input("bank_code", "Registration number", required=True), Input("account_number", "Account number", required=True)),
    ),
    "EUR": ("", _IBAN),
}


def form(world: World, flow: Doc, wanted: Doc, customer: Doc, step: str) -> Form:
    """The inputs of one step with what is known already."""
    if step == "currency":
        return Form.of(
            [Input("currency", "Currency", required=True, kind="select", choices=tuple((c, c) for c in BY_CURRENCY))]
        )
    if step == "details":
        known = {**wanted.inner["billing_detail"], **_known(customer.body), **_known(flow.body["prefilled_customer"] or {})}
        known.setdefault("country_code", request_steps.countries(wanted)[0])
        return Form.of(_details(wanted), known, locked=flow.body["lock_customer_details"])
    if step == "bank":
        banks = institutions.offered(request_steps.countries(wanted)[0]) or institutions.offered("DE")
        choices = tuple((bank.identity, bank.name) for bank in banks)
        return Form.of(
            [Input("institution", "Your bank", required=True, kind="radio", choices=choices)],
            {"institution": wanted.inner["institution"]},
        )
    if step == "account":
        return _account(world, flow, wanted, customer)
    return Form([])


def locked_account(flow: Doc, wanted: Doc) -> Json:
    """The account that was given with the request and must not be changed here."""
    account = wanted.links.get("customer_bank_account")
    return {"customer_bank_account": account} if account and flow.body["lock_bank_account"] else {}


def split_details(values: dict[str, str]) -> tuple[Json, Json]:
    """Customer and billing detail, as the API takes them."""
    filled = {name: value or None for name, value in values.items()}
    billing = {name: value for name, value in filled.items() if name in BILLING_FIELDS}
    return {name: value for name, value in filled.items() if name not in billing}, billing


def account_details(currency: str, values: dict[str, str]) -> Json:
    country, _ = ACCOUNTS.get(currency, ACCOUNTS["EUR"])
    return {**values, **({"country_code": country} if country else {})}


def account_inputs(currency: str) -> tuple[Input, ...]:
    return (HOLDER, *ACCOUNTS.get(currency, ACCOUNTS["EUR"])[1])


def summary(world: World, wanted: Doc, customer: Doc) -> list[tuple[str, str]]:
    """What the payer is about to agree to."""
    payment, mandate = wanted.body["payment_request"], wanted.body["mandate_request"]
    rows = [("To", wanted.body["creditor_name"])]
    if payment:
        rows += [("One payment", money(payment["amount"], payment["currency"])), ("For", payment["description"])]
    if request_steps.wants_mandate(wanted):
        rows.append(("Direct Debit", (mandate or {}).get("description") or "Future payments, as agreed with the business"))
    rows.append(("Name", " ".join(str(customer.body[part]) for part in ("given_name", "family_name") if customer.body[part])))
    rows.append(("Email", str(customer.body["email"] or "")))
    account = world.find("customer_bank_accounts", wanted.links.get("customer_bank_account", ""))
    if account:
        rows.append(("Account", f"{account.body['bank_name']}, ending {account.body['account_number_ending']}"))
    bank = institutions.bank(wanted.inner["institution"])
    return [*rows, ("Bank", bank.name)] if bank else rows


def lead(wanted: Doc) -> str:
    """One sentence above every step."""
    payment = wanted.body["payment_request"]
    if payment and request_steps.wants_payment(wanted):
        return f"Pay {money(payment['amount'], payment['currency'])} to {wanted.body['creditor_name']}"
    return f"Set up a Direct Debit with {wanted.body['creditor_name']}"


def money(amount: int, currency: str) -> str:
    return f"{amount / 100:,.2f} {currency}"


def _details(wanted: Doc) -> list[Input]:
    extra = IDENTITY.get(request_steps.debit_scheme(wanted)) if request_steps.wants_mandate(wanted) else None
    return [*NAMES, *ADDRESS, *([extra] if extra else [])]


def _account(world: World, flow: Doc, wanted: Doc, customer: Doc) -> Form:
    if locked_account(flow, wanted):
        account = world.get("customer_bank_accounts", wanted.links["customer_bank_account"]).body
        shown = f"{account['account_holder_name']}, {account['bank_name']}, ending {account['account_number_ending']}"
        return Form([Input("known_account", "Bank account", value=shown, locked=True)])
    holder = " ".join(str(customer.body[part]) for part in ("given_name", "family_name") if customer.body[part])
    prefilled = flow.body["prefilled_bank_account"] or {}
    return Form.of(account_inputs(request_steps.currency(wanted)), {"account_holder_name": holder, **_known(prefilled)})


def _known(values: Json) -> Json:
    return {name: value for name, value in values.items() if value}

"""What may be sent to make a billing request: the fields of its four parts."""

from portal.sandbox.fields import CURRENCIES, Field, day, flag, group, metadata, rows, text, whole
from portal.sandbox.resources.instalment_schedules import DATED, RHYTHM
from portal.sandbox.resources.subscriptions import RHYTHM as SUBSCRIPTION_RHYTHM
from portal.sandbox.schemes import DEBIT_SCHEMES

VERIFY = ("minimum", "recommended", "when_available", "always")
SETTLEMENT = text("funds_settlement", among=("managed", "direct"))
_LIMIT = group(
    "limit",
    text("period", among=("day", "week", "month", "year", "flexible")),
    text("alignment", among=("calendar", "creation_date")),
    whole("max_total_amount"),
    whole("max_payments"),
)
CONSTRAINTS = (
    day("start_date"),
    day("end_date"),
    whole("max_amount_per_payment"),
    text("payment_method"),
    rows("periodic_limits", _LIMIT),
)
MANDATE_REQUEST = (
    text("currency", among=CURRENCIES),
    text("scheme", among=(*DEBIT_SCHEMES, "faster_payments")),
    text("verify", among=VERIFY),
    text("description"),
    metadata(),
    text("reference", most=35),
    text("consent_type", among=("one_off", "single", "recurring", "standing", "sporadic")),
    group("constraints", *CONSTRAINTS),
    flag("sweeping"),
    text("authorisation_source", among=("web", "telephone", "paper")),
    flag("payer_requested_dual_signature"),
    SETTLEMENT,
)
PAYMENT_REQUEST = (
    whole("amount", required=True, least=1),
    text("currency", required=True, among=CURRENCIES),
    text("description"),
    text("scheme", among=("faster_payments", "sepa_credit_transfer", "sepa_instant_credit_transfer", "pay_to")),
    whole("app_fee"),
    text("reference", most=140),
    metadata(),
    flag("retry_if_possible"),
    SETTLEMENT,
)
_MONEY = (text("currency", required=True, among=CURRENCIES), whole("app_fee"), text("payment_reference", most=140))
SUBSCRIPTION_REQUEST = (
    whole("amount", required=True, least=1),
    *_MONEY,
    *SUBSCRIPTION_RHYTHM,
    text("name"),
    flag("retry_if_possible"),
    metadata(),
)
INSTALMENT_REQUEST = (
    text("name", required=True, most=100),
    whole("total_amount", required=True, least=1),
    *_MONEY,
    rows("instalments_with_dates", DATED),
    group("instalments_with_schedule", *RHYTHM),
    flag("retry_if_possible"),
    metadata(),
)
LINKS = group("links", text("creditor"), text("customer"), text("customer_bank_account"))
FIELDS: tuple[Field, ...] = (
    group("mandate_request", *MANDATE_REQUEST),
    group("payment_request", *PAYMENT_REQUEST),
    group("subscription_request", *SUBSCRIPTION_REQUEST),
    group("instalment_schedule_request", *INSTALMENT_REQUEST),
    flag("fallback_enabled"),
    text("purpose_code"),
    text("payment_context_code"),
    text("payment_purpose_code"),
    metadata(),
    LINKS,
)

"""One call for each method of the official Python client, against an organisation that has the documented ids."""

from dataclasses import dataclass, field

GB = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "Frank Osborne"}
OTHER_GB = {**GB, "account_number": "12345678"}
PERSON = {"given_name": "Frank", "family_name": "Osborne", "email": "user@example.com"}
ADDRESS = {"address_line1": "221B Baker Street", "city": "London", "postal_code": "NW1 6XE", "country_code": "GB"}
NAME = "12 Month Gold Plan"


@dataclass(frozen=True)
class Call:
    """``before``: calls that bring the resource into the state that this one needs."""

    service: str
    method: str
    identity: str = ""
    params: dict | None = None
    before: tuple = field(default=())

    @property
    def name(self):
        return f"{self.service}.{self.method}"

    def make(self, client):
        for earlier in self.before:
            earlier.make(client)
        act = getattr(getattr(client, self.service), self.method)
        arguments = [self.identity] if self.identity else []
        return act(*arguments, params=self.params) if self.params is not None else act(*arguments)


def simulate(name, resource):
    return Call("scenario_simulators", "run", name, {"links": {"resource": resource}})


_COLLECT = Call("billing_requests", "collect_bank_account", "BRQ123", GB)
_CONFIRM = Call("billing_requests", "confirm_payer_details", "BRQ123", {"metadata": {}}, before=(_COLLECT,))
_DUAL = {
    "payment_request": {"amount": "500", "currency": "GBP", "description": "Top-up"},
    "mandate_request": {"currency": "GBP", "scheme": "bacs"},
}
_MANDATE = {"mandate": "MD123"}
_SCHEDULE = {"name": "ACME Invoice 103", "total_amount": "1000", "currency": "GBP", "links": _MANDATE}
_INSTALMENTS = [{"charge_date": "2027-08-20", "amount": "400"}, {"charge_date": "2027-09-03", "amount": "600"}]
_RHYTHM = {"start_date": "2027-08-20", "interval_unit": "monthly", "interval": 2, "amounts": [400, 600]}
_DIRECTOR = {"given_name": "Tom", "family_name": "Jones", "date_of_birth": "1986-02-19", "street": "338 Goswell Road", "city": "London",
             "postal_code": "EC1V 7LQ", "country_code": "GB"}  # fmt: skip
_VERIFICATION = {"name": "Acme Limited", "company_number": "07495895", "description": "Wine and cheese seller", "address_line1": "338 Goswell Road",
                 "city": "London", "postal_code": "EC1V 7LQ", "directors": [_DIRECTOR], "links": {"creditor": "CR123"}}  # fmt: skip

CALLS = (
    Call("balances", "list", params={"creditor": "CR123"}, before=(simulate("payment_submitted", "PM123"),)),
    Call("bank_authorisations", "get", "BAU123"),
    Call("bank_details_lookups", "create", params=GB),
    Call("billing_request_flows", "create", params={"redirect_uri": "https://my-website.com/abc/callback", "exit_uri": "https://my-website.com/exit",
                                                    "prefilled_customer": PERSON, "prefilled_bank_account": {"account_type": "savings"},
                                                    "language": "en", "links": {"billing_request": "BRQ123"}}),
    Call("billing_request_flows", "initialise", "BRF123"),
    Call("billing_request_templates", "create", params={"name": NAME, "payment_request_amount": "10000", "payment_request_currency": "GBP",
                                                        "payment_request_description": "Gold plan", "mandate_request_currency": "GBP",
                                                        "mandate_request_scheme": "bacs", "redirect_uri": "https://my-website.com/abc/callback"}),
    Call("billing_request_templates", "get", "BRT123"),
    Call("billing_request_templates", "list"),
    Call("billing_request_templates", "update", "BRT123", {"name": NAME, "payment_request_amount": "20000"}),
    Call("billing_request_with_actions", "create_with_actions", params={**_DUAL, "actions": {
        "collect_customer_details": {"customer": PERSON, "customer_billing_detail": ADDRESS}, "collect_bank_account": GB,
        "confirm_payer_details": {}, "select_institution": {"country_code": "GB", "institution": "monzo"},
        "create_bank_authorisation": True, "bank_authorisation_redirect_uri": "https://my-website.com/abc/callback"}}),
    Call("billing_requests", "cancel", "BRQ123", {"metadata": {"why": "changed"}}),
    Call("billing_requests", "choose_currency", "BRQ123", {"currency": "GBP"}),
    _COLLECT,
    Call("billing_requests", "collect_customer_details", "BRQ123", {"customer": PERSON, "customer_billing_detail": ADDRESS}),
    _CONFIRM,
    Call("billing_requests", "create", params={**_DUAL, "metadata": {"order": "1"}}),
    Call("billing_requests", "fulfil", "BRQ123", before=(_CONFIRM,)),
    Call("billing_requests", "get", "BRQ123"),
    Call("billing_requests", "list", params={"status": "pending"}),
    Call("blocks", "block_by_ref", params={"reference_type": "customer", "reference_value": "CU123", "reason_type": "no_intent_to_pay"}),
    Call("blocks", "create", params={"block_type": "email", "reason_type": "no_intent_to_pay", "resource_reference": "other@example.com"}),
    Call("blocks", "disable", "BLC123"),
    Call("blocks", "enable", "BLC123", before=(Call("blocks", "disable", "BLC123"),)),
    Call("blocks", "get", "BLC123"),
    Call("blocks", "list"),
    Call("creditor_bank_accounts", "create", params={**GB, "metadata": {}, "links": {"creditor": "CR123"}}),
    Call("creditor_bank_accounts", "disable", "BA123"),
    Call("creditor_bank_accounts", "get", "BA123"),
    Call("creditor_bank_accounts", "list", params={"creditor": "CR123", "enabled": True}),
    Call("creditors", "create", params={"name": "Acme", "country_code": "GB", "creditor_type": "company"}),
    Call("creditors", "get", "CR123"),
    Call("creditors", "list"),
    Call("creditors", "update", "CR123", {"name": "New name", "links": {"default_gbp_payout_account": "BA123"}}),
    Call("currency_exchange_rates", "list", params={"source": "GBP", "target": "EUR"}),
    Call("customer_bank_accounts", "create", params={**OTHER_GB, "links": {"customer": "CU123"}}),
    Call("customer_bank_accounts", "disable", "BA123"),
    Call("customer_bank_accounts", "get", "BA123"),
    Call("customer_bank_accounts", "list", params={"customer": "CU123"}),
    Call("customer_bank_accounts", "update", "BA123", {"metadata": {"description": "Business account"}}),
    Call("customer_notifications", "handle", "EV1D18JEXAMPLE"),
    Call("customers", "create", params={**PERSON, "metadata": {"salesforce_id": "ABCD1234"}}),
    Call("customers", "get", "CU123"),
    Call("customers", "list", params={"created_at[gt]": "2015-01-01T00:00:00.000Z", "limit": 10}),
    Call("customers", "remove", "CU123"),
    Call("customers", "update", "CU123", {"metadata": {"custom_reference": "NEWREFERENCE001"}}),
    Call("events", "get", "EV123"),
    Call("events", "list", params={"resource_type": "mandates", "include": "mandate"}),
    Call("instalment_schedules", "cancel", "IS123"),
    Call("instalment_schedules", "create_with_dates", params={**_SCHEDULE, "instalments": _INSTALMENTS}),
    Call("instalment_schedules", "create_with_schedule", params={**_SCHEDULE, "instalments": _RHYTHM}),
    Call("instalment_schedules", "get", "IS123"),
    Call("instalment_schedules", "list", params={"customer": "CU123"}),
    Call("instalment_schedules", "update", "IS123", {"metadata": {"key": "value"}}),
    Call("institutions", "list", params={"country_code": "GB"}),
    Call("institutions", "list_for_billing_request", "BRQ123", {"country_code": "GB", "search": "model"}),
    Call("mandate_pdfs", "create", params={"links": {"mandate": "MD123"}}),
    Call("mandates", "cancel", "MD123"),
    Call("mandates", "create", params={"scheme": "bacs", "metadata": {"contract": "ABCD1234"}, "links": {"customer_bank_account": "BA123", "creditor": "CR123"}}),
    Call("mandates", "get", "MD123"),
    Call("mandates", "list", params={"customer": "CU123"}),
    Call("mandates", "reinstate", "MD123", before=(Call("mandates", "cancel", "MD123"),)),
    Call("mandates", "update", "MD123", {"metadata": {"contract": "ABCD5678"}}),
    Call("payments", "cancel", "PM123"),
    Call("payments", "create", params={"amount": "100", "currency": "GBP", "metadata": {"order": "1"}, "links": _MANDATE}),
    Call("payments", "get", "PM123"),
    Call("payments", "list", params={"mandate": "MD123", "sort_field": "charge_date", "sort_direction": "asc"}),
    Call("payments", "retry", "PM789"),
    Call("payments", "update", "PM123", {"metadata": {"key": "value"}, "retry_if_possible": True}),
    Call("payout_items", "list", params={"payout": "PO123"}),
    Call("payouts", "get", "PO123"),
    Call("payouts", "list", params={"creditor": "CR123"}),
    Call("payouts", "update", "PO123", {"metadata": {"key": "value"}}),
    Call("redirect_flows", "complete", "RE123", {"session_token": "SESS_wSs0uGYMISxzqOBq"}),
    Call("redirect_flows", "create", params={"description": "Wine boxes", "session_token": "SESS_1", "success_redirect_url": "https://example.com/pay/confirm"}),
    Call("redirect_flows", "get", "RE123"),
    Call("refunds", "create", params={"amount": "100", "total_amount_confirmation": "100", "links": {"payment": "PM456"}}),
    Call("refunds", "get", "RF123"),
    Call("refunds", "list", params={"payment": "PM456"}),
    Call("refunds", "update", "RF123", {"metadata": {"key": "value"}}),
    simulate("payment_failed", "PM123"),
    Call("scheme_identifiers", "create", params={"name": "The Cheese Shop", "scheme": "bacs"}),
    Call("scheme_identifiers", "get", "SU123"),
    Call("scheme_identifiers", "list", params={"creditor": "CR123"}),
    Call("subscriptions", "cancel", "SB123"),
    Call("subscriptions", "create", params={"amount": "2500", "currency": "GBP", "name": "Monthly Magazine", "interval_unit": "monthly",
                                            "day_of_month": 1, "links": _MANDATE}),
    Call("subscriptions", "get", "SB123"),
    Call("subscriptions", "list", params={"mandate": "MD123"}),
    Call("subscriptions", "pause", "SB123"),
    Call("subscriptions", "resume", "SB123", before=(Call("subscriptions", "pause", "SB123"),)),
    Call("subscriptions", "update", "SB123", {"name": "New name", "amount": "4200"}),
    Call("tax_rates", "get", "GB_VAT_1"),
    Call("tax_rates", "list"),
    Call("verification_details", "create", params=_VERIFICATION),
    Call("verification_details", "list", params={"creditor": "CR123"}, before=(Call("verification_details", "create", params=_VERIFICATION),)),
    Call("webhooks", "get", "WB123"),
    Call("webhooks", "list", params={"is_test": True}),
    Call("webhooks", "retry", "WB123"),
)  # fmt: skip

_FALLBACK = {"payment_request": {"amount": 500, "currency": "GBP", "description": "Top-up"}, "fallback_enabled": True}
WITH_OWN_REQUEST = (
    ("bank_authorisations", "create", {"payment_request": _FALLBACK["payment_request"]}),
    ("billing_requests", "fallback", _FALLBACK),
    ("billing_requests", "notify", _FALLBACK),
    ("billing_requests", "select_institution", _FALLBACK),
)

NOT_EMULATED = (
    Call("bank_account_details", "get", "BA123"),
    Call(
        "bank_account_holder_verifications",
        "create",
        params={"type": "confirmation_of_payee", "links": {"bank_account": "BA123"}},
    ),
    Call("bank_account_holder_verifications", "get", "BAHV123"),
    Call("exports", "get", "EX123"),
    Call("exports", "list"),
    Call("funds_availabilities", "check", "MD123", {"amount": "1000"}),
    Call("logos", "create_for_creditor", params={"image": "data:image/png;base64,AAAA", "links": {"creditor": "CR123"}}),
    Call("mandate_import_entries", "create", params={"links": {"mandate_import": "IM123"}}),
    Call("mandate_import_entries", "list", params={"mandate_import": "IM123"}),
    Call("mandate_imports", "cancel", "IM123"),
    Call("mandate_imports", "create", params={"scheme": "bacs"}),
    Call("mandate_imports", "get", "IM123"),
    Call("mandate_imports", "submit", "IM123"),
    Call("negative_balance_limits", "list"),
    Call("outbound_payment_import_entries", "list", params={"outbound_payment_import": "IM123"}),
    Call("outbound_payment_imports", "create", params={"entry_items": []}),
    Call("outbound_payment_imports", "get", "IM123"),
    Call("outbound_payment_imports", "list"),
    Call("outbound_payments", "approve", "OUT123"),
    Call("outbound_payments", "cancel", "OUT123"),
    Call("outbound_payments", "create", params={"amount": 1000}),
    Call("outbound_payments", "get", "OUT123"),
    Call("outbound_payments", "list"),
    Call("outbound_payments", "stats"),
    Call("outbound_payments", "update", "OUT123", {"metadata": {}}),
    Call("outbound_payments", "withdraw", params={"amount": 1000}),
    Call("payer_authorisations", "confirm", "PA123"),
    Call("payer_authorisations", "create", params={"customer": {}}),
    Call("payer_authorisations", "get", "PA123"),
    Call("payer_authorisations", "submit", "PA123"),
    Call("payer_authorisations", "update", "PA123", {"customer": {}}),
    Call("payer_themes", "create_for_creditor", params={"links": {"creditor": "CR123"}}),
    Call("payment_account_transactions", "get", "PATR1234"),
    Call("payment_account_transactions", "list", "BA123", {"value_date_from": "2024-01-01", "value_date_to": "2024-01-31"}),
    Call("payment_accounts", "get", "BA123"),
    Call("payment_accounts", "list"),
    Call("transferred_mandates", "transferred_mandates", "MD123"),
)

"""The kinds of document that the sandbox stores: id prefix, singular, and the columns that can be filtered or sorted."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """One table. ``columns`` maps a column to its path: in the public body, or in the private part when it begins with @."""

    name: str
    prefix: str
    singular: str
    columns: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()
    long_id: bool = False


_ALL = (
    Kind("creditors", "CR", "creditor"),
    Kind("creditor_bank_accounts", "BA", "creditor_bank_account", {"creditor": "links.creditor", "enabled": "enabled"}),
    Kind("verification_details", "VD", "verification_detail", {"creditor": "links.creditor"}),
    Kind("scheme_identifiers", "SU", "scheme_identifier", {"creditor": "links.creditor"}),
    Kind(
        "customers",
        "CU",
        "customer",
        {"name": "@name", "company_name": "@company_name", "currency": "@currency"},
        sorts=frozenset({"name", "company_name"}),
    ),
    Kind(
        "customer_bank_accounts",
        "BA",
        "customer_bank_account",
        {"customer": "links.customer", "enabled": "enabled", "fingerprint": "@fingerprint"},
    ),
    Kind(
        "mandates",
        "MD",
        "mandate",
        {
            "customer": "links.customer",
            "creditor": "links.creditor",
            "customer_bank_account": "links.customer_bank_account",
            "reference": "reference",
            "scheme": "scheme",
            "status": "status",
            "mandate_type": "mandate_type",
        },
    ),
    Kind(
        "payments",
        "PM",
        "payment",
        {
            "customer": "@customer",
            "creditor": "links.creditor",
            "mandate": "links.mandate",
            "subscription": "links.subscription",
            "instalment_schedule": "links.instalment_schedule",
            "currency": "currency",
            "scheme": "scheme",
            "status": "status",
            "charge_date": "charge_date",
            "amount": "amount",
        },
        numbers=frozenset({"amount"}),
        sorts=frozenset({"charge_date", "amount"}),
    ),
    Kind("refunds", "RF", "refund", {"payment": "links.payment", "mandate": "@mandate", "refund_type": "@refund_type"}),
    Kind("subscriptions", "SB", "subscription", {"customer": "@customer", "mandate": "links.mandate", "status": "status"}),
    Kind(
        "instalment_schedules",
        "IS",
        "instalment_schedule",
        {"customer": "links.customer", "mandate": "links.mandate", "status": "status"},
    ),
    Kind(
        "payouts",
        "PO",
        "payout",
        {
            "creditor": "links.creditor",
            "creditor_bank_account": "links.creditor_bank_account",
            "currency": "currency",
            "payout_type": "payout_type",
            "reference": "reference",
            "status": "status",
        },
    ),
    Kind("payout_items", "PI", "payout_item", {"payout": "@payout"}),
    Kind("events", "EV", "event", {"resource_type": "resource_type", "action": "action", "parent_event": "links.parent_event"}),
    Kind("webhooks", "WB", "webhook", {"is_test": "is_test", "successful": "successful"}),
    Kind("billing_requests", "BRQ", "billing_request", {"customer": "links.customer", "status": "status"}),
    Kind("billing_request_flows", "BRF", "billing_request_flow", {"billing_request": "links.billing_request"}, long_id=True),
    Kind("billing_request_templates", "BRT", "billing_request_template", {"payment_request_scheme": "payment_request_scheme"}),
    Kind("bank_authorisations", "BAU", "bank_authorisation", {"billing_request": "links.billing_request"}),
    Kind("redirect_flows", "RE", "redirect_flow", long_id=True),
    Kind("mandate_pdfs", "MPDF", "mandate_pdf", {"token": "@token"}),
    Kind(
        "blocks",
        "BLC",
        "block",
        {
            "block_type": "block_type",
            "reason_type": "reason_type",
            "resource_reference": "resource_reference",
            "active": "active",
        },
    ),
    Kind("customer_notifications", "PCN", "customer_notification"),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}

"""Which events GoCardless has published, by resource type: what else comes is shown as unknown, and answered like the others."""

from collections.abc import Mapping

KNOWN: Mapping[str, frozenset[str]] = {
    kind: frozenset(actions.split())
    for kind, actions in {
        "billing_requests": "created flow_created flow_visited flow_exited choose_currency collect_amount collect_customer_details "
        "select_institution collect_bank_account payer_details_confirmed bank_authorisation_visited bank_authorisation_authorised "
        "bank_authorisation_denied bank_authorisation_expired bank_authorisation_failed fulfilled cancelled failed payer_geo_blocked",
        "creditors": "updated new_payout_currency_added account_auto_frozen account_auto_frozen_reverted bounced_payout",
        "customers": "approved under_review request_for_information_required",
        "exports": "started completed failed",
        "instalment_schedules": "created creation_failed errored resumed completed cancelled payment_created",
        "mandates": "created customer_approval_granted customer_approval_skipped submitted active cancelled failed expired transferred "
        "reinstated resubmission_requested replaced consumed blocked",
        "organisations": "disconnected",
        "outbound_payments": "created cancelled failed set_to_pending_approval set_to_executing executed",
        "payer_authorisations": "completed failed",
        "payment_account_transactions": "created",
        "payments": "created customer_approval_granted customer_approval_denied submitted confirmed paid_out cancelled failed "
        "charged_back chargeback_cancelled chargeback_settled late_failure_settled resubmission_requested surcharge_fee_debited "
        "sds_settlement_delayed",
        "payouts": "paid fx_rate_confirmed tax_exchange_rates_confirmed",
        "refunds": "created paid refund_settled failed funds_returned",
        "scheme_identifiers": "activated",
        "subscriptions": "created payment_created amended customer_approval_granted customer_approval_denied paused resumed "
        "scheduled_pause scheduled_pause_cancelled scheduled_resume finished cancelled",
    }.items()
}


def published(resource_type: str, action: str) -> bool:
    return action in KNOWN.get(resource_type, ())

"""Why payments fail, in words: the causes that events of GoCardless name (api-reference, Events)."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "account_blocked_for_any_financial_transaction": "Account blocked",
    "authorisation_disputed": "Payer disputes the authorisation",
    "bank_account_closed": "Bank account closed",
    "bank_account_transferred": "Account moved to another bank",
    "bank_declined_payment": "Bank declined the payment",
    "daily_payment_limit_reached": "Payer's daily limit reached",
    "direct_debit_not_enabled": "No Direct Debit on this account",
    "initial_one_off_payment_failed": "First payment failed",
    "insufficient_funds": "Not enough money",
    "insufficient_payment_permissions": "Payer may not pay this amount",
    "invalid_bank_details": "Wrong bank details",
    "mandate_cancelled": "Mandate cancelled",
    "mandate_suspended_by_payer": "Mandate suspended by the payer",
    "other": "Another reason of the bank",
    "payment_stopped": "Payer stopped the payment",
    "payment_violated_mandate_parameters": "Outside what the mandate allows",
    "refer_to_payer": "Refer to payer",
    "refund_requested": "Payer asked for the money back",
    "return_on_odfi_request": "Taken back by the sending bank",
    "test_failure": "Simulated failure",
}


def words(code: str) -> str:
    """A cause that is not in the table is shown by its code."""
    return WORDS.get(code) or code.replace("_", " ").capitalize()

"""The table of moves: for each kind, which action leads from which statuses to which, and the event that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """``event`` empty: the move makes no event. ``to`` empty: the status stays. Words: :mod:`portal.sandbox.event_words`."""

    before: tuple[str, ...]
    to: str = ""
    event: str = ""
    origin: str = "gocardless"
    cause: str = ""


@dataclass(frozen=True)
class Refusal:
    """How the opposite is said: the reason code and the message."""

    reason: str
    words: str


_LIVE = ("pending_customer_approval", "pending_submission", "submitted", "active", "suspended_by_payer")

MOVES: Mapping[str, Mapping[str, Move]] = {
    "payments": {
        "approve": Move(
            ("pending_customer_approval",),
            "pending_submission",
            "customer_approval_granted",
            "customer",
            "customer_approval_granted",
        ),
        "deny": Move(
            ("pending_customer_approval",),
            "customer_approval_denied",
            "customer_approval_denied",
            "customer",
            "customer_approval_denied",
        ),
        "submit": Move(("pending_submission",), "submitted", "submitted", cause="payment_submitted"),
        "confirm": Move(("submitted",), "confirmed", "confirmed", cause="payment_confirmed"),
        "pay_out": Move(("confirmed",), "paid_out", "paid_out", cause="payment_paid_out"),
        "fail": Move(("submitted",), "failed", "failed", "bank", "insufficient_funds"),
        "fail_late": Move(("confirmed", "paid_out"), "failed", "failed", "bank", "refer_to_payer"),
        "charge_back": Move(("confirmed", "paid_out"), "charged_back", "charged_back", "bank", "authorisation_disputed"),
        "cancel_chargeback": Move(("charged_back",), "paid_out", "chargeback_cancelled", "bank", "payment_confirmed"),
        "settle_chargeback": Move(("charged_back",), "", "chargeback_settled", cause="chargeback_settled"),
        "settle_late_failure": Move(("failed",), "", "late_failure_settled", cause="late_failure_settled"),
        "cancel": Move(
            ("pending_customer_approval", "pending_submission"), "cancelled", "cancelled", "api", "payment_cancelled"
        ),
        "retry": Move(("failed",), "pending_submission", "resubmission_requested", "api", "payment_retried"),
    },
    "mandates": {
        "grant_approval": Move(
            ("pending_customer_approval",),
            "pending_submission",
            "customer_approval_granted",
            "customer",
            "customer_approval_granted",
        ),
        "skip_approval": Move(
            ("pending_customer_approval",),
            "pending_submission",
            "customer_approval_skipped",
            "customer",
            "customer_approval_skipped",
        ),
        "submit": Move(("pending_submission",), "submitted", "submitted", cause="mandate_submitted"),
        "activate": Move(("submitted",), "active", "active", cause="mandate_activated"),
        "complete_reinstatement": Move(("submitted",), "active", "reinstated", cause="mandate_reinstated"),
        "fail": Move(("pending_submission", "submitted"), "failed", "failed", "bank", "invalid_bank_details"),
        "cancel": Move(_LIVE, "cancelled", "cancelled", "api", "mandate_cancelled"),
        "expire": Move(("active",), "expired", "expired", cause="mandate_expired"),
        "transfer": Move(("active",), "", "transferred", "bank", "bank_account_transferred"),
        "resubmit": Move(("active",), "pending_submission", "resubmission_requested", "bank", "bank_account_transferred"),
        "reinstate": Move(
            ("cancelled", "expired"), "pending_submission", "resubmission_requested", "api", "resubmission_requested"
        ),
        "suspend": Move(("active",), "suspended_by_payer", "suspended_by_payer", "bank", "mandate_suspended_by_payer"),
        "replace": Move(("active",), "cancelled", "replaced", cause="scheme_identifier_changed"),
        "consume": Move(("active",), "consumed", "consumed", cause="mandate_consumed"),
        "block": Move((*_LIVE, "cancelled", "expired", "failed"), "blocked", "blocked", cause="mandate_blocked"),
    },
    "subscriptions": {
        "approve": Move(
            ("pending_customer_approval",), "active", "customer_approval_granted", "customer", "customer_approval_granted"
        ),
        "deny": Move(
            ("pending_customer_approval",),
            "customer_approval_denied",
            "customer_approval_denied",
            "customer",
            "customer_approval_denied",
        ),
        "amend": Move(("active", "pending_customer_approval"), "", "amended", "api", "subscription_amended"),
        "charge": Move(("active",), "", "payment_created", cause="payment_created"),
        "pause": Move(("active",), "paused", "paused", "api", "subscription_paused"),
        "resume": Move(("paused",), "active", "resumed", "api", "subscription_resumed"),
        "finish": Move(("active",), "finished", "finished", cause="subscription_finished"),
        "cancel": Move(
            ("pending_customer_approval", "active", "paused"), "cancelled", "cancelled", "api", "subscription_cancelled"
        ),
    },
    "instalment_schedules": {
        "activate": Move(("pending",), "active"),
        "fail_creation": Move(("pending",), "creation_failed", "creation_failed", "api", "instalment_schedule_creation_failed"),
        "complete": Move(("active",), "completed", "completed", cause="instalment_schedule_completed"),
        "error": Move(("active", "completed"), "errored", "errored", cause="instalment_schedule_errored"),
        "resume": Move(("errored",), "active", "resumed", cause="instalment_schedule_resumed"),
        "cancel": Move(("pending", "active", "errored"), "cancelled", "cancelled", "api", "instalment_schedule_cancelled"),
    },
    "refunds": {
        "prepare": Move(("created",), "pending_submission"),
        "submit": Move(("pending_submission",), "submitted"),
        "pay": Move(("pending_submission", "submitted"), "paid", "paid", cause="refund_paid"),
        "settle": Move(("paid",), "", "refund_settled", cause="refund_settled"),
        "bounce": Move(("pending_submission", "submitted", "paid"), "bounced", "failed", cause="refund_failed"),
        "return_funds": Move(
            ("created", "pending_submission", "submitted", "paid"),
            "funds_returned",
            "funds_returned",
            cause="refund_funds_returned",
        ),
    },
    "payouts": {
        "pay": Move(("pending",), "paid", "paid", cause="payout_paid"),
        "bounce": Move(("paid",), "bounced"),
    },
    "scheme_identifiers": {
        "activate": Move(("pending",), "active", "activated", cause="scheme_identifier_activated"),
    },
    "billing_requests": {
        "make_ready": Move(("pending",), "ready_to_fulfil"),
        "reopen": Move(("ready_to_fulfil",), "pending"),
        "fulfil": Move(("ready_to_fulfil",), "fulfilled", "fulfilled", "api", "billing_request_fulfilled"),
        "cancel": Move(("pending", "ready_to_fulfil"), "cancelled", "cancelled", "api", "billing_request_cancelled"),
    },
}

REFUSALS: Mapping[tuple[str, str], Refusal] = {
    ("payments", "cancel"): Refusal("cancellation_failed", "This payment can not be cancelled: it is {status}."),
    ("payments", "retry"): Refusal("retry_failed", "This payment can not be retried: it is {status}."),
    ("mandates", "cancel"): Refusal("cancellation_failed", "This mandate can not be cancelled: it is {status}."),
    ("mandates", "reinstate"): Refusal("mandate_not_inactive", "Mandate is already active or being submitted"),
    ("subscriptions", "cancel"): Refusal("cancellation_failed", "This subscription can not be cancelled: it is {status}."),
    ("subscriptions", "pause"): Refusal(
        "subscription_cannot_be_paused", "This subscription can not be paused: it is {status}."
    ),
    ("subscriptions", "resume"): Refusal("subscription_not_paused", "This subscription is not paused: it is {status}."),
    ("subscriptions", "amend"): Refusal("subscription_not_active", "This subscription can not be changed: it is {status}."),
    ("instalment_schedules", "cancel"): Refusal(
        "cancellation_failed", "This instalment schedule can not be cancelled: it is {status}."
    ),
    ("billing_requests", "cancel"): Refusal(
        "cancellation_failed", "This billing request can not be cancelled: it is {status}."
    ),
    ("billing_requests", "fulfil"): Refusal(
        "billing_request_not_ready_to_fulfil", "This billing request is not ready to fulfil: it is {status}."
    ),
}
UNNAMED = Refusal("invalid_state", "This is not possible while the resource is {status}.")

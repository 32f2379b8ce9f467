"""What events say in English; the texts are for people and may change."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "payments": {
        "customer_approval_granted": "The customer granted approval for this payment.",
        "customer_approval_denied": "The customer denied approval for this payment.",
        "submitted": "Payment submitted to the banks. As a result, it can no longer be cancelled.",
        "confirmed": "Enough time has passed since the payment was submitted for the banks to return an error, "
        "so this payment is now confirmed.",
        "paid_out": "The payment has been paid out by GoCardless.",
        "failed": "The customer's bank returned this payment after it had been confirmed.",
        "charged_back": "The customer has disputed that this payment was authorised.",
        "chargeback_cancelled": "The chargeback was reversed and the payment stands.",
        "chargeback_settled": "The charged back payment has been debited in a payout.",
        "late_failure_settled": "The late failure has been debited in a payout.",
        "cancelled": "This payment was cancelled at your request.",
        "resubmission_requested": "The payment was retried at your request.",
    },
    "mandates": {
        "customer_approval_granted": "The customer granted approval for this mandate.",
        "customer_approval_skipped": "The second approval of this mandate was skipped.",
        "submitted": "The mandate has been submitted to the banks.",
        "active": "The time window after submission for the banks to refuse a mandate has ended without any "
        "errors being received, so this mandate is now active.",
        "reinstated": "The mandate has been reinstated.",
        "failed": "The specified bank account does not exist or was closed.",
        "cancelled": "The mandate was cancelled at your request.",
        "expired": "The mandate expired because no payment was made for too long.",
        "transferred": "The customer has switched their bank account.",
        "resubmission_requested": "The mandate was reinstated at your request.",
        "suspended_by_payer": "The payer has suspended this mandate.",
        "replaced": "The mandate was replaced by one with another scheme identifier.",
        "consumed": "The mandate has been used for the one payment that it allows.",
        "blocked": "The mandate has been blocked because it matches one of your blocks.",
    },
    "subscriptions": {
        "customer_approval_granted": "The customer granted approval for this subscription.",
        "customer_approval_denied": "The customer denied approval for this subscription.",
        "amended": "The subscription has been amended.",
        "payment_created": "Payment created by a subscription.",
        "paused": "The subscription has been paused.",
        "resumed": "The subscription has been resumed.",
        "finished": "The subscription has finished.",
        "cancelled": "The subscription was cancelled at your request.",
    },
    "instalment_schedules": {
        "creation_failed": "The payments of this instalment schedule could not be created.",
        "completed": "Every payment of this instalment schedule has been confirmed.",
        "errored": "At least one payment of this instalment schedule has failed.",
        "resumed": "The failed payment was retried.",
        "cancelled": "The instalment schedule was cancelled at your request.",
    },
    "refunds": {
        "paid": "The refund has been paid to your customer.",
        "refund_settled": "The refund has been deducted from a payout.",
        "failed": "The refund did not reach your customer.",
        "funds_returned": "The refund did not reach your customer, and the funds have been returned to you.",
    },
    "payouts": {
        "paid": "GoCardless has transferred the payout to the creditor's bank account.",
    },
    "scheme_identifiers": {
        "activated": "The scheme identifier has been activated and can now be used.",
    },
    "billing_requests": {
        "fulfilled": "This billing request has been fulfilled, and the resources have been created.",
        "cancelled": "This billing request has been cancelled.",
    },
}

"""The scenario simulators (api-reference, Scenario Simulators): what each does to a resource, from which state, and what to expect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]
WAITING = ("pending_submission",)
LATE = ("pending_submission", "confirmed", "paid_out")
FIRST = frozenset({"ach", "becs", "becs_nz", "sepa_core"})
"""Schemes whose mandate is sent with its first payment, so that no simulator activates it."""
INSTANT = frozenset({"faster_payments", "sepa_credit_transfer", "sepa_instant_credit_transfer", "pay_to"})
BANK_ONLY = frozenset({"bank_authorisation", "select_institution"})
"""What may be left to do for a simulator to fulfil a billing request."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """`kind` is the name under which the run's facts know the resource; `events` are those to expect, in their order."""

    name: str
    kind: str
    words: str
    events: tuple[str, ...]
    states: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    not_schemes: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


def _of(kind: str, name: str, words: str, *events: str, states: tuple[str, ...] = WAITING, **narrow: Any) -> Simulator:
    return Simulator(name, kind, words, events, states, **narrow)


_PAID = ("payments submitted", "payments confirmed", "payments paid_out", "payouts paid")
SIMULATORS: tuple[Simulator, ...] = (
    _of(
        "billing_request",
        "billing_request_fulfilled",
        "The payer approves at the bank, and the request is fulfilled.",
        "billing_requests bank_authorisation_authorised",
        "billing_requests fulfilled",
        "payments created",
        states=("pending",),
    ),
    _of(
        "billing_request",
        "billing_request_fulfilled_and_payment_failed",
        "The same, and the payment fails.",
        "billing_requests fulfilled",
        "payments submitted",
        "payments failed",
        states=("pending",),
    ),
    _of(
        "billing_request",
        "billing_request_fulfilled_and_payment_confirmed_to_failed",
        "The same, and the payment fails after it was confirmed.",
        "billing_requests fulfilled",
        "payments confirmed",
        "payments failed",
        states=("pending",),
    ),
    _of(
        "billing_request",
        "billing_request_fulfilled_and_payment_paid_out",
        "The same, and the payment is paid out.",
        "billing_requests fulfilled",
        *_PAID,
        states=("pending",),
    ),
    _of(
        "mandate",
        "mandate_activated",
        "The bank accepts the mandate.",
        "mandates submitted",
        "mandates active",
        not_schemes=FIRST,
    ),
    _of(
        "mandate",
        "mandate_customer_approval_granted",
        "The second person who must sign does so.",
        "mandates customer_approval_granted",
        states=("pending_customer_approval",),
        schemes=("bacs", "sepa_core"),
    ),
    _of(
        "mandate",
        "mandate_customer_approval_skipped",
        "The second signature turns out not to be needed.",
        "mandates customer_approval_skipped",
        states=("pending_customer_approval",),
        schemes=("bacs", "sepa_core"),
    ),
    _of(
        "mandate",
        "mandate_failed",
        "The bank refuses the mandate, and its payments are cancelled.",
        "mandates submitted",
        "mandates failed",
        states=("pending_submission", "submitted"),
        not_schemes=frozenset({"sepa_core"}),
    ),
    _of(
        "mandate",
        "mandate_expired",
        "The mandate becomes active and expires because nothing was collected for long.",
        "mandates active",
        "mandates expired",
        not_schemes=frozenset({"autogiro", "becs_nz", "pad"}),
    ),
    _of(
        "mandate",
        "mandate_transferred",
        "The payer moves to another bank, and the mandate with the account.",
        "mandates active",
        "mandates transferred",
        schemes=("bacs", "sepa_core"),
    ),
    _of(
        "mandate",
        "mandate_transferred_with_resubmission",
        "The same, and the mandate is sent to the banks once more.",
        "mandates transferred",
        "mandates resubmission_requested",
        schemes=("bacs",),
    ),
    _of(
        "mandate",
        "mandate_suspended_by_payer",
        "The payer suspends the mandate.",
        "mandates suspended_by_payer",
        states=("active",),
        schemes=("pay_to",),
    ),
    _of(
        "payment", "payment_submitted", "The payment is sent to the banks; it can no longer be cancelled.", "payments submitted"
    ),
    _of("payment", "payment_confirmed", "The banks raised nothing in time.", "payments submitted", "payments confirmed"),
    _of("payment", "payment_paid_out", "The money goes to the merchant.", *_PAID),
    _of("payment", "payment_failed", "The bank refuses the payment.", "payments submitted", "payments failed"),
    _of("payment", "payment_charged_back", "Paid out, and the payer takes the money back.", *_PAID, "payments charged_back"),
    _of(
        "payment",
        "payment_chargeback_settled",
        "The same, and the amount is taken from a payout.",
        *_PAID,
        "payments charged_back",
        "payments chargeback_settled",
    ),
    _of(
        "payment",
        "payment_late_failure",
        "The bank refuses after the payment was confirmed.",
        "payments confirmed",
        "payments failed",
        states=LATE,
        not_schemes=frozenset({"autogiro"}),
    ),
    _of(
        "payment",
        "payment_late_failure_settled",
        "The same after the payout, and the amount is taken from another one.",
        *_PAID,
        "payments failed",
        "payments late_failure_settled",
        states=LATE,
        not_schemes=frozenset({"autogiro"}),
    ),
    _of(
        "payout",
        "payout_bounced",
        "The merchant's bank sends the payout back.",
        "creditors bounced_payout",
        states=("paid",),
    ),
    _of(
        "creditor",
        "creditor_verification_status_action_required",
        "GoCardless wants more from the merchant.",
        "creditors updated",
        states=(),
    ),
    _of(
        "creditor",
        "creditor_verification_status_in_review",
        "GoCardless looks at what the merchant sent.",
        "creditors updated",
        states=(),
    ),
    _of("creditor", "creditor_verification_status_successful", "The merchant is verified.", "creditors updated", states=()),
)
BY_NAME: Mapping[str, Simulator] = {one.name: one for one in SIMULATORS}
"""The four for refunds are left out: a run makes none."""


def fitting(facts: Facts) -> list[Simulator]:
    """Those that GoCardless would take now, for what the run knows of its resources."""
    return [one for one in SIMULATORS if _fits(one, facts)]


def _fits(simulator: Simulator, facts: Facts) -> bool:
    resource = facts.get(simulator.kind)
    if not resource:
        return False
    scheme = resource.get("scheme", "")
    if simulator.states and resource["status"] not in simulator.states:
        return False
    if (simulator.schemes and scheme not in simulator.schemes) or scheme in simulator.not_schemes:
        return False
    return _ready(simulator, facts)


def _ready(simulator: Simulator, facts: Facts) -> bool:
    """A payment needs a mandate that works; a billing request must wait for the bank alone."""
    if simulator.kind == "billing_request":
        return bool(facts["billing_request"].get("instant")) and set(facts["billing_request"].get("left", ())) <= BANK_ONLY
    if simulator.kind == "payment" and facts["payment"]["status"] in WAITING:
        own = facts["payment"].get("scheme") or (facts.get("mandate") or {}).get("scheme", "")
        return own in FIRST | INSTANT or (facts.get("mandate") or {}).get("status") == "active"
    return True


def wanted_first(facts: Facts) -> bool:
    """Whether the payment's simulators wait for the mandate to become active."""
    payment, mandate = facts.get("payment"), facts.get("mandate")
    waits = bool(
        payment and payment["status"] in WAITING and mandate and mandate["status"] in ("pending_submission", "submitted")
    )
    return waits and not any(one.kind == "payment" for one in fitting(facts))

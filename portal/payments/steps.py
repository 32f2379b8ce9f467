"""The steps of a billing request run in words, and what such a run adds to the page that all runs have."""

from portal.payments import panel
from portal.runs.kinds import Kind, StepWords, register
from portal.status import RunKind

STEPS = {
    "request": StepWords("Billing request created", "What the payer is asked for, sent to POST /billing_requests.", "mandates"),
    "flow": StepWords("Flow created", "The address of GoCardless's pages for this payer.", "mandates"),
    "payer": StepWords("Payer at the hosted pages", "The payer gives details, bank account and approval.", "mandates"),
    "fulfilled": StepWords("Billing request fulfilled", "Everything was given; what was asked for exists now.", "mandates"),
    "mandate": StepWords("Mandate read", "Its status and the first day on which it can be charged.", "mandates"),
    "charge": StepWords("Payment created", "The amount is collected on the mandate with POST /payments.", "payments"),
    "payment": StepWords("Payment read", "Its status and the day on which it is charged.", "payments"),
    "events": StepWords("Events seen", "What GoCardless tells of it, and what webhooks should bring.", "events-guide"),
    "payout": StepWords("Payout", "The money reaches the merchant.", "recon"),
    "simulated": StepWords("Simulated", "A scenario simulator changed something; sandboxes only.", "api-ref"),
}
USUAL = ("request", "flow", "payer", "fulfilled", "events")
KIND = Kind(
    "Billing request run",
    STEPS,
    USUAL,
    panel="payments/panel.html",
    below="payments/below.html",
    about=panel.of,
    again="payments.again",
)


def init() -> None:
    """Runs of this kind have a page from now on."""
    register(RunKind.BILLING_REQUEST, KIND)

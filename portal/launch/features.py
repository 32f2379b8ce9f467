"""What an integration can do, as merchants read it: derived from approved Build answers, never promised beyond them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.catalog import Value

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Feature:
    """`holds` says whether the approved answers show it."""

    code: str
    words: str
    holds: Callable[[Answers], bool]


def _among(question: str, *codes: str) -> Callable[[Answers], bool]:
    """One of these options was answered."""
    return lambda answers: not set(codes).isdisjoint(_given(answers, question))


def _given(answers: Answers, question: str) -> tuple[str, ...]:
    value = answers.get(question, ())
    return (value,) if isinstance(value, str) else tuple(value)


FEATURES = (
    Feature("one_off", "One-off payments", _among("endpoints_used", "one_off")),
    Feature("subscriptions", "Subscriptions", _among("endpoints_used", "subscriptions")),
    Feature("instalments", "Instalments", _among("endpoints_used", "instalments")),
    Feature("pay_by_bank", "Pay by Bank", _among("open_banking", "yes")),
    Feature("first_payment", "First payment together with the mandate", _among("open_banking_dd_combined", "yes")),
    Feature("success_plus", "Success+ intelligent retries", _among("success_plus", "yes")),
    Feature("protect_plus", "Protect+ fraud protection", _among("protect_plus", "yes")),
    Feature("refunds", "Refunds", _among("refunds", "yes")),
    Feature("reconciliation", "Automatic reconciliation", _among("reconciliation_depth", "payout_items", "paid_out_events")),
    Feature("import", "Bring along existing mandates", _among("existing_mandates", "matching", "spreadsheet")),
    Feature("outbound", "Sending money", _among("outbound", "yes")),
)
CODES = tuple((feature.code, feature.words) for feature in FEATURES)


def shown(answers: Answers) -> list[str]:
    """The codes of the features that these answers show, in the order in which they are listed."""
    return [feature.code for feature in FEATURES if feature.holds(answers)]

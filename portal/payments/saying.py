"""What a run says of itself: verdicts of its steps, and who must do what while it waits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.payments.simulators import Simulator, wanted_first
from portal.payments.wording import day, money

Json = Mapping[str, Any]
FOR_PAYER = "The payer must open the link and finish on GoCardless's pages."
FOR_BANKS = "The banks must move the money. Simulate it below, or wait: the run looks again by itself for about an hour."
PAYER_DONE = "The payer gave everything that was asked for."
NOT_WAITED = "No payout within an hour, so the run waits no longer. Simulate it below, or use Look again later."
LEFT: Mapping[str, str] = {
    "choose_currency": "the currency",
    "collect_amount": "the amount",
    "collect_customer_details": "name and address",
    "select_institution": "the bank",
    "collect_bank_account": "the bank account",
    "confirm_payer_details": "the confirmation",
    "bank_authorisation": "the approval at the bank",
}


def request_made(body: Json) -> str:
    asked = [words for name, words in (("payment_request", "a payment"), ("mandate_request", "a mandate")) if body.get(name)]
    return f"{body['id']} asks the payer for {' and '.join(asked)}. It is {_plain(body['status'])}."


def flow_made(body: Json) -> str:
    return f"{body['id']} is good until {_day(body['expires_at'])}. Each payer gets a flow of their own."


def payer_must(known: Json) -> str:
    """Who must do what, and what is left of it."""
    left = [LEFT.get(name, _plain(name)) for name in known["billing_request"].get("left", ())]
    return f"{FOR_PAYER} Left to give: {_listed(left)}." if left else FOR_PAYER


def fulfilled(known: Json) -> str:
    made = [f"{words} {known['billing_request'][name]}" for name, words in _MADE if known["billing_request"][name]]
    return f"GoCardless has made {_listed(made)}." if made else "The billing request is fulfilled."


_MADE = (("mandate", "mandate"), ("payment", "payment"))


def mandate_read(body: Json) -> str:
    first = body.get("next_possible_charge_date")
    when = f" It can be charged from {_day(first)} on." if first else ""
    return f"{body['id']} ({body.get('scheme')}) is {_plain(body['status'])}.{when}"


def payment_read(body: Json) -> str:
    when = f" It is charged on {_day(body['charge_date'])}." if body.get("charge_date") else ""
    return f"{body['id']} is {_plain(body['status'])}.{when}"


def payout_read(body: Json) -> str:
    amount, fees = (money(int(body.get(name) or 0), str(body["currency"])) for name in ("amount", "deducted_fees"))
    return f"{body['id']} of {amount}, after {fees} of fees, arrives on {_day(body['arrival_date'])}."


def missing_events(known: Json) -> list[str]:
    """Those that must be there by now and are not."""
    wanted = ["billing_requests fulfilled"] + [f"{name}s created" for name in ("mandate", "payment") if known.get(name)]
    seen = {f"{one['type']} {one['action']}" for one in known.get("events", ())}
    return [one for one in wanted if one not in seen]


def events_seen(known: Json, missing: Sequence[str]) -> str:
    count = len(known.get("events", ()))
    lacking = f" Not there yet: {_listed(missing)}." if missing else ""
    return f"GET /events names {count} events of this run; the time line shows each with its webhook.{lacking}"


def payout_waits(known: Json) -> str:
    payment = known["payment"]
    when = f" It is charged on {_day(payment['charge_date'])}." if payment.get("charge_date") else ""
    first = " Its mandate must become active first." if wanted_first(known) else ""
    return f"The payment is {_plain(payment['status'])}.{when}{first} {FOR_BANKS}"


def no_payout(known: Json) -> str:
    return f"There will be no payout: the payment is {_plain(known['payment']['status'])}. The time line says why."


def simulated(simulator: Simulator, id_: str) -> str:
    return f"{simulator.words} Run on {id_}. Expect: {_listed(simulator.events)}."


def passed(known: Json) -> str:
    """How the run ended, for its head."""
    payment, mandate = known.get("payment"), known.get("mandate")
    if payment:
        return f"The payment is {_plain(payment['status'])}."
    return (
        f"The mandate is {_plain(mandate['status'])}; no payment was asked for."
        if mandate
        else "Everything asked for was done."
    )


def _day(text: object) -> str:
    """Of a date or a time as the API writes it."""
    return day(date.fromisoformat(str(text)[:10]))


def _plain(code: object) -> str:
    return str(code).replace("_", " ")


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""

"""Payouts: what the merchant is sent, made up of items whose sum it is."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.sandbox import events, machine, timeline
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route, get, listing, update
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import morning
from portal.sandbox.errors import usage
from portal.sandbox.fields import CURRENCIES
from portal.sandbox.ids import ALPHABET
from portal.sandbox.resources.linking import no_fx
from portal.sandbox.schemes import scheme
from portal.sandbox.store import paging
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One line of a payout; ``amount`` in minor units, negative for debits."""

    type: str
    amount: int
    links: dict[str, str]


def settle(world: World, payments: Sequence[Doc]) -> Doc:
    """Pays these confirmed payments out, less fees, and marks each as paid out."""
    items = [item for doc in payments for item in _credits(doc)]
    payout = make(world, payments[0].links["creditor"], payments[0].body["currency"], items)
    for doc in payments:
        doc.links["payout"] = payout.id
        machine.move(world, doc, "pay_out", links={"payout": payout.id})
    pay(world, payout)
    return payout


def debit(world: World, creditor: str, currency: str, kind: str, amount: int, links: dict[str, str]) -> Doc:
    """Takes an amount back from the merchant in a payout of its own."""
    payout = make(world, creditor, currency, [Item(kind, -amount, links)])
    pay(world, payout)
    return payout


def make(world: World, creditor: str, currency: str, items: Sequence[Item]) -> Doc:
    owner = world.get("creditors", creditor)
    fees = -sum(item.amount for item in items if item.type in ("gocardless_fee", "app_fee"))
    account = owner.links.get(f"default_{currency.lower()}_payout_account") or next(iter(owner.links.values()), "")
    body: Json = {
        "amount": sum(item.amount for item in items),
        "arrival_date": world.today.isoformat(),
        "currency": currency,
        "deducted_fees": fees,
        "payout_type": "merchant",
        "reference": f"{owner.body['bank_reference_prefix'] or 'SANDBOX'}-{''.join(secrets.choice(ALPHABET) for _ in range(5))}",
        "status": "pending",
        "fx": no_fx(currency),
        "tax_currency": currency,
        "metadata": {},
        "links": {"creditor": creditor} | ({"creditor_bank_account": account} if account else {}),
    }
    payout = world.add("payouts", body)
    for item in items:
        row = {"type": item.type, "amount": f"{item.amount}.0", "taxes": [], "links": item.links}
        world.add("payout_items", row, {"payout": payout.id})
    return payout


def pay(world: World, payout: Doc) -> None:
    machine.move(world, payout, "pay", because={"item_count": len(world.all("payout_items", payout=payout.id))})


def items_of(world: World, _id: str, _body: Json) -> Answer:
    asked = paging.asked(world.query, _ITEM_FILTERS)
    payout = world.get("payouts", asked.equal["payout"][0])
    if world.stamp[:10] > add_working(world.today.fromisoformat(payout.body["created_at"][:10]), 130, "GB-ENG").isoformat():
        raise usage(410, "payout_items_data_archived", "The items of payouts older than six months are not available")
    asked.equal.pop("include_2020_tax_cutover", None)
    return Answer(rendering.many(world, "payout_items", paging.fetch(world, "payout_items", asked)))


@rendering.completed("payout_items")
def _without_id(_world: World, body: Json) -> Json:
    return {key: value for key, value in body.items() if key not in ("id", "created_at")}


@machine.after("payments", "confirm")
def _plan(world: World, doc: Doc, _event: str) -> None:
    """A confirmed payment is part of the payout of the next working day."""
    calendar = scheme(doc.body["scheme"]).calendar
    timeline.at(world, doc, "pay_out", morning(add_working(world.today, 1, calendar)))


@timeline.job("payments", "pay_out")
def _pay_out(world: World, doc: Doc) -> None:
    """The first payment of the day takes with it all that are due with it; the merchant must be verified."""
    creditor = world.get("creditors", doc.links["creditor"])
    if doc.status != "confirmed":
        return
    if creditor.body["verification_status"] != "successful":
        if world.settings.moves == "clock":
            world.schedule(morning(add_working(world.today, 1, "GB-ENG")), doc, "pay_out")
        return
    waiting = world.all("payments", creditor=creditor.id, status="confirmed", currency=doc.body["currency"])
    ready = [other for other in waiting if other.body["charge_date"] <= doc.body["charge_date"]]
    settle(world, ready or [doc])


@machine.after("payouts", "bounce")
def _tell_creditor(world: World, payout: Doc, _event: str) -> None:
    creditor = world.get("creditors", payout.links["creditor"])
    details = {
        "origin": "gocardless",
        "cause": "bounced_payout",
        "description": "A payout could not be paid into the bank account.",
    }
    events.record(world, creditor, "bounced_payout", details, links={"payout": payout.id})


def _credits(doc: Doc) -> list[Item]:
    amount, link = doc.body["amount"], {"payment": doc.id}
    items = [Item("payment_paid_out", amount, link), Item("gocardless_fee", -fee(amount), link)]
    own = doc.body.get("app_fee")
    return [*items, Item("app_fee", -own, link)] if own else items


def fee(amount: int) -> int:
    """The sandbox's price: one per cent and 20, at most 400, never more than half."""
    return min(amount // 100 + 20, 400, amount // 2)


_ITEM_FILTERS = Filters(choices={"payout": None, "include_2020_tax_cutover": ("true", "false")}, required=("payout",))
_FILTERS = Filters(
    choices={
        "creditor": None,
        "creditor_bank_account": None,
        "currency": CURRENCIES,
        "payout_type": ("merchant", "partner"),
        "reference": None,
        "status": ("pending", "paid", "bounced"),
    },
    ranges=("created_at",),
    metadata=True,
)

ROUTES = (
    listing("payouts", _FILTERS),
    get("payouts"),
    update("payouts"),
    Route("GET", "/payout_items", "payout_items", "list", items_of, filters=_ITEM_FILTERS),
)

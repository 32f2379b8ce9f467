"""Balances: sums over a creditor's payments and payouts at the moment of asking."""

from typing import Any

from sqlalchemy import bindparam, func, select

from portal.sandbox import clock
from portal.sandbox.api.routes import Filters, plain
from portal.sandbox.store.paging import Asked
from portal.sandbox.store.tables import DOCUMENTS
from portal.sandbox.store.world import World

Json = dict[str, Any]
TYPE_OF = {"confirmed": "confirmed_funds", "submitted": "pending_payments_submitted"}
_payments = DOCUMENTS["payments"].c
_sums = (
    select(_payments.currency, _payments.status, func.sum(_payments.amount))
    .where(
        _payments.organisation == bindparam("organisation"),
        _payments.creditor == bindparam("creditor"),
        _payments.status.in_(TYPE_OF),
    )
    .group_by(_payments.currency, _payments.status)
    .order_by(_payments.currency, _payments.status)
)


def balances(world: World, asked: Asked) -> list[Json]:
    creditor = asked.equal["creditor"][0]
    world.get("creditors", creditor)
    rows = world.conn.execute(_sums, {"organisation": world.organisation, "creditor": creditor}).all()
    found = [_row(world, creditor, TYPE_OF[status], currency, int(total)) for currency, status, total in rows]
    pending: dict[str, int] = {}
    for payout in world.all("payouts", creditor=creditor, status="pending"):
        pending[payout.body["currency"]] = pending.get(payout.body["currency"], 0) + payout.body["amount"]
    return found + [_row(world, creditor, "pending_payouts", currency, total) for currency, total in pending.items()]


def _row(world: World, creditor: str, kind: str, currency: str, amount: int) -> Json:
    now = clock.stamp(world.now)
    return {
        "amount": amount,
        "balance_type": kind,
        "currency": currency,
        "last_updated_at": now,
        "links": {"creditor": creditor},
    }


ROUTES = (plain("balances", balances, Filters(choices={"creditor": None}, required=("creditor",))),)

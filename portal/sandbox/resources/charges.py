"""The rhythm of a subscription: which days it charges, and the payments that it makes when they come near."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from portal.sandbox import machine, timeline
from portal.sandbox.calendars import add_months, roll
from portal.sandbox.clock import day as parse_day
from portal.sandbox.clock import morning
from portal.sandbox.resources import mandates, payments
from portal.sandbox.schemes import scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SHOWN = 10
MONTHS_IN = {"monthly": 1, "yearly": 12}


def refresh(world: World, doc: Doc, mandate: Doc) -> None:
    """Writes the next ten charges into the body, and the end that follows from a count."""
    left = list(islice(_remaining(doc, mandate), SHOWN))
    doc.body["upcoming_payments"] = [{"charge_date": on.isoformat(), "amount": doc.body["amount"]} for on in left]
    if doc.body["count"]:
        last = max(_remaining(doc, mandate), default=None)
        doc.body["end_date"] = (last + timedelta(days=1)).isoformat() if last else doc.body["end_date"]


def plan(world: World, doc: Doc, mandate: Doc) -> None:
    """Charges what is already in reach and writes down when the next payment is to be made."""
    while doc.status == "active" and doc.body["upcoming_payments"]:
        on = doc.body["upcoming_payments"][0]["charge_date"]
        if on > mandates.next_date(world, mandate.body):
            lead = scheme(mandate.body["scheme"]).active_days + 1
            world.schedule(
                max(morning(parse_day(on) - timedelta(days=lead * 2)), world.now + timedelta(hours=12)), doc, "charge"
            )
            return
        _charge(world, doc, mandate, on)


def skip(world: World, doc: Doc, mandate: Doc, cycles: int) -> None:
    """Leaves out the next ``cycles`` charges and resumes before the one after them."""
    doc.inner["skip"] += cycles
    refresh(world, doc, mandate)
    first = doc.body["upcoming_payments"][0]["charge_date"] if doc.body["upcoming_payments"] else None
    doc.body["earliest_charge_date_after_resume"] = first
    if first:
        world.schedule(morning(parse_day(first) - timedelta(days=10)), doc, "resume")


def stop(doc: Doc) -> None:
    doc.body["upcoming_payments"] = []
    if not doc.body["count"] or doc.status == "active":
        doc.body["end_date"] = None


def resume(world: World, doc: Doc, mandate: Doc) -> None:
    """Charges that would have fallen into the pause are left out."""
    earliest = mandates.next_date(world, mandate.body)
    while (following := next(_remaining(doc, mandate), None)) and following.isoformat() < earliest:
        doc.inner["skip"] += 1
    doc.body["earliest_charge_date_after_resume"] = None
    refresh(world, doc, mandate)


@timeline.job("subscriptions", "charge")
def _due(world: World, doc: Doc) -> None:
    mandate = world.get("mandates", doc.links["mandate"])
    plan(world, doc, mandate)


@timeline.job("subscriptions", "resume")
def _resume_by_clock(world: World, doc: Doc) -> None:
    if doc.status == "paused":
        mandate = world.get("mandates", doc.links["mandate"])
        resume(world, doc, mandate)
        machine.move(world, doc, "resume", because={"origin": "gocardless"})
        plan(world, doc, mandate)


def _charge(world: World, doc: Doc, mandate: Doc, on: str) -> None:
    doc.inner["made"] += 1
    values = {key: doc.body[key] for key in ("amount", "currency", "app_fee", "retry_if_possible")}
    values |= {"description": doc.body["name"], "reference": doc.body["payment_reference"]}
    payment = payments.collect(
        world, mandate, values, mandates.charge_date(world, mandate, on, roll_forward=True), subscription=doc.id
    )
    refresh(world, doc, mandate)
    machine.move(world, doc, "charge", links={"payment": payment.id})
    said = {"origin": "gocardless", "cause": "payment_created", "description": "Payment created by a subscription."}
    machine.announce(world, payment, said, links={"subscription": doc.id})
    if not doc.body["upcoming_payments"]:
        machine.move(world, doc, "finish")


def _remaining(doc: Doc, mandate: Doc) -> Iterator[date]:
    """The days still to be charged, each rolled to a working day; endless without a count or an end."""
    body, done = doc.body, doc.inner["made"] + doc.inner["skip"]
    last = body["end_date"] if body["end_date"] and not body["count"] else ""
    calendar = scheme(mandate.body["scheme"]).calendar
    number = done
    while not body["count"] or number < body["count"] + doc.inner["skip"]:
        on = _nth(body, number)
        if (last and on.isoformat() >= last) or on.year > parse_day(body["start_date"]).year + 60:
            return
        yield roll(on, calendar)
        number += 1


def _nth(body: Json, number: int) -> date:
    start = parse_day(body["start_date"])
    steps = number * body["interval"]
    if body["interval_unit"] == "weekly":
        return start + timedelta(weeks=steps)
    first = _first(start, body)
    return add_months(first, steps * MONTHS_IN[body["interval_unit"]], body["day_of_month"] or first.day)


def _first(start: date, body: Json) -> date:
    """The first charge on or after the start: in the month and on the day that were asked for."""
    wanted = body["day_of_month"]
    first = add_months(start, 0, wanted) if wanted else start
    if body["month"]:
        first = add_months(date(first.year, MONTHS.index(body["month"]) + 1, 1), 0, wanted or min(start.day, 28))
        return first if first >= start else add_months(first, 12, wanted)
    return first if first >= start else add_months(first, 1, wanted)

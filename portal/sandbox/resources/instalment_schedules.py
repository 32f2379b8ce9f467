"""Instalment schedules: a total split over several payments, given by dates or by a rhythm."""

from datetime import timedelta
from typing import Any

from portal.sandbox import machine
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route, action, create, get, listing, update
from portal.sandbox.calendars import add_months
from portal.sandbox.clock import day as parse_day
from portal.sandbox.errors import invalid
from portal.sandbox.fields import Field, currency, day, flag, group, links, metadata, rows, text, typed, whole
from portal.sandbox.resources import mandates, payments
from portal.sandbox.resources.linking import linked, meta
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "instalment_schedules"
STATUSES = ("pending", "active", "completed", "creation_failed", "cancelled", "errored")
FAILING_NAME = "Faily"
DONE = frozenset({"confirmed", "paid_out"})


def make(world: World, values: Json) -> Doc:
    """Answers ``pending``; the payments are made right after."""
    mandate = linked(world, values, "mandate", "mandates")
    mandates.require_chargeable(world, mandate)
    parts = instalments(world, mandate, values["instalments"])
    payments.check_money(world, mandate, values | {"amount": values["total_amount"]}, f"/{KIND}")
    if sum(amount for amount, _, _ in parts) != values["total_amount"]:
        raise invalid((f"/{KIND}/total_amount", "must be the sum of the instalments"))
    return begin(world, mandate, values, parts)


def begin(world: World, mandate: Doc, values: Json, parts: list[tuple[int, str, str | None]]) -> Doc:
    body = {
        "name": values["name"],
        "total_amount": values["total_amount"],
        "currency": values["currency"],
        "status": "pending",
        "payment_errors": {},
        "metadata": meta(values),
        "links": {"customer": mandate.links["customer"], "mandate": mandate.id, "payments": []},
    }
    doc = world.add(KIND, body)
    machine.announce(
        world,
        doc,
        {"origin": "api", "cause": "instalment_schedule_created", "description": "Instalment schedule created via the API."},
    )
    world.later(lambda: _process(world, doc.id, values, parts))
    return doc


def cancel(world: World, doc: Doc, _values: Json) -> Doc:
    event = machine.move(world, doc, "cancel", metadata=world.metadata)
    _cancel_payments(world, doc, event)
    return doc


def _process(world: World, identity: str, values: Json, parts: list[tuple[int, str, str | None]]) -> None:
    doc = world.get(KIND, identity)
    if doc.body["name"] == FAILING_NAME:
        doc.body["payment_errors"] = {
            "0": [{"field": "charge_date", "message": "must be on or after mandate's next_possible_customer_charge_date"}]
        }
        machine.move(world, doc, "fail_creation")
        return
    mandate = world.get("mandates", doc.links["mandate"])
    shared = {key: values.get(key) for key in ("currency", "retry_if_possible")} | {
        "reference": values.get("payment_reference")
    }
    for number, (amount, on, words) in enumerate(parts):
        fee = values.get("app_fee") if number == 0 else None
        date = mandates.charge_date(world, mandate, on, roll_forward=True)
        each = shared | {"amount": amount, "description": words or doc.body["name"], "app_fee": fee}
        payment = payments.collect(world, mandate, each, date, instalment_schedule=doc.id)
        doc.body["links"]["payments"].append(payment.id)
        machine.announce(
            world,
            payment,
            {
                "origin": "api",
                "cause": "instalment_schedule_created",
                "description": "Payment created by an instalment schedule.",
            },
            links={"instalment_schedule": doc.id},
        )
    machine.move(world, doc, "activate")


@machine.after("payments", "confirm", "fail", "fail_late", "retry")
def _follow_payment(world: World, payment: Doc, _event: str) -> None:
    """Completed when every payment is confirmed, errored while one has failed."""
    doc = world.find(KIND, payment.links.get("instalment_schedule", ""))
    if doc is None:
        return
    statuses = {p.status for p in world.all("payments", instalment_schedule=doc.id)}
    wanted = "error" if "failed" in statuses else "complete" if statuses <= DONE else "resume"
    if machine.allows(doc, wanted):
        machine.move(world, doc, wanted)


@machine.after("mandates", "cancel", "fail", "expire", "block", "suspend")
def _cancel_with_mandate(world: World, mandate: Doc, event: str) -> None:
    cause = {"cancel": "mandate_cancelled", "failed": "mandate_failed", "expired": "mandate_expired"}.get(
        mandate.status, "mandate_cancelled"
    )
    for doc in world.all(KIND, mandate=mandate.id):
        if machine.allows(doc, "cancel"):
            machine.move(world, doc, "cancel", because={"origin": "gocardless", "cause": cause}, links={"parent_event": event})


def _cancel_payments(world: World, doc: Doc, event: str) -> None:
    because = {
        "cause": "instalment_schedule_cancelled",
        "description": "The instalment schedule of this payment was cancelled.",
    }
    for payment in world.all("payments", instalment_schedule=doc.id):
        if machine.allows(payment, "cancel"):
            machine.move(world, payment, "cancel", because=because, links={"parent_event": event})


def instalments(world: World, mandate: Doc, given: Any) -> list[tuple[int, str, str | None]]:
    """Amount, day and description of each, from dates or from a rhythm."""
    if isinstance(given, list):
        return [(each["amount"], each["charge_date"], each.get("description")) for each in given]
    start = parse_day(given.get("start_date") or mandates.next_date(world, mandate.body))
    return [(amount, _nth(start, given, number), None) for number, amount in enumerate(given["amounts"])]


def _nth(start: Any, given: Json, number: int) -> str:
    steps = number * given["interval"]
    if given["interval_unit"] == "weekly":
        return str((start + timedelta(weeks=steps)).isoformat())
    return add_months(start, steps * (12 if given["interval_unit"] == "yearly" else 1)).isoformat()


def _either(world: World, _id: str, body: Json) -> Answer:
    """The path that older clients use for both: an array of instalments or a rhythm."""
    fields = BY_SCHEDULE if isinstance(body.get("instalments"), dict) else BY_DATES
    doc = make(world, typed(fields, body, f"/{KIND}"))
    return Answer(rendering.one(world, doc), 201, f"/{KIND}/{doc.id}", doc.id)


DATED = group("instalment", whole("amount", required=True, least=1), day("charge_date", required=True), text("description"))
RHYTHM = (
    rows("amounts", whole("amount", required=True, least=1), required=True),
    whole("interval", required=True, least=1, most=52),
    text("interval_unit", required=True, among=("weekly", "monthly", "yearly")),
    day("start_date"),
)
_COMMON: tuple[Field, ...] = (
    text("name", required=True, most=100),
    whole("total_amount", required=True, least=1),
    currency(required=True),
    whole("app_fee"),
    text("payment_reference", most=140),
    flag("retry_if_possible"),
    metadata(),
    links("mandate"),
)
BY_DATES = (*_COMMON, rows("instalments", DATED, required=True))
BY_SCHEDULE = (*_COMMON, group("instalments", *RHYTHM, required=True))

ROUTES = (
    Route("POST", f"/{KIND}", KIND, "create", _either, KIND, BY_DATES, idempotent=True),
    create(KIND, make, *BY_DATES, path=f"/{KIND}/create_with_dates", verb="create_with_dates"),
    create(KIND, make, *BY_SCHEDULE, path=f"/{KIND}/create_with_schedule", verb="create_with_schedule"),
    listing(KIND, Filters(choices={"customer": None, "mandate": None, "status": STATUSES}, ranges=("created_at",))),
    get(KIND),
    update(KIND),
    action(KIND, "cancel", cancel),
)

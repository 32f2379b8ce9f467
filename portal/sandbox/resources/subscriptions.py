"""Subscriptions: a payment every so often, with pauses, amendments and an end."""

from typing import Any

from portal.sandbox import machine
from portal.sandbox.api.routes import Filters, action, create, get, listing, update
from portal.sandbox.errors import invalid, state, usage
from portal.sandbox.fields import Field, currency, day, flag, links, metadata, text, whole
from portal.sandbox.resources import charges, mandates, payments
from portal.sandbox.resources.linking import linked, meta, taken
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
STATUSES = ("pending_customer_approval", "customer_approval_denied", "active", "paused", "finished", "cancelled")
UNITS = ("weekly", "monthly", "yearly")
MOST_PER_YEAR = {"weekly": 52, "monthly": 12, "yearly": 1}
MOST_AMENDMENTS = 10


def make(world: World, values: Json) -> Doc:
    mandate = linked(world, values, "mandate", "mandates")
    mandates.require_chargeable(world, mandate)
    payments.check_money(world, mandate, values, "/subscriptions")
    _check_rhythm(values)
    if values.get("payment_reference"):
        payments.check_reference(world, mandate, values["payment_reference"], "/subscriptions/payment_reference")
    return begin(world, mandate, values)


def begin(world: World, mandate: Doc, values: Json) -> Doc:
    """Stores the subscription, says so, and makes the first payment when its day is already in reach."""
    start = _start(world, mandate, values)
    body: Json = {
        "amount": values["amount"],
        "currency": values["currency"],
        "status": "pending_customer_approval" if mandate.status == "pending_customer_approval" else "active",
        "name": values.get("name"),
        "start_date": start,
        "end_date": values.get("end_date"),
        "interval": values.get("interval") or 1,
        "interval_unit": values["interval_unit"],
        **taken(values, "day_of_month", "month", "count"),
        "metadata": meta(values),
        "payment_reference": values.get("payment_reference"),
        "upcoming_payments": [],
        "app_fee": values.get("app_fee"),
        "links": {"mandate": mandate.id},
        "retry_if_possible": bool(values.get("retry_if_possible")),
        "earliest_charge_date_after_resume": None,
        "parent_plan_paused": False,
    }
    inner = {"customer": mandate.links["customer"], "client_id": world.client_id, "made": 0, "skip": 0, "amendments": 0}
    doc = world.add("subscriptions", body, inner)
    charges.refresh(world, doc, mandate)
    world.save(doc)
    machine.announce(
        world, doc, {"origin": "api", "cause": "subscription_created", "description": "Subscription created via the API."}
    )
    charges.plan(world, doc, mandate)
    return doc


def change(world: World, doc: Doc, values: Json) -> Doc:
    machine.require(doc, "amend")
    mandate = world.get("mandates", doc.links["mandate"])
    if values.get("amount") is not None and values["amount"] != doc.body["amount"]:
        _require_same_app(world, doc)
        _count_amendment(doc)
    if "app_fee" in values and doc.inner["client_id"] not in (None, world.client_id):
        raise usage(403, "resource_created_by_another_app", "The app_fee of another app's subscription can't be changed")
    payments.check_money(world, mandate, doc.body | values, "/subscriptions")
    doc.body.update({key: value for key, value in values.items() if value is not None or key not in ("amount", "metadata")})
    charges.refresh(world, doc, mandate)
    machine.move(world, doc, "amend")
    return doc


def pause(world: World, doc: Doc, values: Json) -> Doc:
    """For so many cycles, or without ``pause_cycles`` until it is resumed."""
    _require_same_app(world, doc)
    cycles = values.get("pause_cycles")
    _check_pause(doc, cycles)
    mandate = world.get("mandates", doc.links["mandate"])
    if cycles:
        charges.skip(world, doc, mandate, cycles)
    else:
        charges.stop(doc)
    machine.move(world, doc, "pause", metadata=world.metadata)
    return doc


def resume(world: World, doc: Doc, _values: Json) -> Doc:
    _require_same_app(world, doc)
    machine.require(doc, "resume")
    charges.resume(world, doc, world.get("mandates", doc.links["mandate"]))
    machine.move(world, doc, "resume", metadata=world.metadata)
    charges.plan(world, doc, world.get("mandates", doc.links["mandate"]))
    return doc


def cancel(world: World, doc: Doc, _values: Json) -> Doc:
    machine.require(doc, "cancel")
    charges.stop(doc)
    machine.move(world, doc, "cancel", metadata=world.metadata)
    return doc


@machine.after("mandates", "grant_approval", "skip_approval")
def _approve(world: World, mandate: Doc, _event: str) -> None:
    for doc in world.all("subscriptions", mandate=mandate.id, status="pending_customer_approval"):
        machine.move(world, doc, "approve")


@machine.after("mandates", "cancel", "fail", "expire", "block", "replace")
def _cancel_with_mandate(world: World, mandate: Doc, event: str) -> None:
    because = payments.inherited(world, event, "The mandate for this subscription has ended.")
    for doc in world.all("subscriptions", mandate=mandate.id):
        if machine.allows(doc, "cancel"):
            charges.stop(doc)
            machine.move(world, doc, "cancel", because=because, links={"parent_event": event})


def _start(world: World, mandate: Doc, values: Json) -> str:
    try:
        wanted = values.get("start_date")
        mandates.charge_date(world, mandate, wanted)
        return str(wanted or mandates.next_date(world, mandate.body))
    except ValueError as problem:
        raise invalid(("/subscriptions/start_date", str(problem))) from None


def _check_rhythm(values: Json) -> None:
    unit = values["interval_unit"]
    faults = []
    if (values.get("interval") or 1) > MOST_PER_YEAR[unit]:
        faults.append(("/subscriptions/interval", "must lead to at least one payment a year"))
    if unit == "weekly" and values.get("day_of_month") is not None:
        faults.append(("/subscriptions/day_of_month", "can't be used with a weekly interval"))
    if values.get("day_of_month") == 0:
        faults.append(("/subscriptions/day_of_month", "must be between 1 and 28, or -1"))
    if unit != "yearly" and values.get("month") is not None:
        faults.append(("/subscriptions/month", "can only be used with a yearly interval"))
    if values.get("count") and values.get("end_date"):
        faults.append(("/subscriptions/count", "can't be used together with end_date"))
    if faults:
        raise invalid(*faults)


def _require_same_app(world: World, doc: Doc) -> None:
    if doc.inner["client_id"] != world.client_id:
        raise usage(403, "forbidden", "This subscription was not created by the app that asks for the change")


def _count_amendment(doc: Doc) -> None:
    if doc.inner["amendments"] >= MOST_AMENDMENTS:
        raise state(
            "number_of_subscription_amendments_exceeded", f"A subscription can be amended at most {MOST_AMENDMENTS} times"
        )
    doc.inner["amendments"] += 1


def _check_pause(doc: Doc, cycles: int | None) -> None:
    if doc.status == "paused":
        raise state("subscription_paused_cannot_update_cycles", "The subscription is already paused")
    if doc.status in ("cancelled", "finished"):
        raise state("subscription_already_ended", f"The subscription has ended: it is {doc.status}")
    machine.require(doc, "pause")
    if cycles is not None and cycles < 1:
        raise state("pause_cycles_must_be_greater_than_or_equal_to", "pause_cycles must be greater than or equal to 1")


MONTH = text("month", among=charges.MONTHS)
RHYTHM: tuple[Field, ...] = (
    text("interval_unit", required=True, among=UNITS),
    whole("interval", least=1, most=52),
    whole("day_of_month", least=-1, most=28),
    MONTH,
    day("start_date"),
    whole("count", least=1, most=10_000),
)

ROUTES = (
    create(
        "subscriptions",
        make,
        whole("amount", required=True, least=1),
        currency(required=True),
        *RHYTHM,
        day("end_date"),
        text("name"),
        text("payment_reference", most=140),
        flag("retry_if_possible"),
        whole("app_fee"),
        metadata(),
        links("mandate"),
    ),
    listing("subscriptions", Filters(choices={"customer": None, "mandate": None, "status": STATUSES}, ranges=("created_at",))),
    get("subscriptions"),
    update(
        "subscriptions",
        whole("amount", least=1),
        whole("app_fee"),
        text("name"),
        text("payment_reference", most=140),
        flag("retry_if_possible"),
        metadata(),
        change=change,
    ),
    action("subscriptions", "pause", pause, whole("pause_cycles", least=-1, most=1000)),
    action("subscriptions", "resume", resume),
    action("subscriptions", "cancel", cancel),
)

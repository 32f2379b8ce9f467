"""Payments: collected on a mandate, moved by the banks' calendar, cancelled while still here, retried when failed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.sandbox import machine, timeline
from portal.sandbox.api.routes import Filters, action, create, get, listing, update
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import day as parse_day
from portal.sandbox.clock import morning
from portal.sandbox.errors import invalid, state
from portal.sandbox.fields import CURRENCIES, currency, day, flag, links, metadata, text, whole
from portal.sandbox.resources import mandates, scheme_identifiers
from portal.sandbox.resources.linking import linked, meta, no_fx
from portal.sandbox.schemes import SCHEMES, scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
STATUSES = (
    "pending_customer_approval",
    "pending_submission",
    "submitted",
    "confirmed",
    "paid_out",
    "cancelled",
    "customer_approval_denied",
    "failed",
    "charged_back",
)
MOST_RETRIES = 3
FURTHEST = timedelta(days=366)
CREATED = {"origin": "api", "cause": "payment_created", "description": "Payment created via the API."}


def make(world: World, values: Json) -> Doc:
    mandate = linked(world, values, "mandate", "mandates")
    mandates.require_chargeable(world, mandate)
    check_money(world, mandate, values, "/payments")
    if values.get("reference"):
        check_reference(world, mandate, values["reference"], "/payments/reference")
    doc = collect(world, mandate, values, charge_date(world, mandate, values.get("charge_date"), "/payments/charge_date"))
    doc.inner["manual"] = True
    world.save(doc)
    machine.announce(world, doc, CREATED)
    return doc


def collect(world: World, mandate: Doc, values: Json, on: str, **also: str) -> Doc:
    """Stores a payment on a mandate; ``also`` are further links (subscription, instalment_schedule)."""
    body: Json = {
        "charge_date": on,
        "amount": values["amount"],
        "description": values.get("description"),
        "currency": values["currency"],
        "status": "pending_customer_approval" if mandate.status == "pending_customer_approval" else "pending_submission",
        "amount_refunded": 0,
        "reference": values.get("reference"),
        "metadata": meta(values),
        "fx": no_fx(values["currency"]),
        "links": {"mandate": mandate.id, "creditor": mandate.links["creditor"], **also},
        "retry_if_possible": bool(values.get("retry_if_possible")),
        "app_fee": values.get("app_fee"),
        "scheme": mandate.body["scheme"],
        "faster_ach": bool(values.get("faster_ach")),
    }
    return world.add("payments", body, {"customer": mandate.links.get("customer"), "retries": 0})


def cancel(world: World, doc: Doc, _values: Json) -> Doc:
    machine.move(world, doc, "cancel", metadata=world.metadata)
    return doc


def retry(world: World, doc: Doc, values: Json) -> Doc:
    machine.require(doc, "retry")
    mandate = world.get("mandates", doc.links["mandate"])
    if mandate.status not in mandates.CHARGEABLE:
        raise state("retry_failed", f"The payment can not be retried: its mandate is {mandate.status}")
    if doc.inner["retries"] >= MOST_RETRIES:
        raise state("retry_failed", f"A payment can be retried at most {MOST_RETRIES} times")
    doc.inner["retries"] += 1
    doc.body["charge_date"] = charge_date(world, mandate, values.get("charge_date"), "/data/charge_date")
    doc.links.pop("payout", None)
    if values.get("metadata"):
        doc.body["metadata"] = values["metadata"]
    machine.move(world, doc, "retry", metadata=world.metadata)
    return doc


def charge_date(world: World, mandate: Doc, wanted: str | None, pointer: str) -> str:
    try:
        if wanted and parse_day(wanted) > world.today + FURTHEST:
            raise ValueError("must be within one year from today")
        return mandates.charge_date(world, mandate, wanted)
    except ValueError as problem:
        raise invalid((pointer, str(problem))) from None


def check_money(world: World, mandate: Doc, values: Json, pointer: str) -> None:
    """Currency against the scheme, and the partner's fee against the amount."""
    wanted = scheme(mandate.body["scheme"]).currency
    if values["currency"] != wanted:
        raise invalid(
            (f"{pointer}/currency", f"must be {wanted}, the currency of the mandate's scheme {mandate.body['scheme']}")
        )
    fee = values.get("app_fee")
    if fee is None:
        return
    if world.client_id is None:
        raise invalid((f"{pointer}/app_fee", "can only be set with an access token of a partner app"))
    if fee >= values["amount"]:
        raise invalid((f"{pointer}/app_fee", "must be less than the amount"))


def check_reference(world: World, mandate: Doc, reference: str, pointer: str) -> None:
    known = scheme(mandate.body["scheme"])
    if not known.reference_allowed:
        raise invalid((pointer, f"can't be set for {known.name}"))
    if len(reference) > known.reference:
        raise invalid((pointer, f"is too long (maximum is {known.reference} characters)"))
    if known.name == "bacs" and not scheme_identifiers.own_identifier(world, mandate.links["creditor"], "bacs"):
        raise invalid((pointer, "Custom payment references are not enabled for your scheme identifier"))


@machine.after("payments", "create", "approve", "retry")
def _plan(world: World, doc: Doc, _event: str) -> None:
    if doc.status == "pending_submission":
        known = scheme(doc.body["scheme"])
        timeline.at(
            world, doc, "submit", morning(add_working(parse_day(doc.body["charge_date"]), -known.submit_lead, known.calendar))
        )


@machine.after("payments", "submit")
def _plan_confirmation(world: World, doc: Doc, _event: str) -> None:
    known = scheme(doc.body["scheme"])
    if known.with_first_payment:
        _submit_mandate(world, doc)
    timeline.at(
        world, doc, "confirm", morning(add_working(parse_day(doc.body["charge_date"]), known.confirm_days, known.calendar), 16)
    )


@machine.after("payments", "confirm")
def _activate_mandate(world: World, doc: Doc, _event: str) -> None:
    mandate = world.find("mandates", doc.links["mandate"])
    if mandate and scheme(mandate.body["scheme"]).with_first_payment and mandate.status == "submitted":
        mandates.advance(world, mandate)


@timeline.job("payments", "submit")
def _submit(world: World, doc: Doc) -> None:
    machine.move(world, doc, "submit")


@timeline.job("payments", "confirm")
def _confirm(world: World, doc: Doc) -> None:
    machine.move(world, doc, "confirm")


@machine.after("mandates", "grant_approval", "skip_approval")
def _approve_waiting(world: World, mandate: Doc, _event: str) -> None:
    for doc in world.all("payments", mandate=mandate.id, status="pending_customer_approval"):
        machine.move(world, doc, "approve")


@machine.after("mandates", "cancel", "fail", "expire", "block", "replace", "suspend")
def _cancel_waiting(world: World, mandate: Doc, event: str) -> None:
    because = inherited(world, event, "The mandate for this payment has ended.")
    for status in ("pending_customer_approval", "pending_submission"):
        for doc in world.all("payments", mandate=mandate.id, status=status):
            machine.move(world, doc, "cancel", because=because, links={"parent_event": event})


def inherited(world: World, event: str, words: str) -> Mapping[str, Any]:
    """The cause of a child event: that of its parent."""
    parent = world.get("events", event).body["details"]
    kept = {key: parent[key] for key in ("origin", "cause", "scheme", "reason_code") if key in parent}
    return kept | {"description": words}


def _submit_mandate(world: World, doc: Doc) -> None:
    mandate = world.find("mandates", doc.links["mandate"])
    if mandate and mandate.status == "pending_submission":
        machine.move(world, mandate, "submit")


_FILTERS = Filters(
    choices={
        "customer": None,
        "creditor": None,
        "mandate": None,
        "subscription": None,
        "currency": CURRENCIES,
        "scheme": tuple(SCHEMES),
        "status": STATUSES,
    },
    ranges=("created_at", "charge_date"),
    sorts=("charge_date", "amount"),
    alone=("customer", "creditor"),
)

ROUTES = (
    create(
        "payments",
        make,
        whole("amount", required=True, least=1),
        currency(required=True),
        day("charge_date"),
        text("description"),
        text("reference", most=140),
        whole("app_fee"),
        flag("retry_if_possible"),
        flag("faster_ach"),
        text("psu_interaction_type", among=("in_session", "off_session")),
        metadata(),
        links("mandate"),
    ),
    listing("payments", _FILTERS),
    get("payments"),
    update("payments", metadata(), flag("retry_if_possible")),
    action("payments", "cancel", cancel),
    action("payments", "retry", retry, day("charge_date")),
)

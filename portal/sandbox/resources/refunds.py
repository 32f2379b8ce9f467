"""Refunds: money back to a payer, of a payment or free of one."""

from typing import Any

from portal.sandbox import machine, timeline
from portal.sandbox.api.routes import Filters, create, get, listing, update
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import morning
from portal.sandbox.errors import invalid, state, usage
from portal.sandbox.fields import links, metadata, text, whole
from portal.sandbox.resources.linking import linked, meta, no_fx
from portal.sandbox.schemes import scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
MOST = 5
REFUNDABLE = ("confirmed", "paid_out")


def make(world: World, values: Json) -> Doc:
    given = [name for name in ("payment", "mandate") if (values.get("links") or {}).get(name)]
    if len(given) != 1:
        raise invalid(("/refunds/links", "must name either a payment or a mandate"))
    if given == ["payment"]:
        return _of_payment(world, values)
    mandate = linked(world, values, "mandate", "mandates")
    _require_enabled(world, mandate.links["creditor"])
    doc = _store(world, values, mandate, {"mandate": mandate.id}, scheme(mandate.body["scheme"]).currency)
    machine.announce(world, doc, {"origin": "api", "cause": "refund_created", "description": "The refund has been created."})
    return doc


def _of_payment(world: World, values: Json) -> Doc:
    payment = linked(world, values, "payment", "payments")
    _require_enabled(world, payment.links["creditor"])
    _check(world, payment, values)
    mandate = world.get("mandates", payment.links["mandate"])
    doc = _store(world, values, mandate, {"payment": payment.id, "mandate": mandate.id}, payment.body["currency"])
    payment.body["amount_refunded"] += values["amount"]
    world.save(payment)
    machine.announce(
        world,
        doc,
        {
            "origin": "api",
            "cause": "payment_refunded",
            "description": "The refund has been created, and will be submitted in the next batch.",
        },
    )
    return doc


def _store(world: World, values: Json, mandate: Doc, names: dict[str, str], currency: str) -> Doc:
    limit = scheme(mandate.body["scheme"]).reference or 140
    if len(values.get("reference") or "") > limit:
        raise invalid(("/refunds/reference", f"is too long (maximum is {limit} characters)"))
    body = {
        "amount": values["amount"],
        "reference": values.get("reference"),
        "metadata": meta(values),
        "currency": currency,
        "status": "created",
        "fx": no_fx(),
        "links": names,
    }
    kind = "payment" if "payment" in names else "mandate"
    return world.add("refunds", body, {"refund_type": kind, "mandate": mandate.id, "creditor": mandate.links["creditor"]})


def _require_enabled(world: World, creditor: str) -> None:
    if not world.get("creditors", creditor).body["can_create_refunds"]:
        raise usage(403, "forbidden", "Refunds are not enabled for this account")


def _check(world: World, payment: Doc, values: Json) -> None:
    if payment.status not in REFUNDABLE:
        raise state("refund_payment_invalid_state", f"The payment can not be refunded: it is {payment.status}")
    earlier = world.all("refunds", payment=payment.id)
    if len(earlier) >= MOST:
        raise state("number_of_refunds_exceeded", f"A payment can be refunded at most {MOST} times")
    total = payment.body["amount_refunded"] + values["amount"]
    if total > payment.body["amount"]:
        raise invalid(("/refunds/amount", "must not be more than what is left of the payment"))
    confirmation = values.get("total_amount_confirmation")
    if confirmation is None:
        raise invalid(("/refunds/total_amount_confirmation", "is required"))
    if confirmation != total:
        raise state("total_amount_confirmation_invalid", f"The total of all refunds of this payment would be {total}")


@machine.after("refunds", "create")
def _plan(world: World, doc: Doc, _event: str) -> None:
    timeline.at(world, doc, "prepare", world.now)


@timeline.job("refunds", "prepare")
def _prepare(world: World, doc: Doc) -> None:
    machine.move(world, doc, "prepare")
    timeline.at(world, doc, "submit", morning(add_working(world.today, 1, "GB-ENG")))


@timeline.job("refunds", "submit")
def _submit(world: World, doc: Doc) -> None:
    machine.move(world, doc, "submit")
    timeline.at(world, doc, "pay", morning(add_working(world.today, 2, "GB-ENG")))


@timeline.job("refunds", "pay")
def _pay(world: World, doc: Doc) -> None:
    machine.move(world, doc, "pay")


_FILTERS = Filters(
    choices={"payment": None, "mandate": None, "refund_type": ("payment", "mandate")},
    ranges=("created_at",),
    alone=("payment", "mandate"),
)

ROUTES = (
    create(
        "refunds",
        make,
        whole("amount", required=True, least=1),
        whole("total_amount_confirmation", least=1),
        text("reference", most=140),
        metadata(),
        links(optional=("payment", "mandate")),
    ),
    listing("refunds", _FILTERS),
    get("refunds"),
    update("refunds"),
)

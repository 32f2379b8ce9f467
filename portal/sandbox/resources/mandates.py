"""Mandates: a payer's permission to collect, from its creation to its end."""

import secrets
from collections.abc import Mapping
from typing import Any

from portal.sandbox import machine, timeline
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Filters, action, create, get, listing, update
from portal.sandbox.calendars import add_working, next_charge_date, roll
from portal.sandbox.clock import morning
from portal.sandbox.errors import invalid, state
from portal.sandbox.fields import links, metadata, text
from portal.sandbox.ids import ALPHABET
from portal.sandbox.resources import scheme_identifiers
from portal.sandbox.resources.linking import creditor_for, linked, meta
from portal.sandbox.schemes import DEBIT_SCHEMES, SCHEMES, scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
STATUSES = (
    "pending_customer_approval",
    "pending_submission",
    "submitted",
    "active",
    "failed",
    "cancelled",
    "expired",
    "consumed",
    "blocked",
    "suspended_by_payer",
)
CHARGEABLE = frozenset({"pending_customer_approval", "pending_submission", "submitted", "active"})
TYPES = ("bank_debit", "instant", "recurring", "vrp_commercial", "vrp_sweeping")
SOURCES = ("web", "telephone", "paper")
MOST_REINSTATEMENTS = 10
CREATED = {"origin": "api", "cause": "mandate_created", "description": "Mandate created via the API."}


def make(world: World, values: Json) -> Doc:
    account = linked(world, values, "customer_bank_account", "customer_bank_accounts")
    if not account.body["enabled"]:
        raise state("bank_account_disabled", "The customer bank account of this mandate is disabled")
    name = values.get("scheme") or account.inner["scheme"]
    _check_scheme(name, account, values)
    creditor = creditor_for(world, values)
    reference = _reference(world, creditor, name, values)
    doc = grant(world, creditor, account, name, reference=reference, metadata=meta(values), more=values)
    machine.announce(world, doc, CREATED)
    return doc


def grant(
    world: World,
    creditor: Doc,
    account: Doc,
    name: str,
    *,
    reference: str,
    metadata: Json,
    more: Mapping[str, Any],
    approval: bool = False,
) -> Doc:
    """Stores a mandate; ``approval`` makes it wait for the second signature."""
    is_ach = name == "ach"
    body: Json = {
        "reference": reference,
        "status": "pending_customer_approval" if approval else "pending_submission",
        "scheme": name,
        "next_possible_charge_date": None,
        "payments_require_approval": approval,
        "metadata": metadata,
        "links": {"customer_bank_account": account.id, "creditor": creditor.id, "customer": account.links["customer"]},
        "consent_parameters": more.get("consent_parameters"),
        "consent_type": more.get("consent_type"),
        "verified_at": None,
        "funds_settlement": more.get("funds_settlement") or "managed",
        "authorisation_source": more.get("authorisation_source") or ("web" if is_ach else None),
        "mandate_type": more.get("mandate_type") or "bank_debit",
        "next_possible_standard_ach_charge_date": None,
    }
    return world.add("mandates", body, {"reinstatements": 0})


def cancel(world: World, doc: Doc, _values: Json) -> Doc:
    machine.move(world, doc, "cancel", metadata=world.metadata)
    return doc


def cancel_if_live(world: World, doc: Doc, because: Mapping[str, Any]) -> None:
    if machine.allows(doc, "cancel"):
        machine.move(world, doc, "cancel", because=because)


def reinstate(world: World, doc: Doc, _values: Json) -> Doc:
    machine.require(doc, "reinstate")
    if doc.inner["reinstatements"] >= MOST_REINSTATEMENTS:
        raise state("mandate_not_inactive", f"A mandate can be reinstated at most {MOST_REINSTATEMENTS} times")
    doc.inner["reinstatements"] += 1
    doc.inner["reinstating"] = True
    machine.move(world, doc, "reinstate", metadata=world.metadata)
    return doc


def advance(world: World, doc: Doc) -> None:
    """From submitted to active: an activation, or the end of a reinstatement."""
    reinstating = doc.inner.pop("reinstating", False)
    machine.move(world, doc, "complete_reinstatement" if reinstating else "activate")


@machine.after("mandates", "create", "grant_approval", "skip_approval", "reinstate", "resubmit")
def _plan(world: World, doc: Doc, _event: str) -> None:
    """The banks are told on the next working day, unless the scheme sends mandates with their first payment."""
    known = scheme(doc.body["scheme"])
    if doc.status == "pending_submission" and not known.with_first_payment and not known.instant:
        timeline.at(world, doc, "submit", morning(add_working(world.today, 1, known.calendar)))


@machine.after("mandates", "submit")
def _plan_activation(world: World, doc: Doc, _event: str) -> None:
    known = scheme(doc.body["scheme"])
    if not known.with_first_payment:
        timeline.at(world, doc, "activate", morning(add_working(world.today, max(known.notice, 1), known.calendar)))


@timeline.job("mandates", "submit")
def _submit(world: World, doc: Doc) -> None:
    machine.move(world, doc, "submit")


@timeline.job("mandates", "activate")
def _activate(world: World, doc: Doc) -> None:
    if doc.status == "submitted":
        advance(world, doc)


@rendering.completed("mandates")
def _with_next_date(world: World, body: Json) -> Json:
    if body["status"] not in CHARGEABLE:
        return body
    first = next_date(world, body)
    return body | {
        "next_possible_charge_date": first,
        "next_possible_standard_ach_charge_date": first if body["scheme"] == "ach" else None,
    }


def next_date(world: World, body: Json) -> str:
    """The earliest day on which a payment against this mandate can be charged."""
    return next_charge_date(world.now, SCHEMES[body["scheme"]], active=body["status"] == "active").isoformat()


def charge_date(world: World, mandate: Doc, wanted: str | None, *, roll_forward: bool = False) -> str:
    """The working day on which to charge. Raises ValueError with the API's words for a day that is too early."""
    earliest = next_date(world, mandate.body)
    if not wanted or (roll_forward and wanted < earliest):
        return earliest
    if wanted < earliest:
        raise ValueError("must be on or after mandate's next_possible_charge_date")
    return roll(world.today.fromisoformat(wanted), scheme(mandate.body["scheme"]).calendar).isoformat()


def require_chargeable(world: World, mandate: Doc) -> None:
    """Raises the error for a mandate that nothing can be collected on."""
    if mandate.links.get("new_mandate"):
        message = "The mandate has been replaced by another"
        raise state("mandate_replaced", message, new_mandate=mandate.links["new_mandate"])
    if mandate.status not in CHARGEABLE:
        raise state("mandate_is_inactive", f"The mandate is {mandate.status}: nothing can be collected on it")


def new_reference() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(7))


def _reference(world: World, creditor: Doc, name: str, values: Json) -> str:
    wanted = values.get("reference")
    if not wanted:
        return new_reference()
    if not scheme_identifiers.own_identifier(world, creditor.id, name):
        raise invalid(("/mandates/reference", "can't be set: the scheme identifier does not allow it"))
    if world.all("mandates", reference=wanted):
        raise invalid(("/mandates/reference", "has already been taken"))
    return str(wanted)


def _check_scheme(name: str, account: Doc, values: Json) -> None:
    if scheme(name).currency != account.body["currency"]:
        raise invalid(("/mandates/scheme", f"is not supported for a bank account in {account.body['currency']}"))
    if name == "ach" and values.get("authorisation_source") in (None, "web") and values.get("payer_ip_address") is None:
        raise invalid(("/mandates/payer_ip_address", "is required for ACH mandates authorised on the web"))


_FILTERS = Filters(
    choices={
        "creditor": None,
        "customer": None,
        "customer_bank_account": None,
        "reference": None,
        "scheme": tuple(SCHEMES),
        "status": STATUSES,
        "mandate_type": TYPES,
    },
    ranges=("created_at",),
    alone=("creditor", "customer", "customer_bank_account"),
)

ROUTES = (
    create(
        "mandates",
        make,
        text("reference", least=1, most=35),
        text("scheme", among=DEBIT_SCHEMES),
        text("authorisation_source", among=SOURCES),
        text("payer_ip_address", pattern=r"[0-9A-Fa-f.:]{2,45}"),
        metadata(),
        links("customer_bank_account", optional=("creditor",)),
    ),
    listing("mandates", _FILTERS),
    get("mandates"),
    update("mandates"),
    action("mandates", "cancel", cancel),
    action("mandates", "reinstate", reinstate),
)

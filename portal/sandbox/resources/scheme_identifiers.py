"""Scheme identifiers: under which name and number a creditor collects in each scheme."""

import re
from typing import Any

from portal.sandbox import ids, machine, timeline
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Filters, create, get, listing
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import morning
from portal.sandbox.errors import ApiError, invalid
from portal.sandbox.fields import group, text
from portal.sandbox.resources.linking import creditor_for
from portal.sandbox.schemes import IDENTIFIER_SCHEMES, scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
EXTRA = {"bacs": "/.&-", "ach": "/?:().,'+-", "faster_payments": "/?:().,'+-", "sepa": "/?:().,+&<>'\""}
OWN = "own"


def make(world: World, values: Json) -> Doc:
    """The creditor's own identifier: Bacs takes days to activate it, the other schemes none."""
    _check_name(values["scheme"], values["name"])
    creditor = creditor_for(world, values)
    body = _body(values["scheme"], values["name"], ids.resource_id("")[-6:], own=True)
    doc = world.add("scheme_identifiers", body | {"links": {"creditor": creditor.id}}, {OWN: True})
    answered = Doc(doc.kind, doc.organisation, dict(doc.body))
    if values["scheme"] == "bacs":
        timeline.at(world, doc, "activate", morning(add_working(world.today, 5, "GB-ENG")))
    else:
        machine.move(world, doc, "activate")
        answered.body["status"] = "active"
    show_in_creditor(world, doc)
    return answered


def share(world: World, creditor: Doc) -> None:
    """GoCardless's shared identifiers, which every new creditor may collect under."""
    for name in IDENTIFIER_SCHEMES:
        body = _body(name, "GoCardless Ltd", scheme(name).identifier, own=False)
        doc = world.add("scheme_identifiers", body | {"status": "active", "links": {"creditor": creditor.id}})
        creditor.body["scheme_identifiers"].append(_shown(doc))


def own_identifier(world: World, creditor: str, scheme_name: str) -> bool:
    """Whether this creditor collects under a number of its own, which is what allows custom references."""
    wanted = "sepa" if scheme_name == "sepa_core" else scheme_name
    known = world.all("scheme_identifiers", creditor=creditor)
    return any(doc.inner.get(OWN) and doc.status == "active" and doc.body["scheme"] == wanted for doc in known)


@machine.after("scheme_identifiers", "activate")
def _refresh(world: World, doc: Doc, _event: str) -> None:
    show_in_creditor(world, doc)


@timeline.job("scheme_identifiers", "activate")
def _activate(world: World, doc: Doc) -> None:
    machine.move(world, doc, "activate")


def show_in_creditor(world: World, doc: Doc) -> None:
    creditor = world.get("creditors", doc.links["creditor"])
    others = [shown for shown in creditor.body["scheme_identifiers"] if shown["id"] != doc.id]
    creditor.body["scheme_identifiers"] = [_shown(doc), *others]
    world.save(creditor)


@rendering.completed("scheme_identifiers")
def _without_links(_world: World, body: Json) -> Json:
    return {key: value for key, value in body.items() if key != "links"}


def _shown(doc: Doc) -> Json:
    return {key: value for key, value in doc.body.items() if key != "links"}


def _body(name: str, called: str, reference: str, *, own: bool) -> Json:
    known = scheme(name)
    return {
        "name": called,
        "scheme": name,
        "reference": reference,
        "status": "pending",
        "minimum_advance_notice": known.notice,
        "can_specify_mandate_reference": own,
        "currency": known.currency,
        "address_line1": "65 Goswell Road",
        "address_line2": None,
        "address_line3": None,
        "city": "London",
        "region": None,
        "postal_code": "EC1V 7EN",
        "country_code": "GB",
        "email": "help@example.com",
        "phone_number": "+44 20 7183 8674",
    }


def _check_name(name: str, called: str) -> None:
    limit = scheme(name).name_limit
    allowed = re.escape(EXTRA.get(name, "/?:().,'+&-"))
    better = re.sub(rf"[^A-Za-z0-9 {allowed}]", "", called)[:limit].strip()
    if better == called:
        return
    error: ApiError = invalid(("/scheme_identifiers/name", f"is not a valid name for {name} (maximum is {limit} characters)"))
    error.entries[0]["metadata"] = {"suggested_name": better}
    raise error


ROUTES = (
    create(
        "scheme_identifiers",
        make,
        text("name", required=True),
        text("scheme", required=True, among=IDENTIFIER_SCHEMES),
        group("links", text("creditor")),
    ),
    listing("scheme_identifiers", Filters(choices={"creditor": None})),
    get("scheme_identifiers"),
)

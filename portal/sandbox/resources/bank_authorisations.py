"""Bank authorisations: the payer's word given at their bank, within fifteen minutes."""

from datetime import timedelta
from typing import Any

from portal.sandbox import clock, timeline
from portal.sandbox.api.routes import create, get
from portal.sandbox.errors import state
from portal.sandbox.fields import links, url
from portal.sandbox.resources import bank_accounts, billing_requests, fulfilment, institutions, request_steps
from portal.sandbox.resources.linking import linked
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "bank_authorisations"
MINUTES = 15


def make(world: World, values: Json) -> Doc:
    request = linked(world, values, "billing_request", "billing_requests")
    if request.status not in ("pending", "ready_to_fulfil") or "bank_authorisation" not in request_steps.steps(request):
        raise state("invalid_state", f"This billing request does not ask for a bank authorisation: it is {request.status}")
    lacking = request_steps.missing(request, "bank_authorisation")
    if lacking:
        raise state("invalid_state", "These actions must be completed first: " + ", ".join(lacking))
    return start(world, request, values.get("redirect_uri"))


def start(world: World, request: Doc, redirect_uri: str | None, flow: str | None = None) -> Doc:
    expires = world.now + timedelta(minutes=MINUTES)
    body: Json = {
        "url": "",
        "qr_code_url": "",
        "authorisation_type": "payment" if request_steps.wants_payment(request) else "mandate",
        "authorised_at": None,
        "last_visited_at": None,
        "expires_at": clock.stamp(expires),
        "redirect_uri": redirect_uri,
        "links": {"billing_request": request.id, "institution": request.inner["institution"]},
    }
    doc = world.add(KIND, body, {"outcome": None, "flow": flow})
    doc.body["url"] = f"{world.settings.origin}/obauth/{doc.id}"
    doc.body["qr_code_url"] = doc.body["url"] + "/qr_code"
    world.save(doc)
    request.links["bank_authorisation"] = doc.id
    world.save(request)
    timeline.at(world, doc, "time_out", expires)
    return doc


def visit(world: World, doc: Doc) -> None:
    """The payer has arrived at the bank."""
    if doc.body["last_visited_at"] is None:
        _announce(world, doc, "bank_authorisation_visited", "The payer has visited the bank authorisation's address.")
    doc.body["last_visited_at"] = world.stamp
    world.save(doc)


def authorise(world: World, doc: Doc) -> None:
    """The bank says yes: the request's step is done, and banks that tell the account complete that too."""
    _require_open(world, doc)
    doc.body["authorised_at"] = world.stamp
    doc.inner["outcome"] = "success"
    world.save(doc)
    request = world.get("billing_requests", doc.links["billing_request"])
    request.inner["done"].append("bank_authorisation")
    chosen = institutions.bank(request.inner["institution"])
    if chosen and chosen.completes_account and not request_steps.is_done(request, "collect_bank_account"):
        customer = world.get("customers", request.links["customer"])
        details = fulfilment.TEST_ACCOUNT[request_steps.currency(request)]
        request.links["customer_bank_account"] = bank_accounts.open_account(world, customer, details, "/data", reuse=True).id
        request.inner["done"].append("collect_bank_account")
    billing_requests.settle_status(world, request)
    _announce(world, doc, "bank_authorisation_authorised", "The payer has authorised this billing request at their bank.")


def deny(world: World, doc: Doc) -> None:
    _require_open(world, doc)
    doc.inner["outcome"] = "failure"
    world.save(doc)
    _announce(world, doc, "bank_authorisation_denied", "The payer has denied the authorisation at their bank.")


def is_open(world: World, doc: Doc) -> bool:
    return doc.inner["outcome"] is None and world.stamp < doc.body["expires_at"]


@timeline.job(KIND, "time_out")
def _time_out(world: World, doc: Doc) -> None:
    if doc.inner["outcome"] is None:
        doc.inner["outcome"] = "timeout"
        world.save(doc)
        _announce(world, doc, "bank_authorisation_expired", "The bank authorisation was not used in time.")


def _require_open(world: World, doc: Doc) -> None:
    if not is_open(world, doc):
        raise state("invalid_state", "This bank authorisation has been used or has expired")


def _announce(world: World, doc: Doc, action: str, words: str) -> None:
    request = world.get("billing_requests", doc.links["billing_request"])
    billing_requests.announce(world, request, action, words, bank_authorisation=doc.id)


ROUTES = (create(KIND, make, links("billing_request"), url("redirect_uri")), get(KIND))

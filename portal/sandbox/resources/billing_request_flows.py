"""Billing request flows: the address at which a payer completes a billing request, good for seven days."""

from datetime import timedelta
from typing import Any

from portal.sandbox import clock, ids
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import action, create
from portal.sandbox.errors import invalid, state
from portal.sandbox.fields import Field, flag, group, links, text, url
from portal.sandbox.resources import billing_requests
from portal.sandbox.resources.customers import FIELDS as CUSTOMER_FIELDS
from portal.sandbox.resources.customers import LANGUAGES
from portal.sandbox.resources.linking import linked
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "billing_request_flows"
LIFE = timedelta(days=7)
FLAGS = (
    "lock_customer_details",
    "lock_bank_account",
    "lock_currency",
    "show_redirect_buttons",
    "show_success_redirect_button",
    "skip_success_screen",
    "customer_details_captured",
)
PREFILLED = tuple(f for f in CUSTOMER_FIELDS if f.name not in ("metadata", "phone_number", "language"))


def make(world: World, values: Json) -> Doc:
    if values.get("auto_fulfil") is False:
        raise invalid((f"/{KIND}/auto_fulfil", "must be true"))
    if values.get("skip_success_screen") and not values.get("redirect_uri"):
        raise invalid((f"/{KIND}/skip_success_screen", "needs a redirect_uri"))
    request = linked(world, values, "billing_request", "billing_requests")
    if request.status not in ("pending", "ready_to_fulfil"):
        raise state("invalid_state", f"No flow can be made for this billing request: it is {request.status}")
    return open_flow(world, request, values)


def open_flow(world: World, request: Doc, values: Json) -> Doc:
    body: Json = {
        "auto_fulfil": True,
        "redirect_uri": values.get("redirect_uri"),
        "exit_uri": values.get("exit_uri"),
        "authorisation_url": "",
        **{name: bool(values.get(name)) for name in FLAGS},
        "session_token": None,
        "expires_at": clock.stamp(world.now + LIFE),
        "language": values.get("language"),
        "prefilled_customer": _whole(values.get("prefilled_customer")),
        "prefilled_bank_account": values.get("prefilled_bank_account"),
        "links": {"billing_request": request.id},
    }
    doc = world.add(KIND, body, {"visited": False})
    doc.body["authorisation_url"] = f"{world.settings.origin}/billing/static/flow?id={doc.id}"
    world.save(doc)
    billing_requests.announce(
        world, request, "flow_created", "A billing request flow has been created.", billing_request_flow=doc.id
    )
    return doc


def _whole(prefilled: Json | None) -> Json | None:
    """Every field of the customer, those not sent as null."""
    return None if prefilled is None else {f.name: prefilled.get(f.name) for f in PREFILLED}


def initialise(world: World, doc: Doc, _values: Json) -> Doc:
    """Hands out the session token that GoCardless's drop-in works with."""
    if is_over(world, doc):
        raise state("invalid_state", "This billing request flow has expired")
    doc.body["session_token"] = ids.session_token()
    world.save(doc)
    return doc


def is_over(world: World, doc: Doc) -> bool:
    return world.stamp >= str(doc.body["expires_at"])


@rendering.completed(KIND)
def _with_config(world: World, body: Json) -> Json:
    """What the drop-in shows of the merchant."""
    request = world.find("billing_requests", body["links"]["billing_request"])
    name = request.body["creditor_name"] if request else ""
    return body | {"config": {"merchant_contact_details": {"name": name, "email": "help@example.com"}}}


_ACCOUNT = group("prefilled_bank_account", text("account_type", among=("checking", "savings")))
FIELDS: tuple[Field, ...] = (
    flag("auto_fulfil"),
    url("redirect_uri"),
    url("exit_uri"),
    *(flag(name) for name in FLAGS),
    group("prefilled_customer", *PREFILLED),
    _ACCOUNT,
    text("language", among=LANGUAGES),
    links("billing_request"),
)

ROUTES = (create(KIND, make, *FIELDS, idempotent=False), action(KIND, "initialise", initialise, bare=True))

"""The events list: filtered by type, action, resource, parent and time, with the resources themselves on request."""

import json
from typing import Any

from portal.sandbox import events as outgoing
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route, get
from portal.sandbox.errors import bad_filter
from portal.sandbox.kinds import KINDS
from portal.sandbox.store import documents, paging
from portal.sandbox.store.world import World

Json = dict[str, Any]
TYPES = (
    "billing_requests",
    "creditors",
    "customers",
    "exports",
    "instalment_schedules",
    "mandates",
    "organisations",
    "outbound_payments",
    "payer_authorisations",
    "payments",
    "payment_account_transactions",
    "payouts",
    "refunds",
    "scheme_identifiers",
    "subscriptions",
)
LINKS = (
    "billing_request",
    "creditor",
    "export",
    "instalment_schedule",
    "mandate",
    "outbound_payment",
    "payer_authorisation",
    "payment",
    "payment_account_transaction",
    "payout",
    "refund",
    "scheme_identifier",
    "subscription",
)
INCLUDES = (*(name for name in LINKS if name != "export"), "customer")
_KIND_OF = {kind.singular: kind.name for kind in KINDS.values()}


def list_events(world: World, _id: str, _body: Json) -> Answer:
    asked = paging.asked(world.query, _FILTERS)
    include = asked.equal.pop("include", [""])[0]
    named = [name for name in LINKS if name in asked.equal]
    _check(asked, include, named)
    if named:
        asked.event_link = (named[0], asked.equal.pop(named[0])[0])
    page = paging.fetch(world, "events", asked).with_texts(lambda text: _public(world, text))
    extra = f',"linked":{_linked(world, page, include)}' if include else ""
    return Answer(rendering.envelope("events", page, extra))


@rendering.completed("events")
def _for_app(world: World, body: Json) -> Json:
    """An app sees in which organisation the event happened."""
    return outgoing.with_organisation(body, world.organisation) if world.client_id else body


def _public(world: World, text: str) -> str:
    return documents.dumps(_for_app(world, json.loads(text))) if world.client_id else text


def _check(asked: paging.Asked, include: str, named: list[str]) -> None:
    if len(named) > 1:
        raise bad_filter(f"{' and '.join(named)} can not be used together")
    if named and "resource_type" in asked.equal:
        raise bad_filter(f"resource_type and {named[0]} can not be used together")
    if include and "resource_type" not in asked.equal:
        raise bad_filter("include needs the filter resource_type")


def _linked(world: World, page: paging.Page, include: str) -> str:
    """The resources that these events are about, once each."""
    kind = _KIND_OF.get(include)
    names = dict.fromkeys(json.loads(text)["links"].get(include) for _, text in page.rows)
    found = [world.find(kind, name) for name in names if name] if kind else []
    return documents.dumps({kind or f"{include}s": [rendering.public(world, doc) for doc in found if doc]})


_FILTERS = Filters(
    choices={"resource_type": TYPES, "action": None, "parent_event": None, "include": INCLUDES, **dict.fromkeys(LINKS)},
    ranges=("created_at",),
)

ROUTES = (Route("GET", "/events", "events", "list", list_events, filters=_FILTERS), get("events"))

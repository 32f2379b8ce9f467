"""How an endpoint is declared: method, path, what it takes, and the behaviour that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.sandbox.api import rendering
from portal.sandbox.errors import ApiError
from portal.sandbox.fields import Field, metadata, typed
from portal.sandbox.store import documents, paging
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
Behaviour = Callable[[World, str, Json], "Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON text, the status, and for new resources where they are."""

    text: str
    status: int = 200
    location: str = ""
    made: str = ""


@dataclass(frozen=True)
class Filters:
    """What a list can be narrowed by. ``choices`` None: any text. ``alone``: filters that exclude each other."""

    choices: Mapping[str, Iterable[str] | None] = field(default_factory=dict)
    ranges: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    metadata: bool = False


@dataclass(frozen=True)
class Route:
    """``envelope`` is the key of the request's body; empty for calls that have none."""

    method: str
    path: str
    kind: str
    verb: str
    behave: Behaviour
    envelope: str = ""
    fields: tuple[Field, ...] = ()
    filters: Filters | None = None
    optional_body: bool = False
    idempotent: bool = False
    refused: Callable[[], ApiError] | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET"


def create(
    kind: str,
    make: Callable[[World, Json], Doc],
    *fields: Field,
    path: str = "",
    verb: str = "create",
    idempotent: bool = True,
    envelope: str = "",
) -> Route:
    def behave(world: World, _id: str, body: Json) -> Answer:
        doc = make(world, typed(fields, body, f"/{envelope or kind}"))
        return Answer(rendering.one(world, doc), 201, f"/{kind}/{doc.id}", doc.id)

    where = path or f"/{kind}"
    return Route("POST", where, kind, verb, behave, envelope or kind, fields, idempotent=idempotent)


def get(kind: str, find: Callable[[World, str], Doc] | None = None) -> Route:
    def behave(world: World, identity: str, _body: Json) -> Answer:
        return Answer(rendering.one(world, find(world, identity) if find else world.get(kind, identity)))

    return Route("GET", f"/{kind}/:id", kind, "get", behave)


def listing(kind: str, filters: Filters | None = None) -> Route:
    known = filters or Filters()

    def behave(world: World, _id: str, _body: Json) -> Answer:
        return Answer(rendering.many(world, kind, paging.page(world, kind, known)))

    return Route("GET", f"/{kind}", kind, "list", behave, filters=known)


def update(kind: str, *fields: Field, change: Callable[[World, Doc, Json], Doc] | None = None) -> Route:
    """Without ``change`` the values sent replace those stored."""
    taken = fields or (metadata(),)

    def behave(world: World, identity: str, body: Json) -> Answer:
        doc = world.get(kind, identity)
        values = typed(taken, body, f"/{kind}")
        return Answer(rendering.one(world, change(world, doc, values) if change else _replace(world, doc, values)))

    return Route("PUT", f"/{kind}/:id", kind, "update", behave, kind, taken)


def action(kind: str, name: str, act: Callable[[World, Doc, Json], Doc], *fields: Field, bare: bool = False) -> Route:
    """``bare`` actions take no metadata."""
    taken = fields if bare or any(f.name == "metadata" for f in fields) else (*fields, metadata())

    def behave(world: World, identity: str, body: Json) -> Answer:
        doc = world.get(kind, identity)
        values = typed(taken, body, "/data")
        world.metadata = values.get("metadata") or {}
        return Answer(rendering.one(world, act(world, doc, values)))

    return Route("POST", f"/{kind}/:id/actions/{name}", kind, name, behave, "data", taken, optional_body=True)


def _replace(world: World, doc: Doc, values: Json) -> Doc:
    if values.get("metadata", {}) is None:
        values["metadata"] = {}
    doc.body.update(values)
    return world.save(doc)


def plain(kind: str, items: Callable[[World, paging.Asked], list[Json]], filters: Filters) -> Route:
    """A list of things that are not stored, such as exchange rates; all of them fit on one page."""

    def behave(world: World, _id: str, _body: Json) -> Answer:
        asked = paging.asked(world.query, filters)
        texts = [("", documents.dumps(item)) for item in items(world, asked)]
        return Answer(rendering.envelope(kind, paging.Page(texts[: asked.limit], None, None, asked.limit)))

    return Route("GET", f"/{kind}", kind, "list", behave, filters=filters)


def narrowed(items: Iterable[Json], asked: paging.Asked) -> list[Json]:
    """The items whose values are among those asked for."""
    return [item for item in items if all(item.get(key) in values for key, values in asked.equal.items())]

"""Makes a move: looks it up in the table, changes the status, records the event, and lets the consequences follow."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.sandbox import events
from portal.sandbox.errors import ApiError, state
from portal.sandbox.event_words import WORDS
from portal.sandbox.moves import MOVES, REFUSALS, UNNAMED, Move
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
Consequence = Callable[[World, Doc, str], None]
_consequences: dict[tuple[str, str], list[Consequence]] = {}


def after(kind: str, *actions: str) -> Callable[[Consequence], Consequence]:
    """Registers what follows from a move; it is given the event's id, which children name as their parent."""

    def register(consequence: Consequence) -> Consequence:
        for action in actions:
            _consequences.setdefault((kind, action), []).append(consequence)
        return consequence

    return register


def allows(doc: Doc, action: str) -> bool:
    return doc.status in MOVES[doc.kind][action].before


def require(doc: Doc, action: str) -> Move:
    """The move, or the error that says why it can not be made now."""
    move = MOVES[doc.kind][action]
    if doc.status not in move.before:
        raise refusal(doc, action)
    return move


def refusal(doc: Doc, action: str) -> ApiError:
    said = REFUSALS.get((doc.kind, action), UNNAMED)
    return state(said.reason, said.words.format(status=doc.status))


def move(
    world: World,
    doc: Doc,
    action: str,
    *,
    because: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    metadata: Json | None = None,
) -> str:
    """Makes the move and returns the id of its event, or an empty text when it makes none.

    ``because`` overrides parts of the event's details (origin, cause, description, reason_code …).
    """
    rule = require(doc, action)
    if rule.to:
        doc.body["status"] = rule.to
    world.save(doc)
    event = ""
    if rule.event:
        details = {"origin": rule.origin, "cause": rule.cause, "description": WORDS[doc.kind][rule.event], **(because or {})}
        event = events.record(world, doc, rule.event, details, links=links, metadata=metadata)
    _follow(world, doc, action, event)
    return event


def announce(world: World, doc: Doc, details: Mapping[str, Any], *, links: Mapping[str, str] | None = None) -> str:
    """Says that a resource has been created, and lets what follows from that begin."""
    event = events.record(world, doc, "created", details, links=links, metadata=world.metadata)
    _follow(world, doc, "create", event)
    return event


def _follow(world: World, doc: Doc, action: str, event: str) -> None:
    for consequence in _consequences.get((doc.kind, action), ()):
        consequence(world, doc, event)

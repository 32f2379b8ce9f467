"""What is answered: mostly the stored text itself, and for a few kinds a body completed at the moment of asking."""

import json
from collections.abc import Callable
from typing import Any

from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.paging import Page
from portal.sandbox.store.world import World

Json = dict[str, Any]
Completion = Callable[[World, Json], Json]
_completions: dict[str, Completion] = {}
_in_lists: dict[str, Completion] = {}


def completed(kind: str) -> Callable[[Completion], Completion]:
    """Registers what is added to a kind's body when it is answered."""

    def register(complete: Completion) -> Completion:
        _completions[kind] = complete
        return complete

    return register


def in_lists(kind: str) -> Callable[[Completion], Completion]:
    """Registers how a kind looks within a list, where that differs."""

    def register(shorten: Completion) -> Completion:
        _in_lists[kind] = shorten
        return shorten

    return register


def public(world: World, doc: Doc) -> Json:
    complete = _completions.get(doc.kind)
    return complete(world, doc.body) if complete else doc.body


def one(world: World, doc: Doc) -> str:
    if doc.text and doc.kind not in _completions:
        return f'{{"{doc.kind}":{doc.text}}}'
    return f'{{"{doc.kind}":{documents.dumps(public(world, doc))}}}'


def many(world: World, kind: str, page: Page) -> str:
    complete = _in_lists.get(kind) or _completions.get(kind)
    if complete:
        page = page.with_texts(lambda text: documents.dumps(complete(world, json.loads(text))))
    return envelope(kind, page)


def envelope(kind: str, page: Page, extra: str = "") -> str:
    cursors = documents.dumps({"before": page.before, "after": page.after})
    rows = ",".join([text for _, text in page.rows])
    return f'{{"{kind}":[{rows}],"meta":{{"cursors":{cursors},"limit":{page.limit}}}{extra}}}'

"""The audit log for a spreadsheet or a program, piece by piece: no transaction and little memory is held on the way."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from portal import sheets, timeline, transaction
from portal.staff.audit import Asked, search

PIECE = 1_000
HEAD = ("id", "at", "actor", "kind", "what", "partner", "partner_key", "section", "question", "request", "details")


def csv(asked: Asked) -> Iterator[str]:
    """The head, then a line for each happening, newest first."""
    yield sheets.lines([HEAD])
    for rows in _pieces(asked):
        yield sheets.lines((*facts.values(), json.dumps(row.payload, ensure_ascii=False)) for row, facts in rows)


def ndjson(asked: Asked) -> Iterator[str]:
    """A JSON object on a line for each happening, newest first."""
    for rows in _pieces(asked):
        yield "".join(json.dumps({**facts, "details": row.payload}, ensure_ascii=False) + "\n" for row, facts in rows)


def _pieces(asked: Asked) -> Iterator[Sequence[tuple[Row[Any], dict[str, Any]]]]:
    wanted, before, more = search(asked), None, True
    while more:
        page = wanted.page(before=before, limit=PIECE)
        transaction.release()
        if page.rows:
            yield [(row, _facts(row)) for row in page.rows]
        before, more = page.older, page.older is not None


def _facts(row: Row[Any]) -> dict[str, Any]:
    what = timeline.read(row.kind, row.payload).sentence()
    told = (
        row.id, row.at.isoformat(), row.actor_name, row.kind, what, row.partner, row.partner_key, row.section_key, row.question_key,
        row.request_id,
    )  # fmt: skip
    return {name: value if value is not None else "" for name, value in zip(HEAD, told, strict=False)}

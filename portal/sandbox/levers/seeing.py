"""What was seen: the calls of a token, an app or an organisation, and the visits of the page that an app's link opens."""

import json

from sqlalchemy import Row, Select, func, select

from portal.sandbox import ids
from portal.sandbox.errors import usage
from portal.sandbox.house import here
from portal.sandbox.levers.lever import Json
from portal.sandbox.store.tables import requests

OWNERS = {"access_token": requests.c.token, "client_id": requests.c.client_id, "organisation_id": requests.c.organisation}
MOST = 1000


def seen(query: dict[str, str]) -> Json:
    """Newest first; with ``since`` what came after that mark, oldest first. ``mark`` says where the log stands."""
    house = here()
    house.log.flush()
    named = {name: query[name].replace("\0", "") for name in OWNERS if query.get(name)}
    if not named:
        raise usage(400, "bad_request", "Say access_token, client_id or organisation_id")
    found = _found(query)
    for name, value in named.items():
        found = found.where(OWNERS[name] == (ids.hashed(value) if name == "access_token" else value))
    with house.database.reading() as conn:
        mark = conn.execute(select(func.max(requests.c.seq))).scalar_one()
        return {"requests": [_shown(row) for row in conn.execute(found)], "mark": mark or 0}


def _found(query: dict[str, str]) -> Select[tuple[int, str, str, str]]:
    limit = min(int(query["limit"]), MOST) if _number(query.get("limit", "")) else 100
    found = select(requests.c.seq, requests.c.client_id, requests.c.organisation, requests.c.record).limit(limit)
    since = query.get("since", "")
    if not since:
        return found.order_by(requests.c.seq.desc())
    if not _number(since):
        raise usage(400, "bad_request", "since is a number, the mark of an earlier answer")
    return found.where(requests.c.seq > int(since)).order_by(requests.c.seq)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _shown(row: Row[tuple[int, str, str, str]]) -> Json:
    known = {"number": row.seq, "client_id": row.client_id, "organisation_id": row.organisation}
    record: Json = json.loads(row.record)
    return record | known

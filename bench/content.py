"""Content of Grow: CPU time of every page and filter with 10,000 items against 100, and its statements."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.engine import Engine

from bench._portal import CHUNK, cookie, copied, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from bench.pages import GROWTH, STATEMENTS, Measured, Target, _ratio
from portal import clock
from portal.extensions import Base, db
from portal.grow import audience
from portal.grow.publishing import ACTION, code_of, lists
from portal.grow.values import EMPTY
from portal.models.api_key import digest
from portal.models.content import ContentAudience, ContentCount, FeedKey
from portal.models.people import User
from portal.search import folded
from portal.status import ContentKind, ContentStage, Horizon
from portal.transaction import writing
from portal.web import Portal

MANY, FEW = 10_000, 100
ROUNDS, WARM_UP, TIMES = 7, 15, 12
FIRST_ID = 1_000
"""Above the demo's own items."""
KINDS = (*[ContentKind.UPDATE] * 4, *[ContentKind.ROADMAP] * 3, ContentKind.GUIDE)
AUDIENCES = (
    {}, {"schemes": ["bacs"]}, {"schemes": ["bacs", "sepa_core"]}, {"categories": ["accounting"]}, {"countries": ["GB"]},
    {"countries": ["GB", "IE"], "schemes": ["bacs"]}, {"schemes": ["autogiro"]}, {"categories": ["lending"]},
)  # fmt: skip
"""The last two do not fit the partner that reads."""
READER, WRITER = "sofia", "priya"
PAGES = {
    "grow": (READER, "/grow"),
    "all": (READER, "/grow/content"),
    "next": (READER, "/grow/content?before={middle}"),
    "kind": (READER, "/grow/content?kind=update"),
    "tag": (READER, "/grow/content?tag=even"),
    "kind_and_tag": (READER, "/grow/content?kind=update&tag=even"),
    "scheme": (READER, "/grow/content?scheme=bacs"),
    "country": (READER, "/grow/content?country=GB"),
    "words": (READER, "/grow/content?q=payments"),
    "words_and_tag": (READER, "/grow/content?q=payments+merchants&tag=even"),
    "words_none": (READER, "/grow/content?q=haystack"),
    "updates": (READER, "/grow/updates"),
    "to_do": (READER, "/grow/updates?show=to-do"),
    "roadmap": (READER, "/grow/roadmap"),
    "article": (READER, "/grow/content/c{first}"),
    "feed": ("", "/feeds/{token}.atom"),
    "desk": (WRITER, "/staff/content"),
    "desk.status": (WRITER, "/staff/content?status=published"),
    "desk.kind": (WRITER, "/staff/content?kind=update"),
    "desk.due": (WRITER, "/staff/content?due=y"),
    "desk.words": (WRITER, "/staff/content?q=payments"),
    "desk.words_and_kind": (WRITER, "/staff/content?q=payments&kind=update"),
}
"""Every filter fills a page among a hundred items, too, so that both draw as much."""
TOKEN = "bench-feed-token"


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        few = with_demo(Path(folder) / "few")
        many = copied(Path(folder) / "few", Path(folder) / "many")
        for app, items in ((few, FEW), (many, MANY)):
            _fill(app, items)
        pages = {
            app: {name: (who, _path(path, items)) for name, (who, path) in PAGES.items()}
            for app, items in ((few, FEW), (many, MANY))
        }
        measured = _measure(few, many, pages)
        for name, (who, path) in pages[many].items():
            yield Figure(f"content.{name}", min(measured[f"{name}.many"]), "ms CPU a request")
            yield Figure(
                f"content.{name}.growth",
                _ratio(measured[f"{name}.many"], measured[f"{name}.few"]),
                f"x {FEW} items",
                "<=",
                GROWTH,
            )
            yield Figure(f"content.{name}.statements", _statements(many, who, path), "statements", "<=", STATEMENTS)


def _path(path: str, items: int) -> str:
    return path.format(middle=FIRST_ID + items * 3 // 4, first=FIRST_ID, token=TOKEN)


def _fill(app: Portal, items: int) -> None:
    with app.app_context(), writing():
        audiences = [_audience(told) for told in AUDIENCES]
        ids = range(FIRST_ID, FIRST_ID + items)
        counts: dict[tuple[int, str, str], int] = {}
        for n in ids:
            for kind, tag in lists(_kind(n), _tags(n)):
                place = (audiences[n % len(audiences)].id, kind, tag)
                counts[place] = counts.get(place, 0) + 1
        for name, rows in (
            ("content_item", (_item(n) for n in ids)),
            ("content_shown", (_shown(n, audiences) for n in ids)),
            (
                "content_text",
                (
                    {"shown_id": n, "language": "en", "title": _title(n), "summary": "In short.", "html": f"<p>{TEXT}</p>"}
                    for n in ids
                ),
            ),
            ("content_place", (row for n in ids for row in _places(n, audiences))),
        ):
            waiting = iter(rows)
            while chunk := list(islice(waiting, CHUNK)):
                db.session.execute(insert(Base.metadata.tables[name]), chunk)
        for (to, kind, tag), number in counts.items():
            known = db.session.get(ContentCount, (to, kind, tag))
            db.session.merge(ContentCount(audience_id=to, kind=kind, tag=tag, number=number + (known.number if known else 0)))
        for one in audiences:
            one.shown += items // len(audiences)
        _feed_key()


TEXT = "How merchants collect payments from their customers, and what they do when one of them fails. " * 5


def _audience(told: dict[str, list[str]]) -> ContentAudience:
    return audience.of(told.get("schemes", []), told.get("categories", []), told.get("countries", []), ContentStage.ANY)


def _kind(n: int) -> ContentKind:
    return KINDS[n // len(AUDIENCES) % len(KINDS)]


def _tags(n: int) -> Iterator[str]:
    yield "even" if n // len(AUDIENCES) % 5 else "odd"
    if _kind(n) is ContentKind.UPDATE:
        yield ACTION
    if _kind(n) is ContentKind.ROADMAP:
        yield f"~{_horizon(n)}"


def _horizon(n: int) -> Horizon:
    return list(Horizon)[n % 3]


def _title(n: int) -> str:
    return f"What to know about payments, part {n:05}"


def _item(n: int) -> dict[str, Any]:
    review_on = clock.now().date() + timedelta(days=n % 100 - 50)
    texts = {"en": {"title": _title(n), "summary": "In short.", "body": TEXT}}
    return {
        "id": n, "key": f"c{n}", "kind": _kind(n), "status": "published", "draft": {**EMPTY, "texts": texts}, "number": 2,
        "published_number": 2, "title": _title(n), "words": folded(TEXT), "review_on": review_on, "updated_by_name": "Priya",
    }  # fmt: skip


def _shown(n: int, audiences: list[ContentAudience]) -> dict[str, Any]:
    to = audiences[n % len(audiences)].id
    tags = [tag for tag in _tags(n) if not tag.startswith("~")]
    return {
        "id": n, "item_id": n, "key": f"c{n}", "audience_id": to, "kind": _kind(n), "tags": tags, "files": [], "languages": ["en"],
        "horizon": _horizon(n) if _kind(n) is ContentKind.ROADMAP else None, "link": "", "title": folded(_title(n)), "body": folded(TEXT),
        "action_by": clock.now().date() + timedelta(days=30) if _kind(n) is ContentKind.UPDATE else None,
        "codes": " ".join([code_of("a", to), code_of("k", _kind(n)), *(code_of("t", tag) for tag in _tags(n))]),
        "published_at": clock.now(), "changed_at": clock.now(),
    }  # fmt: skip


def _text(n: int) -> dict[str, Any]:
    return {"shown_id": n, "language": "en", "title": _title(n), "summary": "In short.", "html": f"<p>{TEXT}</p>"}


def _places(n: int, audiences: list[ContentAudience]) -> Iterator[dict[str, Any]]:
    for kind, tag in lists(_kind(n), _tags(n)):
        yield {"audience_id": audiences[n % len(audiences)].id, "kind": kind, "tag": tag, "shown_id": n}


def _feed_key() -> None:
    reader = db.session.scalars(select(User).where(User.username == READER)).one()
    if reader.membership is None:
        raise RuntimeError(f"{READER} belongs to no partner")
    db.session.add(FeedKey(partner_id=reader.membership.partner_id, token=TOKEN, token_hash=digest(TOKEN)))


def _measure(few: Portal, many: Portal, pages: dict[Portal, dict[str, tuple[str, str]]]) -> Measured:
    """CPU milliseconds by target, one for each round; every second round asks them backwards."""
    with ExitStack() as stack:
        targets = {}
        for size, app in (("few", few), ("many", many)):
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
            cookies = {who: cookie(app, who) for who in (READER, WRITER)} | {"": ""}
            targets |= {f"{name}.{size}": Target(served, path, cookies[who]) for name, (who, path) in pages[app].items()}
        for target in targets.values():
            target.milliseconds(WARM_UP)
        measured: Measured = {name: [] for name in targets}
        for number in range(ROUNDS):
            for name in list(targets)[:: -1 if number % 2 else 1]:
                measured[name].append(targets[name].milliseconds(TIMES))
    return measured


def _statements(app: Portal, who: str, path: str) -> int:
    ran: list[str] = []
    note = lambda connection, cursor, statement, *rest: ran.append(statement)  # noqa: E731 - removed below by its name
    headers = {"Cookie": cookie(app, who)} if who else {}
    event.listen(Engine, "before_cursor_execute", note)
    answer = app.test_client(use_cookies=False).get(path, headers=headers, base_url="https://portal.example")
    event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len([one for one in ran if not one.startswith(("PRAGMA", "BEGIN"))])

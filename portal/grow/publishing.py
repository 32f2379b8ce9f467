"""What partners get to read: publish, schedule, archive; and the lists in which a published item stands."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from portal import clock, office, timeline
from portal.extensions import db
from portal.grow import audience, drafts, markdown
from portal.grow.values import FIRST, Values, day, text
from portal.identity.locking import lock
from portal.models.content import (
    ContentAudience,
    ContentCount,
    ContentDone,
    ContentFile,
    ContentItem,
    ContentPlace,
    ContentRead,
    ContentShown,
    ContentText,
)
from portal.models.people import User
from portal.refusals import Invalid
from portal.search import folded
from portal.status import CONTENT, CONTENT_MOVES, ContentKind, ContentStage, ContentStatus, Horizon, move
from portal.timeline.content import ContentMoved

ALL, ACTION = "", "~action"
"""Instead of a kind or a tag: everything; and what asks for action. No tag that people type begins with ~."""
HOUR = time(9)
"""Of the review office, at which scheduled items are published."""
FURTHEST = timedelta(days=366)
FILE_AT = "/grow/files/{}"
"""Where partners and staff get an attached file."""
List = tuple[int, str, str]
"""Audience, kind, tag."""


def publish(item: ContentItem, *, by: User, again: bool = False) -> None:
    """Show the draft as it is now. `again`: on top of every list, unread, not done. Raises Invalid, IllegalMove."""
    lock(item)
    attached = drafts.files(item)
    if wrong := drafts.wrong(item, attached):
        raise Invalid(wrong)
    _move(item, ContentStatus.PUBLISHED, number=item.number, by=by)
    _show(item, item.draft, number=item.number, again=again)


def schedule(item: ContentItem, on: date | None, *, by: User) -> None:
    """Publish the draft as it is now, later. Raises Invalid, IllegalMove."""
    lock(item)
    wrong = drafts.wrong(item, drafts.files(item))
    if words := _day_problem(on, item.draft):
        wrong["publish_on"] = words
    if wrong or on is None:
        raise Invalid(wrong)
    _move(item, ContentStatus.SCHEDULED, number=item.number, by=by)
    item.scheduled_number, item.publish_at = item.number, _moment(on)


def _day_problem(on: date | None, values: Values) -> str:
    today = clock.now().date()
    if on is None:
        return "Enter a day, such as 2027-01-31."
    if not today < on <= today + FURTHEST:
        return "Enter a day between tomorrow and a year from now. To publish today, publish it."
    asked = day(values["action_by"])
    return "Partners would read it after the day by which they have to act." if asked and asked < on else ""


def _moment(on: date) -> datetime:
    return datetime.combine(on, HOUR, ZoneInfo(office.current().zone))


def withdraw_schedule(item: ContentItem, *, by: User) -> None:
    lock(item)
    _move(item, ContentStatus.DRAFT, number=item.number, by=by)


def archive(item: ContentItem, *, by: User) -> None:
    """Partners do not see it any more; it and its versions stay."""
    lock(item)
    _move(item, ContentStatus.ARCHIVED, number=item.published_number or item.number, by=by)
    _lock_audiences()
    old = _shown(item)
    if old:
        before = _lists(old)
        _forget(old)
        _count(before)
    item.published_number = None


def bring_back(item: ContentItem, *, by: User) -> None:
    """From the archive to a draft."""
    lock(item)
    _move(item, ContentStatus.DRAFT, number=item.number, by=by)


def publish_due() -> None:
    """Everything whose time has come: each in the version that was scheduled."""
    due = select(ContentItem).where(ContentItem.status == ContentStatus.SCHEDULED, ContentItem.publish_at <= clock.now())
    for item in db.session.scalars(due.order_by(ContentItem.publish_at, ContentItem.id)).all():
        lock(item)
        version = drafts.version(item, item.scheduled_number or item.number)
        if item.status is ContentStatus.SCHEDULED and version:
            _move(item, ContentStatus.PUBLISHED, number=version.number, by=None)
            _show(item, version.values, number=version.number, again=False)


def _move(item: ContentItem, after: ContentStatus, *, number: int, by: User | None) -> None:
    before = item.status
    item.status = move(before, after, CONTENT_MOVES)
    item.scheduled_number, item.publish_at = None, None
    timeline.record(ContentMoved(item.key, item.title, CONTENT[before].words, CONTENT[after].words, number), by=by)


def _show(item: ContentItem, values: Values, *, number: int, again: bool) -> None:
    _lock_audiences()
    to = audience.of(values["schemes"], values["categories"], values["countries"], ContentStage(values["stage"]))
    old = _shown(item)
    before = _lists(old) if old else set()
    if old and again:
        _forget(old)
        old = None
    shown = old or ContentShown(item_id=item.id, key=item.key, published_at=clock.now())
    _fill(shown, item.kind, values, to)
    item.published_number, item.review_on = number, day(values["review_on"])
    db.session.add(shown)
    db.session.flush()
    _texts(shown, item, values)
    _places(shown)
    _count(before | _lists(shown))


def _lock_audiences() -> None:
    """Whoever changes what is shown takes turns, so that nobody counts while another's row is not stored yet."""
    db.session.execute(select(ContentAudience.id).order_by(ContentAudience.id).with_for_update()).all()


def _shown(item: ContentItem) -> ContentShown | None:
    return db.session.scalars(select(ContentShown).where(ContentShown.item_id == item.id)).one_or_none()


def _forget(shown: ContentShown) -> None:
    """Leave every list; whoever read it or did it, did so with what is over now."""
    for marks in (ContentRead, ContentDone):
        db.session.execute(delete(marks).where(marks.item_id == shown.item_id))
    for rows in (ContentPlace, ContentText):
        db.session.execute(delete(rows).where(rows.shown_id == shown.id))
    db.session.delete(shown)
    db.session.flush()


def _fill(shown: ContentShown, kind: ContentKind, values: Values, to: ContentAudience) -> None:
    shown.audience_id, shown.kind, shown.tags = to.id, kind, values["tags"]
    shown.horizon = Horizon(values["horizon"]) if kind is ContentKind.ROADMAP else None
    shown.action_by, shown.link, shown.files = day(values["action_by"]), values["link"], values["files"]
    shown.languages = sorted(values["texts"], key=lambda code: (code != FIRST, code))
    said = [text(values, language) for language in shown.languages]
    shown.title = folded(" ".join(one["title"] for one in said))
    shown.body = folded(" ".join([*values["tags"], *(f"{one['summary']} {markdown.plain(one['body'])}" for one in said)]))
    shown.codes = " ".join([code_of("a", to.id), code_of("k", kind), *(code_of("t", tag) for tag in _tags(shown))])
    shown.changed_at = clock.now()


CODE = re.compile(r"z[akt]\w*9")
"""What code_of makes."""


def code_of(kind: str, value: object) -> str:
    """An audience, a kind or a tag as a word of a search that nobody types by chance."""
    plain = "".join(char if char.isalnum() else "0" for char in str(value))
    return f"z{kind}{plain}9"


def _texts(shown: ContentShown, item: ContentItem, values: Values) -> None:
    named = select(ContentFile).where(ContentFile.item_id == item.id, ContentFile.key.in_(values["files"]))
    pictures = {name: FILE_AT.format(key) for name, key in drafts.pictures(db.session.scalars(named).all()).items()}
    db.session.execute(delete(ContentText).where(ContentText.shown_id == shown.id))
    for language in shown.languages:
        said = text(values, language)
        drawn = markdown.html(said["body"], pictures=pictures)
        db.session.add(
            ContentText(shown_id=shown.id, language=language, title=said["title"], summary=said["summary"], html=drawn)
        )


def _tags(shown: ContentShown) -> Iterator[str]:
    yield from shown.tags
    if shown.action_by:
        yield ACTION
    if shown.horizon:
        yield f"~{shown.horizon}"


def lists(kind: ContentKind, tags: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Kind and tag of each list in which such an item stands."""
    for tag in [ALL, *dict.fromkeys(tags)]:
        yield ALL, tag
        yield kind.value, tag


def _lists(shown: ContentShown) -> set[List]:
    return {(shown.audience_id, kind, tag) for kind, tag in lists(shown.kind, _tags(shown))}


def _places(shown: ContentShown) -> None:
    db.session.execute(delete(ContentPlace).where(ContentPlace.shown_id == shown.id))
    db.session.add_all(
        ContentPlace(audience_id=to, kind=kind, tag=tag, shown_id=shown.id) for to, kind, tag in sorted(_lists(shown))
    )
    db.session.flush()


def _count(changed: set[List]) -> None:
    for to, kind, tag in sorted(changed):
        here = (ContentPlace.audience_id == to, ContentPlace.kind == kind, ContentPlace.tag == tag)
        number = db.session.scalar(select(func.count()).select_from(ContentPlace).where(*here)) or 0
        db.session.merge(ContentCount(audience_id=to, kind=kind, tag=tag, number=number))
        if not kind and not tag:
            db.session.get_one(ContentAudience, to).shown = number
    db.session.flush()

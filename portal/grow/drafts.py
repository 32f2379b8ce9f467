"""Writing content: new items, saving, versions, reading through again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from portal import clock, timeline
from portal.extensions import db
from portal.grow import markdown, starters
from portal.grow.values import Values, fresh, problems, text
from portal.identity.locking import lock
from portal.models.content import ContentFile, ContentItem, ContentVersion
from portal.models.people import User
from portal.refusals import Gone, Invalid, Sealed, StaleDraft
from portal.search import folded
from portal.status import ContentKind, ContentStatus, FileState
from portal.timeline.content import ContentReviewed, ContentSaved

UNTITLED = "Untitled"
_VERSIONS = (
    select(ContentVersion.number, ContentVersion.by_name, ContentVersion.at)
    .where(ContentVersion.item_id == bindparam("item"))
    .order_by(ContentVersion.number.desc())
)
_FILES = select(ContentFile).where(ContentFile.item_id == bindparam("item")).order_by(ContentFile.id)
MOST_VERSIONS = 100
"""As many as the page lists."""


def new(kind: ContentKind, *, by: User, starter: str = "") -> ContentItem:
    """An empty draft, or one with the words of a starter. Raises Gone when there is no such starter."""
    values = fresh()
    if starter:
        found = starters.find(starter)
        if found is None:
            raise Gone("There is no such starter.")
        kind, values = found.kind, values | found.values()
    item = ContentItem(kind=kind, draft={}, created_by_id=by.id)
    _fill(item, values, by=by)
    db.session.add(item)
    db.session.flush()
    _keep(item, by=by)
    return item


def save(item: ContentItem, values: Values, *, number: int, by: User) -> None:
    """A new version, unless nothing changed. `number` is the version that the form showed.

    Raises Sealed for what is archived, StaleDraft when somebody else saved in between.
    """
    lock(item)
    if item.status is ContentStatus.ARCHIVED:
        raise Sealed("This is archived. Bring it back before you change it.")
    if values == item.draft:
        return
    if number != item.number:
        raise StaleDraft(f"{item.updated_by_name} saved version {item.number} since you opened this. Nothing was overwritten.")
    before = item.draft
    item.number += 1
    _fill(item, values, by=by)
    _keep(item, by=by)
    timeline.record(ContentSaved(item.key, item.title, *_differing(before, values)), by=by)
    db.session.flush()


def restore(item: ContentItem, version: ContentVersion, *, by: User) -> None:
    """The words of an older version, as the newest one; the files stay as they are now."""
    save(item, {**version.values, "files": item.draft["files"]}, number=item.number, by=by)


def version(item: ContentItem, number: int) -> ContentVersion | None:
    which = (ContentVersion.item_id == item.id, ContentVersion.number == number)
    return db.session.scalars(select(ContentVersion).where(*which)).one_or_none()


def versions(item: ContentItem) -> Sequence[Any]:
    """Newest first."""
    return db.session.execute(_VERSIONS.limit(MOST_VERSIONS), {"item": item.id}).all()


def files(item: ContentItem) -> list[ContentFile]:
    """Those of the draft, oldest first. One statement."""
    named = set(item.draft["files"])
    return [file for file in db.session.scalars(_FILES, {"item": item.id}) if file.key in named]


def pictures(attached: Sequence[ContentFile]) -> dict[str, str]:
    """Keys of the pictures that a text can show, by name."""
    ready = (one for one in attached if one.state is not FileState.REFUSED)
    return {one.original_name: one.key for one in ready if one.media_type.startswith("image/")}


def wrong(item: ContentItem, attached: Sequence[ContentFile]) -> dict[str, str]:
    """What keeps the draft from being published, by field."""
    found = problems(item.kind, item.draft, pictures=list(pictures(attached)))
    if any(one.state is FileState.CHECKING for one in attached):
        found["files"] = "A file is still being checked. That takes a moment."
    if refused := [one.original_name for one in attached if one.state is FileState.REFUSED]:
        found["files"] = f"Remove what was refused: {', '.join(refused)}."
    return found


def read_through(item: ContentItem, *, again_on: date, by: User) -> None:
    """It holds as it is; somebody looks again on that day. Raises Invalid for a day that will not do."""
    lock(item)
    values = {**item.draft, "review_on": again_on.isoformat()}
    if words := problems(item.kind, values).get("review_on"):
        raise Invalid({"again_on": words})
    item.draft, item.review_on = values, again_on
    timeline.record(ContentReviewed(item.key, item.title, again_on.isoformat()), by=by)


def _fill(item: ContentItem, values: Values, *, by: User) -> None:
    first = text(values)
    item.draft, item.title = values, first["title"][:200] or UNTITLED
    item.words = folded(" ".join(_words(values)))[:100_000]
    item.updated_at, item.updated_by_name = clock.now(), by.name


def _words(values: Values) -> list[str]:
    said = [part for language in values["texts"] for part in text(values, language).values()]
    return [*values["tags"], *(markdown.plain(one) for one in said)]


def _keep(item: ContentItem, *, by: User) -> None:
    row = ContentVersion(item_id=item.id, number=item.number, values=item.draft, by_name=by.name, at=clock.now())
    db.session.add(row)


def _differing(before: Values, after: Values) -> tuple[Values, Values]:
    """Fields that changed; of texts only which language, for they are kept as versions."""
    names = [name for name in after if after[name] != before.get(name) and name != "texts"]
    changed = [code for code in {**before["texts"], **after["texts"]} if before["texts"].get(code) != after["texts"].get(code)]
    texts = {f"text ({code})": "…" for code in changed}
    return {name: before.get(name) for name in names} | texts, {name: after[name] for name in names} | texts

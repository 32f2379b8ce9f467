"""One item as it is read: its text in a language, and its files."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.extensions import db
from portal.grow.audience import Reader
from portal.models.content import ContentFile, ContentShown, ContentText
from portal.status import FileState


def html(shown: ContentShown, language: str) -> str:
    """Sanitised when it was published."""
    row = (ContentText.shown_id == shown.id, ContentText.language == language)
    return db.session.scalars(select(ContentText.html).where(*row)).one()


def files(shown: ContentShown) -> Sequence[ContentFile]:
    """Those that can be taken, oldest first. At most one statement."""
    if not shown.files:
        return []
    named = select(ContentFile).where(ContentFile.key.in_(shown.files), ContentFile.state == FileState.READY)
    return db.session.scalars(named.order_by(ContentFile.id)).all()


def file(key: str, reader: Reader | None) -> ContentFile | None:
    """Any for staff (no reader); for a partner only one that a shown item names."""
    found = db.session.scalars(select(ContentFile).where(ContentFile.key == key)).one_or_none()
    if found is None or reader is None:
        return found
    shown = db.session.scalars(select(ContentShown).where(ContentShown.item_id == found.item_id)).one_or_none()
    fits = shown is not None and shown.audience_id in {one.id for one in reader.audiences} and key in shown.files
    return found if fits else None

"""What readers leave behind: read, by a person; done, by a partner."""

from sqlalchemy import select

from portal import timeline
from portal.extensions import db
from portal.identity.locking import lock
from portal.models.content import ContentDone, ContentItem, ContentRead, ContentShown
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.timeline.content import ContentDoneByPartner


def read(shown: ContentShown, *, by: User) -> None:
    """Reading twice is the same as once."""
    lock(by)
    if db.session.get(ContentRead, (by.id, shown.item_id)) is None:
        db.session.add(ContentRead(user_id=by.id, item_id=shown.item_id))


def done(shown: ContentShown, partner_id: int, *, by: User) -> None:
    """The whole team sees it. Raises IllegalMove for what asks for nothing."""
    if shown.action_by is None:
        raise IllegalMove("This asks for no action.")
    if _mark(shown, partner_id) is None:
        db.session.add(ContentDone(partner_id=partner_id, item_id=shown.item_id, by_name=by.name))
        _record(shown, by, done=True)


def not_done(shown: ContentShown, partner_id: int, *, by: User) -> None:
    if mark := _mark(shown, partner_id):
        db.session.delete(mark)
        _record(shown, by, done=False)


def _mark(shown: ContentShown, partner_id: int) -> ContentDone | None:
    """Under the item's lock: two of a team take turns."""
    db.session.execute(select(ContentItem.id).where(ContentItem.id == shown.item_id).with_for_update())
    return db.session.get(ContentDone, (partner_id, shown.item_id), populate_existing=True)


def _record(shown: ContentShown, by: User, *, done: bool) -> None:
    title = db.session.scalars(select(ContentItem.title).where(ContentItem.id == shown.item_id)).one()
    timeline.record(ContentDoneByPartner(shown.key, title, done), by=by, partner=by.partner)

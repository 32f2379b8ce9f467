"""Saved replies: words that reviewers use often, with the question they are about."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.catalog import certification
from portal.extensions import db
from portal.models.people import User
from portal.models.review import SavedReply
from portal.refusals import Invalid
from portal.reviews.remarks import MOST
from portal.reviews.typed import clean

TITLE = 120
"""Characters."""
SHOWN = 200
_ALL = select(SavedReply).order_by(SavedReply.title, SavedReply.id).limit(SHOWN)


def replies() -> Sequence[SavedReply]:
    return db.session.scalars(_ALL).all()


def find(reply_key: str) -> SavedReply | None:
    return db.session.execute(select(SavedReply).where(SavedReply.key == reply_key)).scalar_one_or_none()


def save_reply(reply: SavedReply | None, *, by: User, title: str, text: str, question_key: str | None) -> SavedReply:
    """A new reply, or other words for one. Raises Invalid with every problem; adding the same twice is one."""
    cleaned = _cleaned(title=title, text=text, question_key=question_key)
    if reply is None:
        reply = _same(cleaned) or SavedReply()
    for name, value in cleaned.items():
        setattr(reply, name, value)
    reply.updated_at, reply.updated_by_id = clock.now(), by.id
    db.session.add(reply)
    return reply


def delete_reply(reply: SavedReply) -> None:
    db.session.delete(reply)


def _cleaned(*, title: str, text: str, question_key: str | None) -> dict[str, str | None]:
    cleaned: dict[str, str | None] = {"question_key": question_key or None}
    problems: dict[str, str] = {}
    for field, given, most in (("title", title, TITLE), ("text", text, MOST)):
        try:
            cleaned[field] = clean(given, field=field, most=most)
        except Invalid as refused:
            problems |= refused.problems
    if question_key and question_key not in certification():
        problems["question_key"] = "Choose one of the questions."
    if problems:
        raise Invalid(problems)
    return cleaned


def _same(cleaned: dict[str, str | None]) -> SavedReply | None:
    same = select(SavedReply).filter_by(title=cleaned["title"], text=cleaned["text"])
    return db.session.scalars(same.order_by(SavedReply.id)).first()

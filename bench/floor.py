"""The floor: the smallest honest program for a signed-in page. Flask, Flask-Login, three queries, a page of about 20 KB.

It shares no code with the portal. What it leaves out is what the portal is measured for: gates, tokens, policies, logs.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, Index, event, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
STATES = ("not_started", "in_progress", "complete", "under_review", "approved")


class User(Base, UserMixin):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Tile(Base):
    __tablename__ = "tile"
    __table_args__ = (Index(None, "owner_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    position: Mapped[int]
    key: Mapped[str]
    title: Mapped[str]
    purpose: Mapped[str]
    status: Mapped[str]
    answered: Mapped[int]
    total: Mapped[int]
    files: Mapped[int]
    messages: Mapped[int]
    reviewer: Mapped[str]
    due: Mapped[str]


class Entry(Base):
    __tablename__ = "entry"
    __table_args__ = (Index(None, "owner_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


def _as_the_portal_has_it(connection, _record) -> None:
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def create_floor() -> Flask:
    """The application; FLOOR_DATABASE and FLOOR_SECRET say on what."""
    app = Flask("floor", template_folder=str(Path(__file__).parent / "templates"), static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['FLOOR_DATABASE']}"
    app.secret_key = os.environ["FLOOR_SECRET"]
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "connect", _as_the_portal_has_it)
    logins = LoginManager(app)
    logins.user_loader(lambda user_id: db.session.get(User, int(user_id)))
    app.add_url_rule("/", "page", login_required(_page))
    return app


TILES = (
    Tile.position, Tile.key, Tile.title, Tile.purpose, Tile.status, Tile.answered, Tile.total,
    Tile.files, Tile.messages, Tile.reviewer, Tile.due,
)  # fmt: skip
FEED = (Entry.id, Entry.kind, Entry.author, Entry.text, Entry.at)


def _page() -> str:
    tiles = db.session.execute(select(*TILES).where(Tile.owner_id == current_user.id).order_by(Tile.position)).all()
    newest = select(*FEED).where(Entry.owner_id == current_user.id).order_by(Entry.id.desc()).limit(15)
    return render_template("page.html", tiles=tiles, feed=db.session.execute(newest).all(), person=current_user.name)


def fill(app: Flask, *, users: int, entries: int) -> int:
    """As many rows as the portal has; gives back the person whose page is asked for, who has a full feed."""
    probe = users // 2
    owners = [number % users + 1 for number in range(entries - 15)] + [probe] * 15
    with app.app_context():
        db.create_all()
        db.session.execute(insert(User), [{"id": number, "name": f"Robin Archer {number}"} for number in range(1, users + 1)])
        db.session.execute(insert(Tile), [_tile(owner, place) for owner in range(1, users + 1) for place in range(1, 11)])
        db.session.execute(insert(Entry), [_entry(owner, number) for number, owner in enumerate(owners)])
        db.session.commit()
    return probe


def _tile(owner: int, place: int) -> dict[str, object]:
    return {
        "owner_id": owner,
        "position": place,
        "key": f"{owner:x}-{place}",
        "title": f"Connecting merchants, part {place}",
        "purpose": "Merchants can connect, new or existing, and their access is obtained and kept safely.",
        "status": STATES[place % 5],
        "answered": place,
        "total": 10,
        "files": place % 4,
        "messages": place % 7,
        "reviewer": "Ines Okafor",
        "due": "Tue 24 Nov, 17:00",
    }


def _entry(owner: int, number: int) -> dict[str, object]:
    return {
        "owner_id": owner,
        "kind": "message",
        "author": f"Robin Archer {owner}",
        "text": "The earliest charge date comes from the mandate now. I still need a picture of the date field.",
        "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    }

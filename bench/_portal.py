"""The portal as it is measured: production settings, the demo data, and many more partners around it."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from cryptography.fernet import Fernet
from sqlalchemy import Table, insert, select, update

from portal import assets, clock, create_app, demo, office
from portal.catalog import certification
from portal.commands.init import prepare
from portal.config import Settings
from portal.extensions import Base, db
from portal.models.people import PartnerRole, User, UserSession
from portal.transaction import writing
from portal.web import Portal

SECRET, KEY = secrets.token_urlsafe(48), Fernet.generate_key().decode()
FIRST = 100_000
"""Ids of the bulk begin here, far above those of the demo data."""
CHUNK = 20_000
ANSWERS, EVENTS = 10, 5
"""Of each partner."""
Row = dict[str, Any]


def environment(instance: Path) -> dict[str, str]:
    """The settings of a production portal in this folder."""
    return {
        "PORTAL_ENVIRONMENT": "production",
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_PUBLIC_URL": "https://portal.example",
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_ENCRYPTION_KEYS": KEY,
        "PORTAL_SIGNING_KEY": secrets.token_urlsafe(32),
        "PORTAL_MAIL_TRANSPORT": "file",
    }


def application(instance: Path) -> Portal:
    """The same in this process, to fill it and to count its statements."""
    os.environ.update(environment(instance))
    app = create_app(Settings())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    return app


def with_demo(instance: Path) -> Portal:
    """Tables, the demo data, built assets; staff have their second factor."""
    if not assets.built():
        assets.build()
    app = application(instance)
    prepare(app)
    with app.app_context():
        demo.load()
        with writing():
            db.session.execute(update(User).where(User.staff_role.is_not(None)).values(tf_primary_method="authenticator"))
    return app


def copied(source: Path, target: Path) -> Portal:
    """A second portal with the same data, to be filled otherwise."""
    shutil.copytree(source, target)
    return application(target)


def cookie(app: Portal, username: str) -> str:
    """What the browser of this signed-in person sends."""
    token = secrets.token_urlsafe(24)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    with app.app_context(), writing():
        user = db.session.scalars(select(User).filter_by(username=username)).one()
        db.session.add(UserSession(user_id=user.id, token_hash=hashed, address="127.0.0.1", agent="bench"))
        session = {"_user_id": user.fs_uniquifier, "_fresh": True, "device": token}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own cookie sessions
    return f"portal_session={serializer.dumps(session)}"


def crowd(app: Portal, *, partners: int, waiting: int) -> None:
    """So many more partners with answers and happenings; the first of them wait for review."""
    ids = range(FIRST, FIRST + partners)
    with app.app_context(), writing():
        for name, rows in (
            ("partner", ({"id": n, "key": f"p{n}", "name": f"Partner {n}"} for n in ids)),
            ("profile", ({"partner_id": n, "trading_name": f"Partner {n}", "complete": True} for n in ids)),
            ("users", (_user(n) for n in ids)),
            ("membership", ({"user_id": n, "partner_id": n, "role": PartnerRole.ADMIN} for n in ids)),
            ("integration", (_integration(n) for n in ids)),
            ("section", (row for n in ids for row in _sections(n))),
            ("answer", (row for n in ids for row in _answers(n))),
            ("event", (row for n in ids for row in _events(n))),
            ("round", (_round(n) for n in ids[:waiting])),
            ("round_section", (row for n in ids[:waiting] for row in _parts(n))),
        ):
            _store(Base.metadata.tables[name], iter(rows))


def _store(table: Table, rows: Iterator[Row]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        db.session.execute(insert(table), chunk)


def _user(n: int) -> Row:
    return {
        "id": n,
        "key": f"u{n}",
        "email": f"u{n}@mail.example",
        "username": f"u{n}",
        "name": f"Robin {n}",
        "fs_uniquifier": f"u{n}",
    }


def _integration(n: int) -> Row:
    return {"id": n, "key": f"i{n}", "partner_id": n, "catalog_version": certification().version}


def _sections(n: int) -> Iterator[Row]:
    for place, section in enumerate(certification().sections):
        yield {"integration_id": n, "key": section.key, "position": place, "answered": place, "total": 10}


def _answers(n: int) -> Iterator[Row]:
    section = certification().sections[n % 10]
    for question in islice(section.questions, ANSWERS):
        yield {
            "integration_id": n,
            "section_key": section.key,
            "question_key": question.key,
            "value": "yes",
            "comment": "As in live.",
        }


def _events(n: int) -> Iterator[Row]:
    for number in range(EVENTS):
        text = {"text": f"Message {number}: the earliest charge date comes from the mandate now.", "mentions": []}
        yield {
            "kind": "message_posted", "audience": "partner", "partner_id": n, "integration_id": n, "actor_id": n,
            "section_key": certification().sections[n % 10].key, "actor_name": f"Robin {n}", "payload": text,
        }  # fmt: skip


def _round(n: int) -> Row:
    due = clock.due(clock.now() - timedelta(hours=n % 100), office.current())
    return {
        "id": n,
        "key": f"r{n}",
        "integration_id": n,
        "number": 1,
        "catalog_version": certification().version,
        "due_at": due,
    }


def _parts(n: int) -> Iterator[Row]:
    for section in certification().sections:
        yield {"round_id": n, "section_key": section.key, "snapshot": {"asked": []}}

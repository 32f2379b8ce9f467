"""Who is behind a hook key: its app and the secrets that count now, read from the database about once a second.

So a rotated secret or a retired app takes effect within a second in every process, without a word between them.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, bindparam, select

from portal import clock
from portal.models.partner_app import PartnerApp
from portal.webhooks import apart

FRESH = 1.0
"""Seconds that an answer is believed."""
MOST = 2_000
"""Keys that are remembered; a crowd of invented ones makes all be asked for again."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where webhooks of an app arrive."""

    app_id: int
    partner_id: int
    secret: bytes
    """Empty when the app has none yet."""
    previous: bytes
    """The one before the last rotation, empty outside the overlap."""
    previous_until: datetime | None


_APP = select(
    PartnerApp.id,
    PartnerApp.partner_id,
    PartnerApp.webhook_secret,
    PartnerApp.previous_webhook_secret,
    PartnerApp.previous_until,
).where(PartnerApp.hook_key == bindparam("hook_key"), PartnerApp.retired_at.is_(None))

_known: dict[tuple[Engine, str], tuple[float, Endpoint | None]] = {}


def find(engine: Engine, hook_key: str) -> Endpoint | None:
    """None for a key that nobody has and for one of a retired app alike: the same way, the same time."""
    asked, now = (engine, hook_key), time.monotonic()
    known = _known.get(asked)
    if known and now - known[0] < FRESH:
        return known[1]
    if len(_known) >= MOST:
        _known.clear()
    found = _read(engine, hook_key)
    _known[asked] = now, found
    return found


def _read(engine: Engine, hook_key: str) -> Endpoint | None:
    with apart.reading(engine) as connection:
        row = connection.execute(_APP, {"hook_key": hook_key}).one_or_none()
    if row is None:
        return None
    overlap = row.previous_until is not None and row.previous_until > clock.now()
    previous = row.previous_webhook_secret if overlap else None
    return Endpoint(row.id, row.partner_id, (row.webhook_secret or "").encode(), (previous or "").encode(), row.previous_until)


def forget() -> None:
    """Ask the database again at once; for tests."""
    _known.clear()

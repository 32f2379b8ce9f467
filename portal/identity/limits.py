"""How often something that can be guessed may be tried: counted by account and by address, in the database."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, delete, select

from portal import clock
from portal.extensions import db
from portal.models.people import Attempt
from portal.refusals import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within the window, for one account and for one address."""

    account: int
    address: int
    window: timedelta


LIMITS: Mapping[str, Limit] = {
    "sign_in": Limit(account=10, address=50, window=timedelta(minutes=15)),
    "code": Limit(account=6, address=50, window=timedelta(minutes=15)),
    "passkey": Limit(account=20, address=50, window=timedelta(minutes=15)),
    "reset": Limit(account=5, address=30, window=timedelta(hours=1)),
    "reminder": Limit(account=5, address=30, window=timedelta(hours=1)),
    "link": Limit(account=20, address=50, window=timedelta(minutes=15)),
}
KEPT = max(limit.window for limit in LIMITS.values())


def note(kind: str, *, account: str, address: str) -> Attempt:
    """Write the try down before it is made; commit it, then ask `judge`. Two at the same moment both see each other."""
    attempt = Attempt(kind=kind, account_hash=account_hash(account), address=network(address), at=clock.now())
    db.session.add(attempt)
    db.session.flush()
    return attempt


def judge(attempt: Attempt) -> None:
    """Raises TooMany when this try is one too many; it is then not counted, so that the wait has an end."""
    limit = LIMITS[attempt.kind]
    waits = [
        _wait(attempt, Attempt.account_hash == attempt.account_hash, limit.account, limit.window),
        _wait(attempt, Attempt.address == attempt.address, limit.address, limit.window),
    ]
    seconds = max(waits)
    if seconds:
        db.session.delete(attempt)
        raise TooMany(f"There were too many tries. Wait {_words(seconds)}, then try again.", seconds=seconds)


def forget(*accounts: str) -> None:
    """It was the right person after all: their tries no longer count."""
    hashes = [account_hash(account) for account in accounts]
    db.session.execute(delete(Attempt).where(Attempt.account_hash.in_(hashes), Attempt.kind.in_(("sign_in", "code"))))


def clean() -> None:
    """Remove what no longer counts; the worker calls it now and then."""
    db.session.execute(delete(Attempt).where(Attempt.at < clock.now() - KEPT))


def account_hash(account: str) -> str:
    """The same for every way to type one account; what people type into this field by mistake is not stored."""
    return hashlib.sha256(account.strip().casefold().encode(errors="replace")).hexdigest()


def network(address: str) -> str:
    """An IPv6 customer has a whole /64 to try from, so it counts as one address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _wait(attempt: Attempt, same: ColumnElement[bool], most: int, window: timedelta) -> int:
    """Seconds until this try would be allowed; 0 when it is."""
    earlier = (
        select(Attempt.at)
        .where(Attempt.kind == attempt.kind, same, Attempt.at > attempt.at - window, Attempt.id < attempt.id)
        .order_by(Attempt.at.desc(), Attempt.id.desc())
        .offset(most - 1)
        .limit(1)
    )
    blocking: datetime | None = db.session.scalar(earlier)
    return 0 if blocking is None else max(1, int((blocking + window - clock.now()).total_seconds()) + 1)


def _words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"

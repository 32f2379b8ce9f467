"""What a passed check leaves behind: a signed document about what was sent and answered, which anybody can check later."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal import outbox, signing
from portal.extensions import db
from portal.models.exam import CheckResult, Exam
from portal.models.outbox import Task
from portal.models.partner_app import PartnerApp

FORMAT = "partner-portal-proof/1"
ISSUER = "GoCardless Partner Portal"
PARTS = {"proof", "signature", "trace"}


class Stale(StrEnum):
    """Why a proof holds no longer."""

    AGED = "aged"
    CHANGED = "changed"
    RETIRED = "retired"


STALE: Mapping[Stale, str] = {
    Stale.AGED: "It is too old.",
    Stale.CHANGED: "The settings of the app changed since.",
    Stale.RETIRED: "The app is retired.",
}


class _Term:
    """How long a proof holds; told once when the application is made."""

    days = 90


def configure(days: int) -> None:
    _Term.days = days


def document(result: CheckResult, exam: Exam, app: PartnerApp) -> dict[str, Any]:
    """What is signed when a check passes, with the signature. The trace is not in it again, but its SHA-256 is."""
    proof = {
        "format": FORMAT,
        "issuer": ISSUER,
        "check": result.check_id,
        "verdict": result.verdict.value,
        "words": result.words,
        "partner": app.partner.key,
        "app": app.key,
        "environment": app.environment.value,
        "exam": exam.key,
        "result": result.key,
        "at": told(result.at),
        "suite": exam.suite,
        "catalog_version": exam.catalog_version,
        "settings_mark": result.settings_mark,
        "trace_sha256": fingerprint(result.trace),
    }
    return signing.sign({"proof": proof})


def written(result: CheckResult) -> bytes:
    """The proof as a file: what was signed, and the trace it speaks of. Raises LookupError when the check did not pass."""
    if result.proof is None:
        raise LookupError("This check did not pass, so there is nothing to prove")
    return signing.canonical({**result.proof, "trace": _whole(result.trace)})


def verify(file: bytes, public: str) -> dict[str, Any]:
    """What a file proves. Raises signing.NotGenuine when a single byte of it was changed, or when another key signed it."""
    found = signing.read(file)
    if set(found) != PARTS or not isinstance(found["proof"], dict) or found["proof"].get("format") != FORMAT:
        raise signing.NotGenuine("This is no proof of a check.")
    signing.verify({name: found[name] for name in PARTS - {"trace"}}, public)
    proof: dict[str, Any] = found["proof"]
    if not isinstance(found["trace"], list) or fingerprint(found["trace"]) != proof["trace_sha256"]:
        raise signing.NotGenuine("The trace was changed after it was signed.")
    return proof


def fingerprint(trace: Sequence[Any]) -> str:
    """SHA-256 of a trace as it is written down."""
    return hashlib.sha256(signing.canonical({"trace": _whole(list(trace))})).hexdigest()


def expires(at: datetime) -> datetime:
    """When a proof of that moment becomes too old."""
    return at + timedelta(days=_Term.days)


def stale(at: datetime, settings_mark: str, *, now: datetime, mark: str, retired: bool = False) -> Stale | None:
    """Why a verdict of that moment proves nothing any more; None while it does.

    `settings_mark` is that of the app's settings then, `mark` that of its settings now (portal.exam.marks).
    """
    if retired:
        return Stale.RETIRED
    if settings_mark != mark:
        return Stale.CHANGED
    return Stale.AGED if expires(at) <= now else None


def settings_changed(app: PartnerApp) -> None:
    """What was proven with this app is looked at again, by the worker."""
    seen = (
        select(CheckResult.id).where(CheckResult.app_id == app.id, CheckResult.newest).limit(1)
    )  # nothing rests on it otherwise
    if db.session.scalars(seen).first() is not None:
        outbox.enqueue(Task.PROOFS, {"partner": app.partner_id}, title="Look at proofs again")


def told(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(value: Any) -> Any:
    """Fractions of a millisecond prove nothing, and are written differently by every language."""
    if isinstance(value, float):
        return round(value)
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return {str(name): _whole(one) for name, one in value.items()} if isinstance(value, Mapping) else value

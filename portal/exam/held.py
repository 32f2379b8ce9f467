"""The proofs of a partner that hold at a moment, for those who tell others of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.exam import proof
from portal.exam.marks import marks
from portal.exam.table import BY_ID
from portal.extensions import db
from portal.models.exam import CheckResult
from portal.models.partner_app import PartnerApp
from portal.status import CheckVerdict

_PASSED = (
    select(CheckResult.check_id, CheckResult.at, CheckResult.settings_mark, CheckResult.app_id, CheckResult.proof)
    .join(PartnerApp, PartnerApp.id == CheckResult.app_id)
    .where(
        CheckResult.partner_id == bindparam("partner"),
        CheckResult.newest,
        CheckResult.verdict == CheckVerdict.PASSED,
        CheckResult.proof.is_not(None),
        PartnerApp.retired_at.is_(None),
        CheckResult.check_id.in_(bindparam("checks", expanding=True)),
    )
    .order_by(CheckResult.at, CheckResult.id)
)


def held(partner_id: int, checks: Iterable[str], *, now: datetime) -> list[dict[str, Any]]:
    """Of each of these checks the newest proof that is fresh, in the order of the checks: what it was, when, and the trace's SHA-256."""
    current, found = marks(partner_id), {}
    for row in db.session.execute(_PASSED, {"partner": partner_id, "checks": sorted(checks)}):
        if row.proof and proof.stale(row.at, row.settings_mark, now=now, mark=current[row.app_id]) is None:
            found[row.check_id] = _told(row.check_id, row.at, row.proof["proof"])
    return [found[check] for check in BY_ID if check in found]


def _told(check: str, at: datetime, signed: dict[str, Any]) -> dict[str, Any]:
    return {
        "check": check,
        "title": BY_ID[check].title if check in BY_ID else check,
        "passed_at": proof.told(at),
        "suite": signed["suite"],
        "trace_sha256": signed["trace_sha256"],
    }

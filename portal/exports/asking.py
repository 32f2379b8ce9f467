"""Asking for an export, finding those that there are, and forgetting them when their days are over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal import clock, outbox, storage, timeline
from portal.extensions import db
from portal.models.export import Export
from portal.models.integration import Integration
from portal.models.outbox import Task
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import IllegalMove
from portal.status import ExportKind, ExportState
from portal.timeline.exports import ExportAsked

LISTED = 50
PATIENCE = timedelta(hours=2)
"""What is not made by then can be asked for anew."""
_LIST = (
    select(Export)
    .where(Export.partner_id == bindparam("partner"), Export.by_staff == bindparam("by_staff"))
    .options(joinedload(Export.asked_by), joinedload(Export.round))
    .order_by(Export.id.desc())
    .limit(LISTED)
)
_ROUNDS = (
    select(Round)
    .join(Integration, Integration.id == Round.integration_id)
    .where(Integration.partner_id == bindparam("partner"))
    .order_by(Round.number.desc())
    .limit(LISTED)
)
log = structlog.get_logger("portal.exports")


def listing(partner: Partner, *, by_staff: bool) -> Sequence[Export]:
    """The team's own exports, or those that staff asked for; newest first."""
    return db.session.scalars(_LIST, {"partner": partner.id, "by_staff": by_staff}).all()


def rounds(partner: Partner) -> Sequence[Round]:
    """Of which submissions there can be a document, newest first."""
    return db.session.scalars(_ROUNDS, {"partner": partner.id}).all()


def ask_for_submission(review: Round, kind: ExportKind, *, by: User) -> Export:
    """The worker makes it. Whoever asks while the same is being made gets that one."""
    if kind is ExportKind.EVERYTHING:
        raise IllegalMove("All data of a partner belongs to no round.")
    return _ask(review.integration.partner, kind, review=review, by=by)


def ask_for_everything(partner: Partner, *, by: User) -> Export:
    """All data of the partner. For its admins and for administrators."""
    return _ask(partner, ExportKind.EVERYTHING, review=None, by=by)


def _ask(partner: Partner, kind: ExportKind, *, review: Round | None, by: User) -> Export:
    if partner.leaving_at:
        raise IllegalMove("Everything of this partner is being deleted.")
    wanted = f"{partner.id} {review.id if review else '-'} {kind.value} {'staff' if by.is_staff else 'team'}"
    if there := _being_made(wanted):
        return there
    made = Export(
        partner_id=partner.id, round_id=review.id if review else None, kind=kind, by_staff=by.is_staff, waiting_for=wanted,
        name=_name(partner, kind, review), asked_by_id=by.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return _being_made(wanted) or _came_second()
    event = timeline.record(_asked(kind, review, by), by=by, partner=partner)
    outbox.enqueue(Task.EXPORT, {"export_id": made.id}, title=f"Make export {made.key}", event=event)
    return made


def _being_made(wanted: str) -> Export | None:
    """An old one that never came to an end makes room."""
    there = db.session.scalars(select(Export).where(Export.waiting_for == wanted)).one_or_none()
    if there and there.asked_at < clock.now() - PATIENCE:
        give_up(there, "It was not made in time. Ask for it again.")
        db.session.flush()
        return None
    return there


def _came_second() -> Export:
    raise IllegalMove("Somebody asked for the same a moment before. Reload to see it.")


def _name(partner: Partner, kind: ExportKind, review: Round | None) -> str:
    what = f"round {review.number}" if review else "all data"
    return f"{partner.name}, {what}.{'pdf' if kind is ExportKind.DOCUMENT else 'zip'}"


def _asked(kind: ExportKind, review: Round | None, by: User) -> timeline.Happening:
    return ExportAsked(kind.value, review.number if review else 0, by_staff=by.is_staff)


def give_up(export: Export, words: str) -> None:
    export.state, export.words, export.waiting_for = ExportState.FAILED, words, None
    export.expires_at = clock.now() + timedelta(days=1)


def purge(now: datetime) -> int:
    """Forget what is over, file first; says how many there were. In a transaction of its own."""
    over = db.session.scalars(select(Export).where(Export.expires_at <= now).order_by(Export.id).limit(200)).all()
    for export in over:
        if export.storage_key:
            storage.current().delete(export.storage_key)
        db.session.delete(export)
    return len(over)

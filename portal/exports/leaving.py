"""An administrator asks for a partner to be deleted: its people are out at once, the worker does the rest."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from portal import clock, outbox, timeline
from portal.exports.belongings import House, house
from portal.extensions import db
from portal.models.api_key import ApiKey
from portal.models.evidence import File
from portal.models.notification import StatusHook
from portal.models.outbox import Task
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User, UserSession
from portal.refusals import Invalid
from portal.timeline.exports import DeletionAsked


@dataclass(frozen=True, slots=True)
class Counted:
    """What the page says before it is done."""

    people: int
    files: int


def counted(partner: Partner) -> Counted:
    files = select(func.count()).where(File.partner_id == partner.id)
    return Counted(len(house(partner).people), db.session.execute(files).scalar_one())


def ask(partner: Partner, *, typed: str, by: User) -> None:
    """At once and for good: there is no way back from here. Twice is the same as once. Raises Invalid for another name."""
    if " ".join(typed.split()) != " ".join(partner.name.split()):
        raise Invalid({"name": f"Type “{partner.name}”, exactly so."})
    db.session.refresh(partner, with_for_update=True)
    if partner.leaving_at:
        return
    partner.leaving_at = clock.now()
    _shut(house(partner))
    timeline.record(DeletionAsked(), by=by, partner=partner)
    outbox.enqueue(Task.ERASE, {"partner_id": partner.id, "by_id": by.id}, title=f"Delete partner {partner.key}")


def _shut(of: House) -> None:
    """Nobody and nothing of this partner can write any more."""
    now = clock.now()
    for statement in (
        update(User).where(User.id.in_(of.people)).values(active=False),
        update(UserSession).where(UserSession.user_id.in_(of.people), UserSession.ended_at.is_(None)).values(ended_at=now),
        update(ApiKey).where(ApiKey.partner_id == of.partner_id, ApiKey.revoked_at.is_(None)).values(revoked_at=now),
        update(PartnerApp)
        .where(PartnerApp.partner_id == of.partner_id, PartnerApp.retired_at.is_(None))
        .values(retired_at=now),
        update(StatusHook).where(StatusHook.partner_id == of.partner_id).values(on=False),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))

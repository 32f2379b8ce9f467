"""What staff do with a case besides answering: take it, end it, give a contact a sign-in; and ending by time."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock, timeline
from portal.extensions import db
from portal.identity import invitations
from portal.identity.locking import lock
from portal.models.case import Case
from portal.models.people import PartnerRole, User
from portal.refusals import Gone, IllegalMove
from portal.status import Ball, CaseStatus
from portal.support import talking
from portal.timeline.support import CaseAssigned, LoginGiven

CLOSED_AFTER = timedelta(days=14)
"""A resolved case that nobody writes in any more is closed."""
AT_ONCE = 500


def assign(case: Case, *, to: User | None, by: User) -> None:
    """Whose it is; None gives it back. Taking a new case opens it. Raises IllegalMove for who is no active colleague."""
    lock(case)
    if to is not None and not (to.is_staff and to.active):
        raise IllegalMove("Only a colleague can take a case.")
    if case.assigned_to_id == (to.id if to else None):
        return
    case.assigned_to_id = to.id if to else None
    timeline.record(CaseAssigned(case.key, case.number, to.name if to else ""), by=by, partner=case.partner)
    if to is not None and case.status is CaseStatus.NEW:
        talking.shift(case, CaseStatus.OPEN, by=by)


def resolve(case: Case, *, by: User) -> None:
    """Either side says that it is done. Raises IllegalMove when it has ended already."""
    lock(case)
    if case.ball is Ball.NOBODY:
        raise IllegalMove("This case has ended already.")
    talking.shift(case, CaseStatus.RESOLVED, by=by)


def reopen(case: Case, *, by: User) -> None:
    """Raises IllegalMove when it has not ended."""
    lock(case)
    if case.ball is not Ball.NOBODY:
        raise IllegalMove("This case is open.")
    talking.shift(case, CaseStatus.WAITING_GOCARDLESS, by=by)


def give_login(case: Case, *, by: User, days: int) -> None:
    """Invite the contact that the case names into the partner's team. Raises Gone when it was done, Invalid when it cannot be."""
    lock(case)
    if not case.login_email or case.login_given_at is not None:
        raise Gone("There is no sign-in left to give in this case.")
    invitations.invite(
        email=case.login_email, name=case.login_name, role=PartnerRole.MEMBER, by=by, partner=case.partner, days=days
    )
    timeline.record(LoginGiven(case.key, case.number, case.login_name), by=by, partner=case.partner)
    talking.answer(case, f"{case.login_name} has been invited to your team by mail.", then=CaseStatus.RESOLVED, by=by)
    case.login_given_at = clock.now()


def close_old() -> None:
    """Close what was resolved long ago. Safe to do twice."""
    old = select(Case).where(Case.ball == Ball.NOBODY, Case.sorted_at < clock.now() - CLOSED_AFTER)
    still = old.where(Case.status == CaseStatus.RESOLVED).order_by(Case.sorted_at, Case.id).limit(AT_ONCE)
    for case in db.session.scalars(still).all():
        talking.shift(case, CaseStatus.CLOSED, by=None)

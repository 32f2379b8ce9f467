"""What happens by the clock: everything that the worker does without being asked, in one list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from huey import crontab
from sqlalchemy import delete

from portal import clock, outbox
from portal.apps import renewal
from portal.build import proofs
from portal.connect import work as connect
from portal.exam import service as exams
from portal.exports import asking as exports
from portal.extensions import db
from portal.grow import publishing as content
from portal.launch import certificates, directory
from portal.models.outbox import Beat
from portal.models.people import Attempt, UserSession
from portal.notifications import digest
from portal.notifications import hooks as status_changes
from portal.payments import reading as insight
from portal.reviews import clock as reviews
from portal.reviews import service as rounds
from portal.staff import counting
from portal.support import handling as cases
from portal.transaction import writing
from portal.web import Portal
from portal.webhooks import purging as webhooks
from portal.worker.delivery import drain

KEPT = timedelta(days=30)
"""How long what is over stays: ended sessions, delivered rows."""
ATTEMPTS_KEPT = timedelta(days=2)
"""Longer than any limit looks back."""
WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Periodic:
    """One duty: what, when (UTC). It must be safe to do twice, because every worker does it."""

    name: str
    run: Callable[[Portal], object]
    at: Any


def beat(app: Portal) -> None:
    """The worker's sign of life, which /readyz asks for."""
    with app.app_context(), writing():
        db.session.merge(Beat(name=WORKER, at=clock.now()))


def sweep(app: Portal) -> None:
    """Rows whose wake was lost, whose time has come again, or whose worker died."""
    with app.app_context(), writing():
        outbox.bury()
    drain(app)


def purge(app: Portal) -> None:
    """Forget what nobody needs any more."""
    before = clock.now() - KEPT
    with app.app_context(), writing():
        outbox.purge(before)
        db.session.execute(delete(UserSession).where(UserSession.ended_at < before))
        db.session.execute(delete(Attempt).where(Attempt.at < clock.now() - ATTEMPTS_KEPT))


def remind(app: Portal) -> None:
    """Reviewers, one working day before their feedback is due."""
    with app.app_context(), writing():
        reviews.remind_due(clock.now())


def follow_calendar(app: Portal) -> None:
    """Due dates that a change of the calendar did not reach: of rounds sent at that moment, of holidays announced since."""
    with app.app_context(), writing():
        rounds.move_due_dates()


def count_figures(app: Portal) -> None:
    """Of the staff desk."""
    with app.app_context(), writing():
        counting.count()


def certify(app: Portal) -> None:
    """Certificates for those who were certified before there were any; those whose certificate ended leave the directory."""
    with app.app_context(), writing():
        certificates.issue_missing()
        directory.leave_expired()


def publish_content(app: Portal) -> None:
    """Items of Grow whose day has come."""
    with app.app_context(), writing():
        content.publish_due()


def close_cases(app: Portal) -> None:
    """Cases that were resolved long ago."""
    with app.app_context(), writing():
        cases.close_old()


def read_payments(app: Portal) -> None:
    """What is new in every connected sandbox account, for the payment insight."""
    with app.app_context(), writing():
        insight.ask_all()


def forget_webhooks(app: Portal) -> None:
    """Those that are older than they are kept."""
    with app.app_context():
        webhooks.purge(clock.now() - timedelta(days=app.settings.webhook_days))


def end_connect_tests(app: Portal) -> None:
    """Those whose merchants never came back."""
    with app.app_context(), writing():
        connect.give_up(clock.now())


def end_exams(app: Portal) -> None:
    """Those whose worker never came back."""
    with app.app_context(), writing():
        exams.end_lost(clock.now())


def forget_exams(app: Portal) -> None:
    """Those that are older than they are kept, and that nothing rests on."""
    with app.app_context(), writing():
        exams.purge(clock.now() - timedelta(days=app.settings.exam_days))


def age_proofs(app: Portal) -> None:
    """Those that became too old; the others are looked at when something happens."""
    with app.app_context(), writing():
        for partner_id in proofs.ageing(clock.now()):
            proofs.refresh(partner_id)


def forget_secrets(app: Portal) -> None:
    """Those that were rotated, once their overlap is over."""
    with app.app_context(), writing():
        renewal.forget_all_expired(clock.now())


def forget_exports(app: Portal) -> None:
    """Those whose days are over."""
    with app.app_context(), writing():
        exports.purge(clock.now())


def send_digests(app: Portal) -> None:
    """To everybody for whom it is past eight in the morning."""
    with app.app_context(), writing():
        digest.send_due()


def tidy_status_changes(app: Portal) -> None:
    """Secrets whose overlap is over, messages that nobody looks at any more."""
    with app.app_context(), writing():
        status_changes.tidy(clock.now())


EVERY_MINUTE = crontab()
PERIODIC = (
    Periodic("beat", beat, EVERY_MINUTE),
    Periodic("sweep", sweep, EVERY_MINUTE),
    Periodic("forget secrets", forget_secrets, crontab(minute="*/10")),
    Periodic("end connect tests", end_connect_tests, crontab(minute="*/10")),
    Periodic("end exams", end_exams, crontab(minute="*/10")),
    Periodic("forget exams", forget_exams, crontab(hour="3", minute="37")),
    Periodic("remind", remind, crontab(minute="*/10")),
    Periodic("follow calendar", follow_calendar, crontab(minute="11")),
    Periodic("count figures", count_figures, crontab(minute="7")),
    Periodic("certify", certify, crontab(minute="*/5")),
    Periodic("publish content", publish_content, EVERY_MINUTE),
    Periodic("close cases", close_cases, crontab(hour="4", minute="7")),
    Periodic("age proofs", age_proofs, crontab(minute="*/15")),
    Periodic("read payments", read_payments, crontab(minute="23")),
    Periodic("purge", purge, crontab(hour="3", minute="17")),
    Periodic("forget exports", forget_exports, crontab(minute="53")),
    Periodic("send digests", send_digests, crontab(minute="*/15")),
    Periodic("tidy status changes", tidy_status_changes, crontab(minute="*/10")),
    Periodic("forget_webhooks", forget_webhooks, crontab(minute="41")),
)

"""What can be done with exams: start, stop, say how they stand. The worker makes the experiments (portal.exam.work)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal import catalog, clock, outbox, timeline
from portal.exam import table
from portal.exam.choosing import Chosen
from portal.extensions import db
from portal.models.api_key import ApiKey
from portal.models.exam import CheckResult, Exam
from portal.models.outbox import Outbox, Task
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.status import CheckVerdict, Environment, RunStatus
from portal.timeline.exams import ExamEnded, ExamStarted, ExamStopped

LOST = timedelta(hours=1)
"""After so long without a word of the worker an exam is over."""
AT_ONCE = 100
ORDER = (CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.WARNING, CheckVerdict.SKIPPED)
WORDS = {
    CheckVerdict.PASSED: "passed",
    CheckVerdict.FAILED: "failed",
    CheckVerdict.WARNING: "worth a look",
    CheckVerdict.SKIPPED: "skipped",
}


class GoingOn(IllegalMove):
    """Another exam of this app is not over yet; `exam` is it."""

    def __init__(self, exam: Exam) -> None:
        super().__init__("Checks of this app are going on. Wait for their end, or stop them.")
        self.exam = exam


def start(
    app: PartnerApp, chosen: Chosen, *, by: User | None = None, key: ApiKey | None = None, with_people: bool = True
) -> Exam:
    """An exam whose first experiment the worker makes at once. Raises IllegalMove, GoingOn when there is one already."""
    refuse_unready(app)
    if not chosen.checks:
        raise IllegalMove("There is nothing to check: choose at least one check.")
    if (going := going_of(app)) is not None:
        raise GoingOn(going)
    exam = Exam(
        partner_id=app.partner_id,
        app_id=app.id,
        app=app,
        status=RunStatus.RUNNING,
        chosen=chosen.words,
        checks=chosen.ids,
        with_people=with_people,
        suite=table.SUITE_VERSION,
        catalog_version=catalog.certification().version,
        started_by_id=by.id if by else None,
        started_with=key.name if key else "",
    )
    db.session.add(exam)
    db.session.flush()
    said = ExamStarted(app.name, chosen.words, len(chosen.ids), exam.key, exam.started_with)
    timeline.record(said, by=by, partner=db.session.get_one(Partner, app.partner_id))
    go_on(exam)
    return exam


def refuse_unready(app: PartnerApp) -> None:
    """Raises IllegalMove for an app that cannot be checked."""
    if app.retired_at is not None:
        raise IllegalMove("This app is retired: it is not checked any more.")
    if app.environment is Environment.LIVE:
        raise IllegalMove("Checks are made in a sandbox, never with a live app.")
    if not app.client_id:
        raise IllegalMove("This app has no client id yet.")


def going_of(app: PartnerApp) -> Exam | None:
    """The exam of this app that is not over."""
    return db.session.scalars(select(Exam).where(Exam.app_id == app.id, Exam.ended_at.is_(None))).one_or_none()


def go_on(exam: Exam, *, seconds: float = 0.0) -> Outbox:
    """Plan the next job. What was planned for an earlier turn is void: there is one plan at a time."""
    exam.turn += 1
    row = outbox.enqueue(Task.EXAM, {"exam": exam.id, "turn": exam.turn}, title=f"Go on with the checks {exam.key[:8]}")
    if seconds:
        row.next_at = clock.now() + timedelta(seconds=seconds)
    return row


def stop(exam: Exam, *, by: User | None = None) -> None:
    """No other experiment is made; what was seen stays. Raises IllegalMove when it is over."""
    if exam.ended_at is not None:
        raise IllegalMove("These checks are over already.")
    _end(exam, RunStatus.STOPPED, f"Stopped after {exam.position} of {len(exam.checks)}. {said(exam.tally)}".strip())
    timeline.record(ExamStopped(exam.app.name, exam.key), by=by, partner=db.session.get_one(Partner, exam.partner_id))


def finish(exam: Exam) -> None:
    """Every check is judged."""
    failed = exam.tally.get(CheckVerdict.FAILED.value, 0)
    over(exam, RunStatus.FAILED if failed else RunStatus.PASSED, said(exam.tally))


def over(exam: Exam, status: RunStatus, words: str) -> None:
    _end(exam, status, words)
    said = ExamEnded(exam.app.name, status.value, words, exam.key)
    timeline.record(said, by=None, partner=db.session.get_one(Partner, exam.partner_id))


def _end(exam: Exam, status: RunStatus, words: str) -> None:
    """What only the going exam needed is forgotten."""
    exam.status, exam.words, exam.ended_at = status, words, clock.now()
    exam.carried, exam.waits, exam.turn = None, {}, exam.turn + 1
    touch(exam)


def touch(exam: Exam) -> None:
    """The version grows in the database, so that two writers never leave the same one behind."""
    exam.version, exam.moved_at = Exam.version + 1, clock.now()


def said(tally: dict[str, int]) -> str:
    """ "28 passed, 1 failed." """
    counts = [f"{tally[one.value]} {WORDS[one]}" for one in ORDER if tally.get(one.value)]
    return f"{', '.join(counts)}." if counts else ""


def tally(verdicts: Iterable[CheckVerdict]) -> dict[str, int]:
    return dict(Counter(verdict.value for verdict in verdicts))


def failed_of(exam: Exam) -> list[str]:
    """The checks that failed in this exam."""
    failed = select(CheckResult.check_id).where(CheckResult.exam_id == exam.id, CheckResult.verdict == CheckVerdict.FAILED)
    return list(db.session.scalars(failed.order_by(CheckResult.id)))


def end_lost(now: datetime) -> None:
    """End the exams whose worker never came back, whatever happened to it."""
    lost = select(Exam).where(Exam.ended_at.is_(None), Exam.moved_at < now - LOST).order_by(Exam.id).limit(AT_ONCE)
    for exam in db.session.scalars(lost.with_for_update(skip_locked=True)):
        over(exam, RunStatus.STOPPED, f"Nothing was heard of these checks for an hour. {said(exam.tally)}".strip())


def purge(before: datetime) -> None:
    """Forget exams that ended before this time and hold no newest verdict of any check."""
    resting = select(CheckResult.exam_id).where(CheckResult.newest)
    db.session.execute(delete(Exam).where(Exam.ended_at < before, Exam.id.not_in(resting)))

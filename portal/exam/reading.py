"""Exams and verdicts as pages and programs read them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import joinedload, undefer

from portal.exam import choosing, table
from portal.exam.nouns import FAMILIES, Check, Family
from portal.extensions import db
from portal.models.exam import CheckResult, Exam, ExamSettings
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.status import CheckVerdict, RunStatus

PAGE = 20
NEIGHBOURS = 20
_COLUMNS = (
    Exam.id, Exam.key, Exam.status, Exam.words, Exam.chosen, Exam.position, Exam.checks, Exam.started_at, Exam.ended_at,
    Exam.started_with, PartnerApp.name.label("app"), PartnerApp.environment, User.name.label("by"),
)  # fmt: skip
_LIST = select(*_COLUMNS).join(Exam.app).outerjoin(Exam.started_by).order_by(Exam.id.desc())
_WHOLE = (joinedload(Exam.app).joinedload(PartnerApp.partner), joinedload(Exam.started_by))
_ALL_OF_IT = (undefer(CheckResult.trace), undefer(CheckResult.observation), undefer(CheckResult.proof))


@dataclass(frozen=True, slots=True)
class Line:
    """One check with what it said; `waits` while somebody must do something for it."""

    check: Check
    result: CheckResult | None = None
    waits: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> CheckVerdict | None:
        return CheckVerdict.WAITING if self.waits else self.result.verdict if self.result else None


@dataclass(frozen=True, slots=True)
class Group:
    """A family with its checks."""

    family: Family
    lines: tuple[Line, ...]

    @property
    def words(self) -> str:
        return FAMILIES[self.family]

    @property
    def tally(self) -> Counter[CheckVerdict]:
        return Counter(line.verdict for line in self.lines if line.verdict)


def settings_of(app: PartnerApp) -> ExamSettings | None:
    return db.session.scalars(select(ExamSettings).where(ExamSettings.app_id == app.id)).one_or_none()


def newest(app: PartnerApp) -> list[Group]:
    """Every check with its newest verdict; one statement."""
    rows = db.session.scalars(select(CheckResult).where(CheckResult.app_id == app.id, CheckResult.newest))
    return groups(table.CHECKS, {row.check_id: row for row in rows})


def groups(
    checks: Sequence[Check], results: Mapping[str, CheckResult], waits: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Group]:
    lines = [
        Line(check, results.get(check.id), None if check.id in results else (waits or {}).get(check.experiment))
        for check in checks
    ]
    found = (Group(family, tuple(line for line in lines if line.check.family is family)) for family in Family)
    return [group for group in found if group.lines]


def results_of(exam: Exam) -> dict[str, CheckResult]:
    """By the check's id, without traces."""
    return {row.check_id: row for row in db.session.scalars(select(CheckResult).where(CheckResult.exam_id == exam.id))}


def lines_of(exam: Exam) -> list[Line]:
    """What the exam's page shows, in the order of the checks; one statement."""
    return [line for group in groups(choosing.known(exam.checks), results_of(exam), exam.waits) for line in group.lines]


def whole(exam: Exam) -> Exam:
    """The exam with its app and who started it, as it is now."""
    return db.session.scalars(
        select(Exam).where(Exam.id == exam.id).options(*_WHOLE).execution_options(populate_existing=True)
    ).one()


def by_key(key: str, *, of: int | None) -> Exam | None:
    """Any partner's when `of` is None."""
    wanted = select(Exam).where(Exam.key == key).options(*_WHOLE)
    return db.session.scalars(wanted if of is None else wanted.where(Exam.partner_id == of)).one_or_none()


def result_whole(result: CheckResult) -> CheckResult:
    """A result with its trace, its exam and its app, in one statement."""
    exam = joinedload(CheckResult.exam)
    wanted = select(CheckResult).where(CheckResult.id == result.id)
    options = (*_ALL_OF_IT, exam.joinedload(Exam.app).joinedload(PartnerApp.partner), exam.joinedload(Exam.started_by))
    return db.session.scalars(wanted.options(*options).execution_options(populate_existing=True)).one()


def history(result: CheckResult) -> Sequence[Row[Any]]:
    """What the same check said of the same app, newest first."""
    columns = (CheckResult.key, CheckResult.verdict, CheckResult.words, CheckResult.at, CheckResult.milliseconds)
    same = (CheckResult.app_id == result.app_id, CheckResult.check_id == result.check_id)
    return db.session.execute(select(*columns).where(*same).order_by(CheckResult.id.desc()).limit(NEIGHBOURS)).all()


def take_the_place(exam: Exam, check_id: str, *, skipped: bool) -> bool:
    """Whether the result to come is the app's newest of this check; then the one before no longer is.

    A skipped check takes a place only where nothing was said before.
    """
    same = (CheckResult.app_id == exam.app_id, CheckResult.check_id == check_id, CheckResult.newest)
    before = db.session.scalars(select(CheckResult.verdict).where(*same)).one_or_none()
    if skipped and before not in (None, CheckVerdict.SKIPPED):
        return False
    db.session.execute(update(CheckResult).where(*same).values(newest=False).execution_options(synchronize_session=False))
    return True


def page(app: PartnerApp, *, before: int | None = None) -> tuple[Sequence[Row[Any]], int | None]:
    """An app's exams, newest first, and the id below which the next page begins."""
    wanted: list[ColumnElement[bool]] = [Exam.app_id == app.id]
    wanted += [Exam.id < before] if before else []
    rows = db.session.execute(_LIST.where(*wanted).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def neighbours(exam: Exam) -> Sequence[Row[Any]]:
    """Other exams of the same app that this one may be compared with, newest first."""
    others = _LIST.where(Exam.app_id == exam.app_id, Exam.id != exam.id, Exam.ended_at.is_not(None))
    return db.session.execute(others.limit(NEIGHBOURS)).all()


def latest(partner_id: int) -> Exam | None:
    """The partner's newest exam, for the places that show one line about it."""
    newest_first = select(Exam).where(Exam.partner_id == partner_id).order_by(Exam.id.desc()).limit(1)
    return db.session.scalars(newest_first).first()


def is_over(status: RunStatus) -> bool:
    return status not in (RunStatus.WAITING, RunStatus.RUNNING)

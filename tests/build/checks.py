"""What integration checks leave behind, stored without running anything: inside `with writing():`."""

from sqlalchemy import select, update

from portal import clock
from portal.exam import marks, proof
from portal.exam.table import SUITE_VERSION
from portal.extensions import db
from portal.models.columns import new_key
from portal.models.exam import CheckResult, Exam
from portal.models.partner_app import PartnerApp
from portal.status import CheckVerdict, RunStatus
from tests.developers.rows import app_of

TRACE = [
    {
        "words": "A visit of café & söhne",
        "visitor": 1,
        "request": {
            "method": "GET",
            "url": "https://side.example.com/connect?a=1",
            "headers": {"Accept": "*/*"},
            "body": "",
            "curl": "",
        },
        "response": {"status": 302, "headers": {"Location": "https://connect.example.com"}, "body": '"quoted" \\ line\nend'},
        "milliseconds": 12.5,
        "problem": "",
    }
]


def exam_of(app):
    """An exam of this app that is over."""
    exam = Exam(
        partner_id=app.partner_id, app_id=app.id, status=RunStatus.PASSED, chosen="All checks", suite=SUITE_VERSION,
        catalog_version="2026-11", ended_at=clock.now(),
    )  # fmt: skip
    db.session.add(exam)
    db.session.flush()
    return exam


def says(app_id, verdicts, *, words="As it should be."):
    """The newest verdicts of an app's checks, by check id: "passed", "failed", …; as an exam of now stores them."""
    app = db.session.get(PartnerApp, app_id)
    exam = exam_of(app)
    rows = {check: _result(app, exam, check, CheckVerdict(verdict), words) for check, verdict in verdicts.items()}
    db.session.flush()
    return {check: row.key for check, row in rows.items()}


def _result(app, exam, check, verdict, words):
    same = (CheckResult.app_id == app.id, CheckResult.check_id == check, CheckResult.newest)
    db.session.execute(update(CheckResult).where(*same).values(newest=False))
    row = CheckResult(
        key=new_key(), exam_id=exam.id, partner_id=app.partner_id, app_id=app.id, check_id=check, verdict=verdict, words=words,
        settings_mark=marks.marks(app.partner_id)[app.id], at=clock.now(), milliseconds=12.5, trace=TRACE,
    )  # fmt: skip
    if verdict is CheckVerdict.PASSED:
        row.proof = proof.document(row, exam, app)
    db.session.add(row)
    return row


def an_app(partner_id, **values):
    return app_of(partner_id, webhook_url="https://side.example.com/hooks", **values).id


def newest(check):
    return db.session.scalars(select(CheckResult).where(CheckResult.check_id == check, CheckResult.newest)).one()

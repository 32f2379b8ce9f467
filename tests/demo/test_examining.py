"""The exams of the demo data: taken down once, judged anew, and shown like any other."""

from sqlalchemy import select

from portal.exam import reading, table
from portal.exam.comparing import Change, lines
from portal.extensions import db
from portal.models.exam import CheckResult, Exam
from portal.models.partner_app import PartnerApp


def test_two_checks_failed_and_were_fixed(played):
    with played.app.app_context():
        app = db.session.scalars(select(PartnerApp).filter_by(name="Brightbooks")).one()
        before, after = db.session.scalars(select(Exam).filter_by(app_id=app.id).order_by(Exam.id)).all()
        assert (before.status.value, after.status.value) == ("failed", "passed")
        found = lines(reading.results_of(before).values(), reading.results_of(after).values(), list(table.BY_ID))
        fixed = {line.check_id for line in found if line.change is Change.FIXED}
        assert fixed == {"callbacks.state_replayed", "endpoint.duplicate"}
        assert {line.change for line in found} <= {Change.FIXED, Change.NEW, Change.SAME}
        assert after.tally == {"passed": len(table.CHECKS)}
        assert before.ended_at > before.started_at


def test_nothing_of_the_taking_shows(played):
    with played.app.app_context():
        rows = db.session.execute(select(CheckResult.trace, CheckResult.observation, CheckResult.words, CheckResult.seen)).all()
        text = str([tuple(row) for row in rows])
    assert rows
    assert "⟦" not in text
    assert "staging." in text
    assert "X-Test-Key: a test key" not in text

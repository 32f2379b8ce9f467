"""An exam of a house's app for the furnished world: over, with one check that failed and one that passed, and what it was told."""

from portal import clock
from portal.exam import marks, proof, table
from portal.extensions import db
from portal.models.exam import CheckResult, Exam, ExamSettings
from portal.status import CheckVerdict, RunStatus


def exam_of(mark, app):
    """What a URL can name: the exam and one of its results."""
    declared = ExamSettings(
        app_id=app.id, connect_url=f"https://{mark}.example.com/connect", action_url=f"https://{mark}.example.com/hook",
        header_name="X-Check", header_value=f"{mark}-header-value",
    )  # fmt: skip
    ids = [check.id for check in table.CHECKS[:2]]
    exam = Exam(
        partner_id=app.partner_id, app_id=app.id, status=RunStatus.FAILED, words=f"1 passed, 1 failed of {mark}.", chosen="Links",
        checks=ids, position=2, tally={"passed": 1, "failed": 1}, suite=table.SUITE_VERSION, catalog_version="2026-11",
        started_with=f"{mark} laptop", ended_at=clock.now(),
    )  # fmt: skip
    db.session.add_all((declared, exam))
    db.session.flush()
    results = [_result(mark, app, exam, declared, *pair) for pair in zip(ids, ("passed", "failed"), strict=True)]
    return {"exam_key": exam.key, "result_key": results[0].key}


def _result(mark, app, exam, declared, check_id, verdict):
    request = {"method": "GET", "url": f"https://{mark}.example.com/connect", "headers": {}, "body": "", "curl": f"curl {mark}"}
    response = {"status": 302, "headers": {"Location": f"https://{mark}.example.com/"}, "body": mark}
    row = CheckResult(
        exam_id=exam.id, partner_id=app.partner_id, app_id=app.id, check_id=check_id, verdict=CheckVerdict(verdict),
        words=f"{mark} was seen.", seen=f"{mark} it was", settings_mark=marks.mark(app, declared), milliseconds=12.5,
        observation={"address": mark},
        trace=[{"words": f"A visit of {mark}", "visitor": 1, "request": request, "response": response, "milliseconds": 12.5, "problem": ""}],
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    row.proof = proof.document(row, exam, app) if row.verdict is CheckVerdict.PASSED else None
    return row

"""One exam as it goes on, one result with its trace, two exams side by side; stop, and run again."""

import json

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.exam import comparing, forms, questions, reading, service, showing, table
from portal.exam.blueprint import bp
from portal.exam.nouns import FAMILIES
from portal.gates import Gate, gate
from portal.models.exam import CheckResult, Exam
from portal.models.people import User
from portal.status import CheckVerdict
from portal.web import number

SECRETS = ("CLIENT_SECRET", "WEBHOOK_SECRET", "PREVIOUS_WEBHOOK_SECRET", "TEST_HEADER", "SANDBOX_LEVERS_TOKEN")
"""Variables of the shell that a person sets before a command."""


@bp.get("/developers/checks/exams/<exam_key>")
@gate(Gate.EVIDENCE)
def show(exam: Exam, me: User) -> ResponseReturnValue:
    return render_template("exam/show.html", **_parts(exam, me), others=reading.neighbours(exam))


@bp.get("/developers/checks/exams/<exam_key>/live")
@gate(Gate.EVIDENCE)
def live(exam: Exam, me: User) -> ResponseReturnValue:
    """The part of the page that changes; 304 before anything is drawn when the page has this version already."""
    if request.args.get("version", type=number) == exam.version:
        return Response(status=304)
    return render_template("exam/_live.html", **_parts(exam, me))


def _parts(exam: Exam, me: User) -> dict[str, object]:
    exam = reading.whole(exam)
    lines = reading.lines_of(exam)
    waits = {name: wait for name, wait in exam.waits.items() if any(line.check.experiment == name for line in lines)}
    return {
        "exam": exam,
        "me": me,
        "lines": lines,
        "waits": waits,
        "failed": [line for line in lines if line.verdict is CheckVerdict.FAILED],
        "over": reading.is_over(exam.status),
        "families": FAMILIES,
        "proves": questions.numbers(),
    }


@bp.post("/developers/checks/exams/<exam_key>/stop")
@gate(Gate.WORK)
def stop(exam: Exam, me: User) -> ResponseReturnValue:
    service.stop(exam, by=me)
    flash("Stopped. What was seen so far stays here.", "success")
    return redirect(url_for(".show", exam_key=exam.key), 303)


@bp.post("/developers/checks/exams/<exam_key>/again")
@gate(Gate.WORK)
def again(exam: Exam, me: User) -> ResponseReturnValue:
    """`check` names one, `what` is "failed" for those that failed in this exam; neither means all of its checks."""
    wanted = forms.again(exam, request.form, service.failed_of(exam))
    made = service.start(exam.app, wanted, by=me)
    return redirect(url_for(".show", exam_key=made.key), 303)


@bp.get("/developers/checks/results/<result_key>")
@gate(Gate.EVIDENCE)
def result(result: CheckResult, me: User) -> ResponseReturnValue:
    whole = reading.result_whole(result)
    check = table.BY_ID.get(whole.check_id)
    return render_template(
        "exam/result.html",
        result=whole,
        exam=whole.exam,
        check=check,
        guide=questions.guide(check) if check else None,
        family=FAMILIES[check.family] if check else "",
        proves=questions.of(whole.check_id),
        script=showing.script(whole.trace, SECRETS),
        observation=json.dumps(whole.observation, indent=2, ensure_ascii=False) if whole.observation else "",
        history=reading.history(whole),
        me=me,
    )


@bp.get("/developers/checks/compare")
@gate(Gate.EVIDENCE)
def compare(me: User) -> ResponseReturnValue:
    """`left` and `right` are the keys of two exams; the one that started first stands on the left."""
    if not {"left", "right"} <= request.args.keys():
        abort(400)
    before, after = sorted((_visible(me, request.args.get(side, "")) for side in ("left", "right")), key=lambda one: one.id)
    lines = comparing.lines(reading.results_of(before).values(), reading.results_of(after).values(), list(table.BY_ID))
    return render_template(
        "exam/compare.html",
        before=before,
        after=after,
        lines=lines,
        tally=comparing.tally(lines),
        changes=comparing.CHANGES,
        checks=table.BY_ID,
        me=me,
    )


def _visible(me: User, key: str) -> Exam:
    """One of the own partner's, or anybody's for staff, as the gate would hand it over."""
    whose = None if me.is_staff else me.membership.partner_id if me.membership else abort(404)
    return reading.by_key(key[:64].replace("\0", ""), of=whose) or abort(404)

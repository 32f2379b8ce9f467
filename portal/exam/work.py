"""The worker's part of an exam: one experiment a job, what was seen judged and stored, the next job planned.

No transaction is open while an experiment speaks with anybody. Safe to do twice: a job whose worker died is done again from the
begin of its experiment, and one that was planned for an earlier turn does nothing.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock, transaction
from portal.config import Settings
from portal.exam import choosing, marks, proof, reading, running, service, showing, standing
from portal.exam.nouns import Check, Experiment, Judgement, Observation, Wait
from portal.exam.rig import Noted
from portal.exam.showing import Known
from portal.exam.standing import Prepared, Standing
from portal.extensions import db
from portal.models.columns import new_key
from portal.models.exam import CheckResult, Exam
from portal.models.partner_app import PartnerApp
from portal.outbox import Job
from portal.status import CheckVerdict, RunStatus

PATIENCE = timedelta(hours=1)
"""How long somebody may take to do what a check waits for."""
GAPS = (2, 2, 3, 3, 5, 5, 8, 10)
"""Seconds between two looks at what somebody does; the last one stays."""
NOBODY = "Nobody did it within an hour: {what}"
NO_PEOPLE = "It needs a person: {what}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job does, as plain values."""

    experiment: Experiment
    prepared: Prepared = field(repr=False)
    worth: bool
    """False when none of its checks could say anything: what they need has not passed."""


@dataclass(frozen=True, slots=True)
class Made:
    """One experiment and what came of it. `carried` is what it leaves for the next."""

    experiment: Experiment
    seen: Observation | Wait
    noted: list[Noted] = field(repr=False)
    carried: dict[str, Any] = field(repr=False)
    known: Known = field(repr=False)
    milliseconds: float = 0.0


def go_on(job: Job, settings: Settings) -> None:
    """Make the next experiment; the conversation itself holds no transaction."""
    plan = _plan(job, settings)
    transaction.release()
    made = _make(plan) if plan is not None else None
    exam = _locked(job)
    if exam is not None:
        _store(exam, made)


def _current(job: Job, exam: Exam | None) -> Exam | None:
    return exam if exam is not None and exam.ended_at is None and exam.turn == job.payload["turn"] else None


def _locked(job: Job) -> Exam | None:
    """The exam once more; None when a person stopped it meanwhile, or another worker was faster."""
    wanted = select(Exam).where(Exam.id == job.payload["exam"]).with_for_update(of=Exam)
    whole = joinedload(Exam.app).joinedload(PartnerApp.partner)
    return _current(job, db.session.scalars(wanted.options(whole).execution_options(populate_existing=True)).one_or_none())


def _plan(job: Job, settings: Settings) -> Plan | None:
    """The next experiment and what it works with; None when all are made, or it is not this job's turn any more."""
    exam = _current(job, db.session.get(Exam, job.payload["exam"], options=[joinedload(Exam.app)]))
    if exam is None:
        return None
    now = _standing(exam)
    experiment = _next(now)
    if experiment is None:
        return None
    prepared = standing.prepare(exam, reading.settings_of(exam.app), settings)
    return Plan(experiment, prepared, standing.worth(experiment, now))


def _standing(exam: Exam) -> Standing:
    said = {name: result.verdict for name, result in reading.results_of(exam).items()}
    return Standing(choosing.known(exam.checks), said, frozenset(exam.done), exam.waits)


def _next(now: Standing) -> Experiment | None:
    return standing.following(now, running.experiments(now.checks))


def _make(plan: Plan) -> Made:
    rig, began = plan.prepared.rig, time.perf_counter()
    seen = running.perform(rig, plan.experiment) if plan.worth else {}
    taken = (time.perf_counter() - began) * 1000
    return Made(plan.experiment, seen, list(rig.trace), dict(rig.carried), plan.prepared.known(), taken)


def _store(exam: Exam, made: Made | None) -> None:
    if made is not None:
        exam.carried = json.dumps(made.carried)
        if isinstance(made.seen, Wait) and exam.with_people and not _too_long(exam, made.experiment.name):
            _waits(exam, made.experiment, made.seen)
        else:
            _done(exam, made)
    db.session.flush()
    _further(exam)


def _too_long(exam: Exam, name: str) -> bool:
    kept = exam.waits.get(name)
    return kept is not None and clock.now() - datetime.fromisoformat(kept["since"]) > PATIENCE


def _waits(exam: Exam, experiment: Experiment, wait: Wait) -> None:
    """Whom it waits for, said once; how often it looked already."""
    kept = exam.waits.get(experiment.name, {"since": clock.now().isoformat(), "looks": 0})
    told = {"who": wait.who, "what": wait.what}
    if told != {name: kept.get(name) for name in told}:
        service.touch(exam)
    exam.waits = {**exam.waits, experiment.name: {**kept, **told, "looks": kept["looks"] + 1}}
    exam.moved_at = clock.now()


def _done(exam: Exam, made: Made) -> None:
    """Judge everything that this experiment shows, and keep it."""
    exam.done = [*exam.done, made.experiment.name]
    exam.waits = {name: kept for name, kept in exam.waits.items() if name != made.experiment.name}
    now = _standing(exam)
    said = standing.judgements(now)
    kept = _Kept(exam, made)
    for check in (one for one in now.checks if one.experiment == made.experiment.name and one.id not in now.said):
        said[check.id] = judgement = _judged(exam, check, made, said)
        kept.keep(check, judgement)
    exam.position = len(said)
    exam.tally = service.tally(judgement.verdict for judgement in said.values())
    service.touch(exam)


def _judged(exam: Exam, check: Check, made: Made, said: Mapping[str, Judgement]) -> Judgement:
    if isinstance(made.seen, Wait):
        words = NOBODY if exam.with_people else NO_PEOPLE
        return Judgement(CheckVerdict.SKIPPED, words.format(what=made.seen.what))
    return running.judge(check, {check.experiment: made.seen}, said)


class _Kept:
    """The rows of one experiment's checks."""

    def __init__(self, exam: Exam, made: Made) -> None:
        self.exam, self.made = exam, made
        self.mark = marks.mark(exam.app, reading.settings_of(exam.app))
        self.trace = showing.trace(made.noted, made.known)
        seen = {} if isinstance(made.seen, Wait) else made.seen
        self.observation = showing.observation(seen, made.known)

    def keep(self, check: Check, said: Judgement) -> None:
        exam = self.exam
        skipped = said.verdict is CheckVerdict.SKIPPED
        row = CheckResult(
            key=new_key(),
            exam_id=exam.id,
            partner_id=exam.partner_id,
            app_id=exam.app_id,
            check_id=check.id,
            verdict=said.verdict,
            words=showing.words(said.words, self.made.known),
            seen=showing.words(said.seen, self.made.known),
            newest=reading.take_the_place(exam, check.id, skipped=skipped),
            settings_mark=self.mark,
            at=clock.now(),
            milliseconds=round(self.made.milliseconds, 1),
            observation={} if skipped else self.observation,
            trace=[] if skipped else self.trace,
        )
        if said.verdict is CheckVerdict.PASSED:
            row.proof = proof.document(row, exam, exam.app)
        db.session.add(row)


def _further(exam: Exam) -> None:
    """The next job: at once, in a while when only people are waited for, or none because all is judged."""
    following = _next(_standing(exam))
    if following is None:
        service.finish(exam)
        return
    wait = exam.waits.get(following.name)
    _say(exam, wait)
    service.go_on(exam, seconds=GAPS[min(wait["looks"], len(GAPS)) - 1] if wait else 0)


def _say(exam: Exam, wait: Mapping[str, Any] | None) -> None:
    """It waits for somebody only when there is nothing else to do."""
    status, words = (RunStatus.WAITING, f"{wait['who']}: {wait['what']}") if wait else (RunStatus.RUNNING, "")
    if (exam.status, exam.words) != (status, words):
        exam.status, exam.words = status, words
        service.touch(exam)

"""Running a scenario simulator in a run: a step of its own, which no second worker repeats and whose refusal does not end the run."""

from portal.extensions import db
from portal.models.run import Run
from portal.payments import calling, saying, simulators, waits
from portal.payments.calling import CallFailed
from portal.runs import recording
from portal.status import StepStatus

REFUSALS = frozenset({"wrong_state", "invalid", "not_found", "forbidden"})
"""GoCardless would not: the step says so, and the run goes on."""


def simulate(run: Run, name: str) -> None:
    """Raises CallFailed when the simulator could not be asked."""
    if run.facts.get("simulated") == waits.turn(run):
        return  # by a worker that died afterwards
    try:
        _run(run, name)
    except CallFailed as failure:
        if failure.code not in REFUSALS:
            raise
    _waits_last(run)


def _run(run: Run, name: str) -> None:
    simulator, turn = simulators.BY_NAME[name], waits.turn(run)
    id_ = run.facts[simulator.kind]["id"]
    calling.step(
        run,
        "simulated",
        lambda client: client.scenario_simulators.run(name, params={"links": {"resource": id_}}),
        lambda _: saying.simulated(simulator, id_),
        lambda _: {"simulated": turn},
    )


def _waits_last(run: Run) -> None:
    """What is waited for comes after what was simulated meanwhile, so that the steps tell the story in its order."""
    waiting, done = run.steps[-2:]
    if waiting.status is not StepStatus.WAITING:
        return
    place = waiting.position
    for step, position in ((waiting, -1), (done, place), (waiting, place + 1)):  # no two may have one place, not for a moment
        step.position = position
        db.session.flush()
    db.session.expire(run, ["steps"])
    recording.touch(run)

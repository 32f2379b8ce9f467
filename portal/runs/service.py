"""What a person may do with any run: stop it."""

from portal.models.run import Run
from portal.refusals import IllegalMove
from portal.runs import recording
from portal.runs.kinds import KINDS
from portal.status import RunStatus, StepStatus

GOING = (StepStatus.WAITING, StepStatus.RUNNING)


def stop(run: Run) -> None:
    """End a run that goes on: its open steps are skipped, the worker makes no other. Raises IllegalMove when it is over."""
    if run.status not in recording.GOES_ON:
        raise IllegalMove("This run is over already.")
    for step in run.steps:
        if step.status in GOING:
            recording.finish(run, step, StepStatus.SKIPPED, "Stopped by a person.")
    KINDS[run.kind].stop(run)
    recording.over(run, RunStatus.STOPPED, "Stopped by a person.")

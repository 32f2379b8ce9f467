"""Starting a billing request run, letting it go on, and running a simulator on what it has made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from portal.models.partner_app import Connection
from portal.models.people import User
from portal.models.run import Run
from portal.payments import simulators, waits
from portal.payments.choices import Ask
from portal.payments.reading import READABLE
from portal.refusals import IllegalMove, Invalid
from portal.runs import recording
from portal.status import ConnectionStatus, RunKind, RunStatus

STARTING = "The worker makes the first calls now."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose. `amount` is in minor units, 0 for none; `customer` fills in the hosted pages."""

    ask: Ask
    scheme: str
    amount: int
    description: str
    customer: Mapping[str, str]
    redirect_uri: str
    exit_uri: str


def start(connection: Connection, wanted: Wanted, *, by: User) -> Run:
    """Raises Invalid for a connection that cannot be called through."""
    if connection.status is not ConnectionStatus.CONNECTED or connection.access_token is None:
        raise Invalid({"connection": "This connection has ended. Connect the merchant again, or choose another."})
    if connection.app.environment not in READABLE:
        raise Invalid({"connection": "Runs are made in sandboxes only: a live account's payers are real."})
    run = recording.begin(
        RunKind.BILLING_REQUEST,
        connection.app,
        by=by,
        parameters=asdict(wanted) | {"ask": wanted.ask.value},
        words=STARTING,
        status=RunStatus.RUNNING,
        connection=connection,
    )
    waits.now(run)
    return run


def look_again(run: Run) -> None:
    """Let a run go on now, also one that has waited to its end or failed. Raises IllegalMove once it was stopped."""
    if run.status is RunStatus.STOPPED:
        raise IllegalMove("This run was stopped. Start a new one.")
    recording.goes_on(run, RunStatus.RUNNING, "The worker asks GoCardless how things are.")
    waits.now(run, look="billing_request" in run.facts)


def returned(run: Run) -> None:
    """The payer came back from the hosted pages: look at once, if that is what the run waits for."""
    if run.status is RunStatus.WAITING and run.facts["billing_request"]["status"] != "fulfilled":
        waits.now(run)


def simulate(run: Run, name: str) -> None:
    """Raises Invalid for a simulator that does not fit what the run has now, IllegalMove once the run was stopped."""
    if run.status is RunStatus.STOPPED:
        raise IllegalMove("This run was stopped. Start a new one.")
    if name not in {one.name for one in simulators.fitting(run.facts)}:
        raise Invalid({"simulator": "This simulator does not fit the state that the run is in now."})
    recording.goes_on(run, RunStatus.RUNNING, "The worker runs the simulator and looks at what it changed.")
    waits.now(run, simulate=name)


def again(run: Run, *, by: User) -> Run:
    """Another run with the same choices. Raises Invalid as `start` does."""
    if run.connection is None:
        raise Invalid({"connection": "The connection of that run is gone. Choose another."})
    chosen = {**run.parameters, "ask": Ask(run.parameters["ask"])}
    return start(run.connection, Wanted(**chosen), by=by)

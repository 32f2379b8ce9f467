"""The first steps of a developer, each with the row that ticks it off."""

from dataclasses import dataclass

from portal.developers.standing import Facts


@dataclass(frozen=True, slots=True)
class Step:
    """`button` says what happens at `endpoint`; `done` is read from rows, nobody ticks by hand."""

    title: str
    words: str
    endpoint: str
    button: str
    done: bool


def steps(facts: Facts) -> tuple[Step, ...]:
    """In the order in which they build on each other."""
    return (
        Step(
            "Register an app", "It gives you a client id and the secrets.", "apps.new", "Register an app", facts.app
        ),
        Step(
            "Connect a merchant", "Play a merchant who allows your app, and watch each step of OAuth.",
            "connect.show", "Start a connect test", facts.connected,
        ),
        Step(
            "See a merchant verified", "Read the verification status, and what your product must say about it.",
            "connect.connections", "Look at the merchants", facts.verified,
        ),
        Step(
            "Take a payment", "Ask a payer for a mandate and a payment with a billing request.",
            "payments.index", "Start a payment run", facts.paid,
        ),
        Step(
            "Receive a webhook", "One whose signature is valid, in the log.", "webhooks.index", "Open the log", facts.heard
        ),
        Step(
            "Lose a merchant", "Disconnect one: the token dies, and the last webhook has no id.",
            "connect.connections", "Choose a merchant", facts.ended,
        ),
        Step(
            "Go live", "The same with credentials of GoCardless's live environment.", "apps.go_live", "See what is missing", facts.live
        ),
    )  # fmt: skip


def next_step(of: tuple[Step, ...]) -> Step | None:
    return next((step for step in of if not step.done), None)

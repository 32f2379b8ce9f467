"""Why the product says no: each refusal has a name, and errors.py turns it into an answer once."""

from dataclasses import dataclass


class Refusal(Exception):
    """A rule of the product refused; `words` is written for the person who reads it."""

    status = 409

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class IllegalMove(Refusal):
    """A status cannot follow another."""


class Sealed(Refusal):
    """This cannot be changed now: it is under review, approved, or not among the flagged questions."""


class StaleDraft(Refusal):
    """Somebody else saved in between; nothing was overwritten."""


class Gone(Refusal):
    """It was there and is no longer: an expired or used invitation, a removed file."""

    status = 410


class NotNow(Refusal):
    """What it takes is away for the moment; nothing was changed."""

    status = 503


class Invalid(Refusal):
    """What was typed cannot be taken; `problems` names the field and the reason."""

    status = 422

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("There is a problem with what was entered.")
        self.problems = problems


class TooMany(Refusal):
    """Asked too often; wait `seconds`."""

    status = 429

    def __init__(self, words: str, *, seconds: int) -> None:
        super().__init__(words)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason why something is not ready: words, and where to mend it (an endpoint with its values and an anchor)."""

    words: str
    endpoint: str
    anchor: str = ""
    section_key: str | None = None
    app_key: str | None = None


class NotReady(Refusal):
    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("Something is still missing.")
        self.missing = missing

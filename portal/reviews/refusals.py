"""Why a reviewer is refused, each by its name."""

from portal.refusals import Refusal


class StillBlocked(Refusal):
    """A section that asks for a correction cannot be approved as well."""

    def __init__(self, count: int) -> None:
        asks = "a correction" if count == 1 else f"{count} corrections"
        super().__init__(f"This section asks for {asks}. Withdraw what no longer applies, then approve it.")


class Decided(Refusal):
    """The partner has the decision on this section already."""

    def __init__(self) -> None:
        super().__init__("This section is decided and the partner knows. Undo the decision first, then decide anew.")


class WithThePartner(Refusal):
    """The section moved on: it was sent again, or an answer elsewhere reopened it."""

    def __init__(self) -> None:
        super().__init__("This section has moved on since this round. Its latest round is the place to decide.")


class PartnerHasBegun(Refusal):
    """The asked correction is being made: what the reviewer saw is no longer what stands there."""

    def __init__(self) -> None:
        super().__init__("The partner has begun to correct this section. Wait until it is sent again.")


class NothingToSend(Refusal):
    def __init__(self) -> None:
        super().__init__("There is nothing to send: approve a section or ask for a correction first.")


class NothingToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no decision to take back; somebody may have done so a moment ago.")


class TakenAlready(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} took this review a moment before you.")


class ClockStands(Refusal):
    """A round that is paused or answered cannot be paused."""

    def __init__(self) -> None:
        super().__init__("The clock of this review stands already.")

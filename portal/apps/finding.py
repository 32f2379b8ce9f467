"""What a check of an app says: one finding for one mistake."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is the field of the app's form that mends it, `credentials`, or empty when it is mended elsewhere."""

    code: str
    words: str
    detail: str = ""
    """Monospace: the two addresses with a caret, what came back."""
    where: str = ""
    stops: bool = True
    """Whether a run would fail; otherwise it is worth a look."""

    def stored(self) -> dict[str, str]:
        return {**asdict(self), "stops": "yes" if self.stops else ""}


def restored(row: dict[str, str]) -> Finding:
    return Finding(row["code"], row["words"], row["detail"], row["where"], bool(row["stops"]))

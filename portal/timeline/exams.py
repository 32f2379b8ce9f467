"""Happenings of the integration checks."""

from dataclasses import dataclass
from typing import ClassVar

from portal.timeline import Happening


@dataclass(frozen=True)
class ExamStarted(Happening):
    """`key` of the exam, so that whoever reads of it finds it."""

    kind: ClassVar[str] = "exam_started"
    app: str
    chosen: str
    count: int
    key: str = ""
    started_with: str = ""
    """The name of the API key that did; empty for a person."""

    def sentence(self) -> str:
        by = f" with the API key “{self.started_with}”" if self.started_with else ""
        return f"started integration checks of the app “{self.app}”{by}: {self.chosen} ({self.count})"


@dataclass(frozen=True)
class ExamEnded(Happening):
    kind: ClassVar[str] = "exam_ended"
    app: str
    outcome: str
    words: str
    key: str = ""

    def sentence(self) -> str:
        return f"The integration checks of the app “{self.app}” ended: {self.words}"


@dataclass(frozen=True)
class ExamStopped(Happening):
    kind: ClassVar[str] = "exam_stopped"
    in_feed: ClassVar[bool] = False
    app: str
    key: str = ""

    def sentence(self) -> str:
        return f"stopped the integration checks of the app “{self.app}”"


@dataclass(frozen=True)
class ExamSettingsChanged(Happening):
    """Before and after hold the fields that differ; the value of the header is not among them, only whether there is one."""

    kind: ClassVar[str] = "exam_settings_changed"
    in_feed: ClassVar[bool] = False
    app: str
    before: dict[str, str]
    after: dict[str, str]

    def sentence(self) -> str:
        return f"changed what the integration checks know of the app “{self.app}”"

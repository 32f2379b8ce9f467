"""Happenings of Grow's content and of the feeds that carry it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class ContentSaved(Happening):
    """The draft changed; before and after hold the fields that differ."""

    kind: ClassVar[str] = "content_saved"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    item: str
    title: str
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        return f"changed “{self.title}”: " + ", ".join(sorted(self.after))


@dataclass(frozen=True)
class ContentMoved(Happening):
    kind: ClassVar[str] = "content_moved"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    item: str
    title: str
    before: str
    after: str
    number: int

    def sentence(self) -> str:
        return f"moved “{self.title}” from {self.before} to {self.after} (version {self.number})"


@dataclass(frozen=True)
class ContentReviewed(Happening):
    kind: ClassVar[str] = "content_reviewed"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    item: str
    title: str
    again_on: str

    def sentence(self) -> str:
        return f"read “{self.title}” through; again on {self.again_on}"


@dataclass(frozen=True)
class ContentDoneByPartner(Happening):
    """A partner did what an update asks for, or took that back."""

    kind: ClassVar[str] = "content_done"
    in_feed: ClassVar[bool] = False
    item: str
    title: str
    done: bool

    def sentence(self) -> str:
        return f"marked “{self.title}” as done" if self.done else f"marked “{self.title}” as not done yet"


@dataclass(frozen=True)
class FeedKeyMade(Happening):
    kind: ClassVar[str] = "feed_key_made"
    in_feed: ClassVar[bool] = False

    def sentence(self) -> str:
        return "made a new address for the feed"


@dataclass(frozen=True)
class FeedKeyRevoked(Happening):
    kind: ClassVar[str] = "feed_key_revoked"
    in_feed: ClassVar[bool] = False

    def sentence(self) -> str:
        return "revoked the address of the feed"

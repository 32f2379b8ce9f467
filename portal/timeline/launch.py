"""Happenings of Launch, of the public directory and of certificates."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.timeline import Happening


@dataclass(frozen=True)
class ListingSaved(Happening):
    """The draft changed; before and after hold the fields that differ."""

    kind: ClassVar[str] = "listing_saved"
    in_feed: ClassVar[bool] = False
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        return "changed the listing: " + ", ".join(sorted(self.after))


@dataclass(frozen=True)
class LogoUploaded(Happening):
    kind: ClassVar[str] = "logo_uploaded"
    name: str
    logo_key: str

    def sentence(self) -> str:
        return f"uploaded a logo, {self.name}"


@dataclass(frozen=True)
class DocumentAdded(Happening):
    kind: ClassVar[str] = "support_document_added"
    title: str

    def sentence(self) -> str:
        return f"added the support document “{self.title}”"


@dataclass(frozen=True)
class DocumentRemoved(Happening):
    kind: ClassVar[str] = "support_document_removed"
    title: str

    def sentence(self) -> str:
        return f"removed the support document “{self.title}”"


@dataclass(frozen=True)
class ListingSent(Happening):
    """The listing was said to be ready; `update` when one is published already."""

    kind: ClassVar[str] = "listing_sent"
    update: bool = False

    def sentence(self) -> str:
        return "sent an update of the listing" if self.update else "sent the listing to be published"


@dataclass(frozen=True)
class ListingTakenBack(Happening):
    kind: ClassVar[str] = "listing_taken_back"

    def sentence(self) -> str:
        return "took the listing back to work on it"


@dataclass(frozen=True)
class ListingPublished(Happening):
    kind: ClassVar[str] = "listing_published"
    slug: str
    changed: list[str] = field(default_factory=list)
    """The fields that are new since the last publication."""

    def sentence(self) -> str:
        return "published the update of your listing" if self.changed else "published your listing in the partner directory"


@dataclass(frozen=True)
class ListingDeclined(Happening):
    kind: ClassVar[str] = "listing_declined"
    text: str

    def sentence(self) -> str:
        return "did not publish the listing"


@dataclass(frozen=True)
class ListingWithdrawn(Happening):
    kind: ClassVar[str] = "listing_withdrawn"
    text: str

    def sentence(self) -> str:
        return "took the listing out of the directory"


@dataclass(frozen=True)
class GrowOpened(Happening):
    kind: ClassVar[str] = "grow_opened"

    def sentence(self) -> str:
        return "opened Grow: My Account, Build and Launch are complete"


@dataclass(frozen=True)
class CertificateIssued(Happening):
    kind: ClassVar[str] = "certificate_issued"
    number: str

    def sentence(self) -> str:
        return f"issued certificate {self.number}"


@dataclass(frozen=True)
class CertificateSuspended(Happening):
    kind: ClassVar[str] = "certificate_suspended"
    number: str
    text: str

    def sentence(self) -> str:
        return f"suspended certificate {self.number}"


@dataclass(frozen=True)
class CertificateRestored(Happening):
    kind: ClassVar[str] = "certificate_restored"
    number: str

    def sentence(self) -> str:
        return f"restored certificate {self.number}"

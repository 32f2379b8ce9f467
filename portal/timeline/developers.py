"""Happenings of the developers' area: apps, connections, webhooks, API keys."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.timeline import Happening


@dataclass(frozen=True)
class ApiKeyCreated(Happening):
    kind: ClassVar[str] = "api_key_created"
    name: str

    def sentence(self) -> str:
        return f"created the API key “{self.name}”"


@dataclass(frozen=True)
class ApiKeyRevoked(Happening):
    kind: ClassVar[str] = "api_key_revoked"
    name: str

    def sentence(self) -> str:
        return f"revoked the API key “{self.name}”"


@dataclass(frozen=True)
class ForwardingSwitched(Happening):
    """Passing webhooks on to the partner's own address: on or off, by a person or because it failed for long."""

    kind: ClassVar[str] = "forwarding_switched"
    app: str
    on: bool
    reason: str = ""

    def sentence(self) -> str:
        what = f"switched passing on the webhooks of {self.app} {'on' if self.on else 'off'}"
        return f"{what}: {self.reason}" if self.reason else what


@dataclass(frozen=True)
class WebhooksResent(Happening):
    kind: ClassVar[str] = "webhooks_resent"
    in_feed: ClassVar[bool] = False
    count: int

    def sentence(self) -> str:
        return f"resent {self.count} webhook{'s' if self.count != 1 else ''}"


@dataclass(frozen=True)
class AppRegistered(Happening):
    kind: ClassVar[str] = "app_registered"
    app: str
    environment: str

    def sentence(self) -> str:
        return f"registered the app “{self.app}” ({self.environment})"


@dataclass(frozen=True)
class AppChanged(Happening):
    """Before and after hold the fields that differ; no secret is among them."""

    kind: ClassVar[str] = "app_changed"
    in_feed: ClassVar[bool] = False
    app: str
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        return f"changed the app “{self.app}”"


@dataclass(frozen=True)
class AppCredentialsEntered(Happening):
    kind: ClassVar[str] = "app_credentials_entered"
    in_feed: ClassVar[bool] = False
    app: str

    def sentence(self) -> str:
        return f"entered the credentials of the app “{self.app}”"


@dataclass(frozen=True)
class AppSecretRotated(Happening):
    kind: ClassVar[str] = "app_secret_rotated"
    app: str
    what: str
    until: str
    """When the previous secret ends, ISO 8601."""

    def sentence(self) -> str:
        return f"gave the app “{self.app}” a new {self.what}"


@dataclass(frozen=True)
class AppOverlapEnded(Happening):
    kind: ClassVar[str] = "app_overlap_ended"
    app: str

    def sentence(self) -> str:
        return f"ended the validity of the previous secrets of the app “{self.app}”"


@dataclass(frozen=True)
class AppRetired(Happening):
    kind: ClassVar[str] = "app_retired"
    app: str

    def sentence(self) -> str:
        return f"retired the app “{self.app}”"


@dataclass(frozen=True)
class MerchantConnected(Happening):
    """An organisation allowed an app to act for it, for the first time or again."""

    kind: ClassVar[str] = "merchant_connected"
    app: str
    organisation: str
    again: bool = False

    def sentence(self) -> str:
        return f"connected organisation {self.organisation} to the app “{self.app}”{' again' if self.again else ''}"


@dataclass(frozen=True)
class MerchantDisconnected(Happening):
    """A connection ended: the token is forgotten. `delivery` is the key of the webhook that said so."""

    kind: ClassVar[str] = "merchant_disconnected"
    app: str
    organisation: str
    cause: str
    delivery: str = ""

    def sentence(self) -> str:
        return f"Organisation {self.organisation} is no longer connected to the app “{self.app}”: {self.cause}"

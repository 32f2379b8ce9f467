"""Happenings of the developers' area: apps, connections, webhooks, API keys."""

from dataclasses import dataclass
from typing import ClassVar

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

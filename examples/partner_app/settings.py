"""Everything that differs from one installation to the next, read from the environment; secrets never stand in the code."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet


@dataclass(frozen=True, slots=True)
class Settings:
    """The first four tell one GoCardless from another: the embedded sandbox, GoCardless's sandbox, live."""

    connect_url: str
    api_url: str
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    previous_webhook_secret: str = field(default="", repr=False)
    verify_url: str = ""
    public_url: str = "http://127.0.0.1:5050"
    folder: Path = Path("instance/partner_app")
    token_key: str = field(default="", repr=False)
    session_key: str = field(default="", repr=False)
    test_key: str = field(default="", repr=False)
    timeout: float = 10
    tries: int = 3
    pause: float = 1

    @property
    def redirect_uri(self) -> str:
        """Must be registered at GoCardless exactly as it stands here."""
        return f"{self.public_url}/callback"

    @property
    def webhook_url(self) -> str:
        return f"{self.public_url}/webhooks"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The current one first. The one before it stays good while GoCardless still tries webhooks signed with it."""
        return tuple(filter(None, (self.webhook_secret, self.previous_webhook_secret)))

    def pause_before(self, attempt: int) -> float:
        """Seconds to wait before this attempt, the first being number 0: none, one, two, four, … pauses."""
        return self.pause * 2 ** (attempt - 1) if attempt else 0


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises KeyError with the name of what is missing."""
    folder = Path(environment.get("PARTNER_APP_FOLDER", "instance/partner_app"))
    connect_url = environment.get("GOCARDLESS_CONNECT_URL", "https://connect-sandbox.gocardless.com")
    return Settings(
        connect_url=connect_url,
        api_url=environment.get("GOCARDLESS_API_URL", "https://api-sandbox.gocardless.com"),
        client_id=environment["GOCARDLESS_CLIENT_ID"],
        client_secret=environment["GOCARDLESS_CLIENT_SECRET"],
        webhook_secret=environment["GOCARDLESS_WEBHOOK_SECRET"],
        previous_webhook_secret=environment.get("GOCARDLESS_PREVIOUS_WEBHOOK_SECRET", ""),
        verify_url=environment.get("GOCARDLESS_VERIFY_URL", connect_url.replace("//connect", "//verify", 1)),
        public_url=environment.get("PARTNER_APP_URL", "http://127.0.0.1:5050"),
        folder=folder,
        token_key=environment.get("PARTNER_APP_TOKEN_KEY") or kept(folder / "token.key", Fernet.generate_key().decode()),
        session_key=environment.get("PARTNER_APP_SESSION_KEY") or kept(folder / "session.key", secrets.token_urlsafe(48)),
        test_key=environment.get("PARTNER_APP_TEST_KEY", ""),
    )


def kept(path: Path, fresh: str) -> str:
    """A text that only this user may read: what the file holds, or the fresh one, stored."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text()

"""The sandbox's own settings: read from variables that begin with SANDBOX_, strict outside development."""

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "::1")
Moves = Literal["clock", "at_once", "by_hand"]


class Settings(BaseSettings):
    """Everything that can be configured; each field is one SANDBOX_… variable."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", frozen=True, extra="ignore", populate_by_name=True)

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = 5001
    public_url: str = ""
    instance: Path = Field(default=Path("instance"), validation_alias=AliasChoices("SANDBOX_INSTANCE", "PORTAL_INSTANCE"))
    database_url: str = ""
    database_patience: float = 10
    secret_key: SecretStr = SecretStr("")
    processes: int = 1
    threads: int = 4

    moves: Moves = "clock"
    levers: bool | None = None
    levers_token: SecretStr = SecretStr("")

    code_minutes: float = 10
    rate_limit: int = 1000
    body_limit: int = 1_048_576
    fault_seconds: float = 65

    webhook_batch_seconds: float = 1.0
    webhook_batch_size: int = Field(default=250, ge=1, le=250)
    webhook_timeout: float = 10
    webhook_retry_minutes: tuple[float, ...] = (1, 2, 10, 30, 60, 120, 240, 480)
    webhook_senders: int = 4
    webhook_private_addresses: bool | None = None
    revoke_sends_disconnected: bool = True
    request_log_limit: int = 20_000

    @model_validator(mode="after")
    def _strict_outside_development(self) -> Self:
        if self.environment == "development":
            if self.host not in LOOPBACK:
                raise ValueError("SANDBOX_ENVIRONMENT must be production to listen beyond this machine")
            return self
        if not self.secret_key.get_secret_value():
            raise ValueError("SANDBOX_SECRET_KEY is required outside development")
        if self.levers and not self.levers_token.get_secret_value():
            raise ValueError("SANDBOX_LEVERS_TOKEN is required to open the levers outside development")
        return self

    @property
    def origin(self) -> str:
        """Where browsers and clients reach this sandbox, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def levers_open(self) -> bool:
        return self.environment == "development" if self.levers is None else self.levers

    @property
    def may_call_this_machine(self) -> bool:
        """Whether webhooks may go to private addresses: yes in development, else only when said."""
        asked = self.webhook_private_addresses
        return self.environment == "development" if asked is None else asked

    @property
    def engine_url(self) -> str:
        """The database URL, with the driver that we install named for PostgreSQL."""
        url = self.database_url or f"sqlite:///{self.instance.resolve() / 'sandbox.sqlite'}"
        for scheme in ("postgresql://", "postgres://"):
            if url.startswith(scheme):
                return "postgresql+psycopg://" + url.removeprefix(scheme)
        return url

    def signing_key(self) -> str:
        """The key of the session cookie: configured, or made once and kept in the instance folder."""
        if configured := self.secret_key.get_secret_value():
            return configured
        path = self.instance / "sandbox.key"
        if not path.exists():
            self.instance.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()

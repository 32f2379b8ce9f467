"""The settings of the portal: typed, read from the environment, strict outside development."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting is an environment variable named PORTAL_<FIELD>; a wrong value stops the start."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    environment: Literal["development", "test", "production"] = "production"
    instance: Path = Path("instance")
    host: str = "127.0.0.1"
    port: int = Field(default=5000, ge=1, le=65535)
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    encryption_keys: SecretStr = SecretStr("")
    """Comma-separated Fernet keys, newest first; all of them decrypt, the first encrypts."""

    signing_key: SecretStr = SecretStr("")
    """Signs certificates: an Ed25519 private key, 32 bytes as base64url. Its public half is published."""
    certificate_months: int = Field(default=12, ge=1, le=60)
    """How long a certificate holds."""

    database_url: str = ""
    storage_url: str = ""
    """Empty: instance/uploads. Otherwise s3://bucket/prefix."""
    storage_endpoint: str = ""
    redis_url: str = ""

    mail_transport: Literal["file", "smtp"] = "file"
    mail_sender: str = "Partner Portal <partner-portal@example.com>"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: bool = False

    outbox_lease: int = Field(default=300, ge=1, le=3600)
    """Seconds after which another worker may take over a row whose worker said nothing more."""
    processes: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=4, ge=1, le=64)
    """Of the web server; limits kept in memory are right with one process only."""

    embedded_connect_url: str = ""
    embedded_api_url: str = ""
    """The embedded sandbox, empty: http://127.0.0.1 at SANDBOX_PORT; `none` where there is no embedded sandbox."""
    gocardless_connect_url: str = "https://connect-sandbox.gocardless.com"
    gocardless_api_url: str = "https://api-sandbox.gocardless.com"
    live_connect_url: str = "https://connect.gocardless.com"
    live_api_url: str = "https://api.gocardless.com"
    embedded_levers_token: SecretStr = SecretStr("")
    """What the embedded sandbox calls SANDBOX_LEVERS_TOKEN; it asks for one outside development."""
    secret_overlap_hours: int = Field(default=24, ge=0, le=720)
    """How long an app's previous secrets stay valid after a rotation."""
    outgoing_loopback: bool = False
    """Whether addresses that people type may be on this machine: for development and tests only."""
    webhook_days: int = Field(default=90, ge=1, le=3650)
    """How long received webhooks are kept."""
    webhook_rate: int = Field(default=600, ge=1)
    """Webhooks a second that one endpoint may receive before it is told 429."""

    exam_patience: float = Field(default=10, ge=0.1, le=60)
    """Seconds in which a partner's own side must answer an integration check (API reference: webhooks within ten)."""
    proof_days: int = Field(default=90, ge=1, le=3650)
    """How long what a check proved holds."""
    exam_days: int = Field(default=90, ge=1, le=3650)
    """How long integration checks are kept that nothing rests on any more."""

    antivirus: str = ""
    """Empty: no scan. Otherwise host:port of clamd."""
    office_country: str = "GB"
    office_subdivision: str = "ENG"
    office_zone: str = "Europe/London"
    office_opens: str = "09:00"
    office_closes: str = "17:00"
    review_days: int = Field(default=5, ge=1, le=60)
    """Working days until feedback, https://gocardless.com partner guide: five."""
    support_hours: int = Field(default=8, ge=1, le=400)
    """Working hours until what a partner wrote in a support case is answered: one working day."""
    lead_update_days: int = Field(default=10, ge=1, le=90)
    """Working days after which a partner hears of an open lead at the latest."""
    crm_url: str = ""
    crm_secret: SecretStr = SecretStr("")
    """Where changes of leads are sent, signed as Standard Webhooks asks (whsec_…); empty: nowhere."""
    export_days: int = Field(default=7, ge=1, le=90)
    """How long a document or an archive that somebody asked for is kept."""
    invitation_days: int = Field(default=14, ge=1, le=90)
    staff_second_factor: Literal["production", "always"] = "production"
    """Where staff must have a second factor; development and tests may ask for it too."""
    proxy_hops: int = Field(default=0, ge=0, le=5)
    catalog_folder: Path | None = None
    cheap_passwords: bool = False
    """Tests only: argon2 with the smallest parameters."""

    @field_validator("database_url")
    @classmethod
    def _psycopg(cls, url: str) -> str:
        """SQLAlchemy 2.0 reads postgresql:// as psycopg2; the driver here is psycopg 3."""
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @model_validator(mode="after")
    def _strict_in_production(self) -> Self:
        if self.environment == "production":
            for name in ("secret_key", "encryption_keys", "signing_key"):
                if not getattr(self, name).get_secret_value():
                    raise ValueError(f"PORTAL_{name.upper()} must be set outside development")
            if not self.public_url.startswith("https://"):
                raise ValueError("PORTAL_PUBLIC_URL must be the https:// address of the portal outside development")
            if "mail_transport" not in self.model_fields_set:
                raise ValueError("PORTAL_MAIL_TRANSPORT must say how mail leaves outside development: smtp or file")
            if self.cheap_passwords:
                raise ValueError("PORTAL_CHEAP_PASSWORDS is for tests only")
            if self.outgoing_loopback:
                raise ValueError("PORTAL_OUTGOING_LOOPBACK is for development and tests only")
        return self

    @property
    def development(self) -> bool:
        return self.environment != "production"

    @property
    def staff_need_second_factor(self) -> bool:
        return self.staff_second_factor == "always" or self.environment == "production"

    @property
    def address(self) -> str:
        """Where people reach the portal, without a trailing slash; links in mails start with it."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'portal.sqlite'}"

    @property
    def storage(self) -> str:
        """Where files are kept: a folder, or s3://bucket/prefix."""
        return self.storage_url or str(self.instance.resolve() / "uploads")

    def flask(self) -> dict[str, object]:
        """What Flask and its extensions read."""
        secure = self.address.startswith("https://")
        return {
            "SECRET_KEY": self.secret("secret_key"),
            "SQLALCHEMY_DATABASE_URI": self.database,
            "MAX_CONTENT_LENGTH": 210 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
            "SESSION_COOKIE_NAME": "portal_session",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": secure,
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "WTF_CSRF_TIME_LIMIT": None,
            "COMPRESS_ALGORITHM": ["gzip"],
            "COMPRESS_LEVEL": 1,
            "COMPRESS_MIMETYPES": ["text/html", "application/json"],
            "COMPRESS_STREAMS": False,
            "RATELIMIT_STORAGE_URI": self.redis_url or "memory://",
            "RATELIMIT_STRATEGY": "fixed-window",
            "RATELIMIT_KEY_PREFIX": "portal-v1-fixed",
            "RATELIMIT_HEADERS_ENABLED": False,
        }

    def secret(self, name: Literal["secret_key", "encryption_keys", "signing_key"]) -> str:
        """The configured secret, or in development one that is made once and kept in the instance folder."""
        return getattr(self, name).get_secret_value() or _kept_secret(self.instance / f"{name}.txt", name)


def _kept_secret(path: Path, name: str) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = _FRESH[name]()
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text().strip()


def _fernet_key() -> str:
    return Fernet.generate_key().decode()


_FRESH: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "encryption_keys": _fernet_key,
    "signing_key": lambda: secrets.token_urlsafe(32),
}

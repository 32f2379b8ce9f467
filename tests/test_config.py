"""Settings: comfortable in development, strict elsewhere, and wrong values are refused by name."""

import pytest
from pydantic import ValidationError

from portal.config import Settings

PRODUCTION = {
    "environment": "production",
    "public_url": "https://portal.example.com",
    "secret_key": "x" * 40,
    "encryption_keys": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
    "signing_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "mail_transport": "smtp",
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    from os import environ

    for name in [name for name in environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)


def test_production_is_the_default_and_refuses_to_start_bare():
    with pytest.raises(ValidationError):
        Settings()
    assert Settings(**PRODUCTION).environment == "production"


@pytest.mark.parametrize("missing", ["public_url", "secret_key", "encryption_keys", "signing_key", "mail_transport"])
def test_production_names_what_is_missing(missing):
    with pytest.raises(ValidationError, match=f"PORTAL_{missing.upper()}"):
        Settings(**{name: value for name, value in PRODUCTION.items() if name != missing})


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "http://portal.example.com"},
        {"cheap_passwords": True},
        {"outgoing_loopback": True},
        {"port": 0},
        {"threads": 0},
        {"proxy_hops": -1},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(**PRODUCTION | wrong)


def test_keys_of_development_are_made_once_and_readable_by_their_owner_only(tmp_path):
    settings = Settings(environment="development", instance=tmp_path)
    assert settings.secret("secret_key") == settings.secret("secret_key")
    assert (tmp_path / "secret_key.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("url", ["postgres://u@h/db", "postgresql://u@h/db"])
def test_database_urls_get_our_driver(url):
    assert Settings(**PRODUCTION, database_url=url).database == "postgresql+psycopg://u@h/db"


def test_secrets_do_not_show():
    assert "x" * 40 not in repr(Settings(**PRODUCTION))

"""Secrets at rest: encrypted with the configured keys, the newest first, so that keys can be changed without loss."""

from cryptography.fernet import Fernet, MultiFernet

_keys: list[MultiFernet] = []


def configure(keys: str) -> None:
    """Take the comma-separated Fernet keys; raises ValueError when one is no key."""
    _keys[:] = [MultiFernet([Fernet(key.strip()) for key in keys.split(",")])]


def seal(text: str) -> bytes:
    return _keys[0].encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Raises cryptography.fernet.InvalidToken when no configured key fits."""
    return _keys[0].decrypt(sealed).decode()


def reseal(sealed: bytes) -> bytes:
    return _keys[0].rotate(sealed)

"""Secrets at rest: encrypted with the configured keys, the newest first, so that keys can be changed without loss."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_keys: list[MultiFernet] = []
_newest: list[Fernet] = []


def configure(keys: str) -> None:
    """Take the comma-separated Fernet keys; raises ValueError when one is no key."""
    known = [Fernet(key.strip()) for key in keys.split(",")]
    _keys[:], _newest[:] = [MultiFernet(known)], known[:1]


def seal(text: str) -> bytes:
    return _keys[0].encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Raises cryptography.fernet.InvalidToken when no configured key fits."""
    return _keys[0].decrypt(sealed).decode()


def reseal(sealed: bytes) -> bytes | None:
    """Encrypted with the newest key; None when it is so already. Raises InvalidToken when no configured key fits."""
    try:
        _newest[0].decrypt(sealed)
    except InvalidToken:
        return _keys[0].rotate(sealed)
    return None

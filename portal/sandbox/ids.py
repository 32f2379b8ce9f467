"""Identifiers and secrets: prefix and Crockford base32 for resources, random text for what must not be guessed."""

import hashlib
import secrets
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY_LENGTH = 12
FLOW_LENGTH = 29


def resource_id(prefix: str) -> str:
    """A new id that grows with time, as the real ones do: ``PM`` + 12 characters.

    A process makes less than one in a microsecond; the random bits keep several processes apart.
    """
    moment = time.time_ns() // 1_000
    return prefix + _digits((moment << 9 | secrets.randbits(9)) % (1 << 60), BODY_LENGTH)


def flow_id(prefix: str) -> str:
    """The longer, unguessable kind of id, used where the id alone opens a page."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(FLOW_LENGTH))


def access_token() -> str:
    return "sandbox_" + secrets.token_urlsafe(30)


def session_token() -> str:
    return "sesh_sandbox_" + secrets.token_urlsafe(30)


def request_id() -> str:
    """A UUID, written out directly because one is made for every call."""
    h = secrets.token_hex(16)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def hashed(secret: str) -> str:
    """What is stored of a token, code or client secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _digits(number: int, length: int) -> str:
    out = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        out.append(ALPHABET[rest])
    return "".join(reversed(out))

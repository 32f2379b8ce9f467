"""What the portal signs, so that others can check it without asking: Ed25519 over canonical JSON."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "Ed25519"
_keys: list[Ed25519PrivateKey] = []


class NotGenuine(Exception):
    """What was signed and the signature do not belong together; the words say what is wrong."""


def configure(secret: str) -> None:
    """Take the private key: 32 bytes as base64url. Raises ValueError when it is none."""
    _keys[:] = [Ed25519PrivateKey.from_private_bytes(unpack(secret))]


def new_secret() -> str:
    return pack(Ed25519PrivateKey.generate().private_bytes_raw())


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way to write a document down: RFC 8785 for texts, whole numbers, true, false, lists and objects."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sign(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its signature in the field of that name."""
    signature = {"algorithm": ALGORITHM, "key_id": key_id(public_key()), "value": pack(_keys[0].sign(canonical(document)))}
    return {**document, "signature": signature}


def verify(document: Mapping[str, Any], public: str) -> None:
    """Raises NotGenuine when a single sign of it was changed, or when another key signed it."""
    rest = dict(document)
    signature = rest.pop("signature", None)
    if not isinstance(signature, dict) or set(signature) != {"algorithm", "key_id", "value"}:
        raise NotGenuine("There is no signature in it.")
    if signature["algorithm"] != ALGORITHM or signature["key_id"] != key_id(public):
        raise NotGenuine("It was signed with another key.")
    try:
        Ed25519PublicKey.from_public_bytes(unpack(public)).verify(unpack(signature["value"]), canonical(rest))
    except (InvalidSignature, ValueError, TypeError) as wrong:
        raise NotGenuine("It was changed after it was signed.") from wrong


def read(text: bytes) -> dict[str, Any]:
    """A signed document exactly as it was written. Raises NotGenuine for any other form of the same: what is shown is what was signed."""
    try:
        document = json.loads(text.strip())
        same = isinstance(document, dict) and canonical(document) == text.strip()
    except (ValueError, RecursionError) as broken:
        raise NotGenuine("This is not a signed document.") from broken
    if not same:
        raise NotGenuine("It was changed, or written down anew, after it was signed.")
    return dict(document)


def public_key() -> str:
    """32 bytes as base64url, as RFC 8037 has it in `x`."""
    return pack(_keys[0].public_key().public_bytes_raw())


def key_id(public: str) -> str:
    """The thumbprint of RFC 7638 (its form for Ed25519 is in RFC 8037)."""
    wanted = canonical({"crv": ALGORITHM, "kty": "OKP", "x": public})
    return pack(hashlib.sha256(wanted).digest())


def published() -> dict[str, Any]:
    """The public key as a set of keys (RFC 7517)."""
    public = public_key()
    return {"keys": [{"kty": "OKP", "crv": ALGORITHM, "x": public, "kid": key_id(public), "use": "sig", "alg": "EdDSA"}]}


def pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpack(text: str) -> bytes:
    """Raises ValueError for anything but the one way in which `pack` writes these bytes."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, TypeError) as broken:
        raise ValueError("not base64url") from broken
    if pack(data) != text:
        raise ValueError("not base64url as it is written here")
    return data

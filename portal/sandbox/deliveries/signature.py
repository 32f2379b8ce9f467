"""The signature of a webhook: HMAC-SHA256 over the very bytes that are sent, in lower-case hex, and nothing else."""

import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

"""Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them."""

import hashlib
import hmac
import json

from settings import WEBHOOK_SECRET


class InvalidSignature(Exception):
    """Answer 498, and do nothing else."""


def events(body, signature):
    """`body` are the raw bytes, `signature` the header Webhook-Signature or None. Answer 204 once the events are stored.

    Events may come twice and in any order: remember their ids, and read the resource anew before you act.
    """
    expected = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), (signature or "").encode()):
        raise InvalidSignature
    return json.loads(body)["events"]

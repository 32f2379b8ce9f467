"""Why a signature does not fit, found out by trying what people get wrong. Secrets are tried, and never told.

A signature is made of a secret, a body and a way to write it down. Each of the three may be wrong in ways that are known
(portal.webhooks.mistakes and rewriting); all of them are tried together, the fewest mistakes first, until one gives what was sent.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.status import Signature
from portal.webhooks import apart, parsing, receiving
from portal.webhooks.mistakes import Form, Key, forms, keys
from portal.webhooks.reasons import Explanation, Reason
from portal.webhooks.rewriting import Body, bodies
from portal.webhooks.understanding import Read

MOST_BYTES = 16_000_000
"""Hashed for one explanation; a tenth of a second or less."""
SHA256_DIGITS = 64

_APPS = (
    select(
        PartnerApp.id, PartnerApp.partner_id, PartnerApp.name, PartnerApp.environment, PartnerApp.client_secret,
        PartnerApp.previous_client_secret, PartnerApp.webhook_secret, PartnerApp.previous_webhook_secret,
    )
    .where(PartnerApp.partner_id.in_(bindparam("partners", expanding=True)))
    .order_by(PartnerApp.id)
)  # fmt: skip


def explained(read: Sequence[Read]) -> list[Read]:
    """The same deliveries; those with a wrong signature have an explanation now. One statement, when there are any."""
    wrong = [one for one in read if one.row.signature is Signature.INVALID and not one.row.reason]
    if not wrong:
        return list(read)
    with apart.reading(db.engine) as connection:
        apps = connection.execute(_APPS, {"partners": sorted({one.row.partner_id for one in wrong})}).all()
    found = {one.id: _of(one, apps) for one in wrong}
    return [replace(one, explanation=found.get(one.id)) for one in read]


def _of(one: Read, apps: Sequence[Row[Any]]) -> Explanation:
    mine = [app for app in apps if app.partner_id == one.row.partner_id]
    given = [value for name, value in one.row.headers if name.lower() == receiving.HEADER.lower()]
    return explain(one.raw, given[0] if given else "", keys(mine, one.row.app_id))


def explain(raw: bytes, header: str, known: Sequence[Key]) -> Explanation:
    """The mistakes that together give this header from this body, or what can be said without having found them."""
    ways = list(forms(header))
    found = _found(ways, known, raw)
    return found or Explanation(_plain_to_see(header, ways, raw))


@dataclass(frozen=True, slots=True)
class _Trial:
    """One secret with one body; the mistakes that they are."""

    key: Key
    body: Body

    @property
    def mistakes(self) -> int:
        return len(self.key.mistakes) + len(self.body.mistakes)


def _found(ways: Sequence[Form], known: Sequence[Key], raw: bytes) -> Explanation | None:
    left = MOST_BYTES
    for trial in _trials(known, raw):
        for make, mistakes in _MADE if not trial.mistakes else _KEYED:
            fitting = [way for way in ways if len(way.digits) == _DIGITS[make]]
            if not fitting:
                continue
            left -= len(trial.body.raw) + 128
            if left < 0:
                return None
            made = make(trial.key.secret, trial.body.raw)
            for way in fitting:
                if hmac.compare_digest(made, way.digits):
                    return _explanation(trial, (*mistakes, *way.mistakes))
    return None


def _trials(known: Sequence[Key], raw: bytes) -> Iterator[_Trial]:
    """The fewest mistakes first: all bodies with the right secret, then all secrets with this body, then both wrong."""
    variants = list(bodies(raw))
    return iter(sorted((_Trial(key, body) for key, body in product(known, variants)), key=lambda trial: trial.mistakes))


def _explanation(trial: _Trial, how: Iterable[Reason]) -> Explanation:
    """Whose secret it was comes first, then what was done to the body, then how the signature was written."""
    reasons = tuple(dict.fromkeys((*trial.key.mistakes, *trial.body.mistakes, *how)))
    return Explanation(reasons[0], reasons[1:], trial.key.app) if reasons else Explanation(Reason.NEWER_SECRET)


def _plain_to_see(header: str, ways: Sequence[Form], raw: bytes) -> Reason:
    """When nothing fits: what is odd about the header, or about the body."""
    if not header.isascii():
        return Reason.NON_ASCII_HEADER
    if not ways:
        return Reason.NOT_A_SIGNATURE
    if sum(Reason.DUPLICATED_HEADER in way.mistakes for way in ways) > 1:
        return Reason.DUPLICATED_HEADER
    if all(len(way.digits) != SHA256_DIGITS for way in ways):
        return Reason.OTHER_HASH
    if parsing.understand(raw).problem in (parsing.ENDS_EARLY, parsing.GZIP_CUT):
        return Reason.CUT_ON_THE_WAY
    return Reason.UNKNOWN


def _hmac(name: str) -> Callable[[bytes, bytes], str]:
    return lambda secret, body: hmac.new(secret, body, name).hexdigest()


_MADE: Sequence[tuple[Callable[[bytes, bytes], str], tuple[Reason, ...]]] = (
    (_hmac("sha256"), ()),
    (_hmac("sha1"), (Reason.SHA1,)),
    (_hmac("sha512"), (Reason.OTHER_HASH,)),
    (_hmac("sha384"), (Reason.OTHER_HASH,)),
    (_hmac("md5"), (Reason.OTHER_HASH,)),
    (lambda secret, body: hashlib.sha256(body).hexdigest(), (Reason.PLAIN_HASH,)),
    (lambda secret, body: hashlib.sha256(secret + body).hexdigest(), (Reason.PLAIN_HASH,)),
    (lambda secret, body: hashlib.sha256(body + secret).hexdigest(), (Reason.PLAIN_HASH,)),
)
"""How a signature may have been made of secret and body; only the first is right."""
_KEYED = _MADE[:5]
_DIGITS = {make: len(make(b"k", b"")) for make, _ in _MADE}

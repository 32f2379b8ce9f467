"""HTTP requests to addresses that a person typed: the only place that sends them, and only to public ones.

`check` for forms (what is typed, without asking anybody), `send` for the request itself. A name is looked up once, every
address that it has must be allowed, and the connection goes to one of exactly these: a name that leads elsewhere a moment
later changes nothing. Redirects are answers, not orders; there are no proxies, no cookies and no second attempts.
"""

from portal.outgoing.addresses import configure
from portal.outgoing.places import check
from portal.outgoing.refused import (
    BadHeader,
    BadUrl,
    Forbidden,
    Garbled,
    NotSent,
    TimedOut,
    TlsFailed,
    TooLarge,
    Unreachable,
)
from portal.outgoing.sending import Answer, send

__all__ = [
    "Answer",
    "BadHeader",
    "BadUrl",
    "Forbidden",
    "Garbled",
    "NotSent",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "Unreachable",
    "check",
    "configure",
    "send",
]

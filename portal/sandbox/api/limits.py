"""The rate limit: so many calls a minute for each token, counted in this process, said in the headers."""

import threading
import time
from email.utils import formatdate
from functools import lru_cache
from math import ceil

from portal.sandbox.errors import usage

WINDOW = 60
BALANCES_LIMIT = 60


class Limiter:
    """Counts per key and minute; ``limit`` 0 means none is enforced, though the headers are still sent."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._counts: dict[str, int] = {}
        self._window = 0
        self._lock = threading.Lock()

    def count(self, key: str, limit: int | None = None) -> dict[str, str]:
        """The headers for this call. Raises the 429 error, which carries the same headers in its own way."""
        allowed = self.limit if limit is None else min(limit, self.limit or limit)
        window = int(time.time()) // WINDOW
        with self._lock:
            if window != self._window:
                self._counts, self._window = {}, window
            used = self._counts[key] = self._counts.get(key, 0) + 1
        headers = _headers(allowed or 1000, used if allowed else 0, (window + 1) * WINDOW)
        if allowed and used > allowed:
            raise Exceeded(headers)
        return headers

    def clear(self) -> None:
        with self._lock:
            self._counts = {}


class Exceeded(Exception):
    """Too many calls; carries the headers of the answer."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.error = usage(429, "rate_limit_exceeded", "Rate limit exceeded")


def told_to_wait(seconds: float) -> dict[str, str]:
    """The headers of a refusal that ends so many seconds from now, or up to one later: the date in them has whole seconds."""
    return _headers(1000, 1000, ceil(time.time() + seconds))


def _headers(limit: int, used: int, reset: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(limit - used, 0)),
        "RateLimit-Reset": _http_date(reset),
    }


@lru_cache(maxsize=4)
def _http_date(moment: int) -> str:
    return formatdate(moment, usegmt=True)

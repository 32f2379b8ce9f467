"""How many webhooks a second an endpoint takes: counted in memory, so the limit is per process of the web server."""

import time

_seconds: dict[int, tuple[int, int]] = {}


def too_fast(app_id: int, rate: int) -> bool:
    """Whether this second has seen more than `rate` webhooks of the app. Two threads may count as one: a limit, not a ledger."""
    now = int(time.monotonic())
    second, seen = _seconds.get(app_id, (now, 0))
    seen = seen + 1 if second == now else 1
    _seconds[app_id] = now, seen
    return seen > rate

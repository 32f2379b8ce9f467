"""When a webhook that was passed on is tried again: published on the page, as the sender's own schedule is."""

from datetime import timedelta

GAPS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
"""After the first try, which is at once: like the schedule of Svix (https://docs.svix.com/retries), about as many tries as GoCardless."""
TRIES = len(GAPS) + 1
WORDS = ("at once", "5 seconds", "1 minute", "5 minutes", "30 minutes", "2 hours", "5 hours", "10 hours")


def gap(attempt: int) -> timedelta | None:
    """How long to wait after this try; None when it was the last."""
    return GAPS[attempt - 1] if 1 <= attempt <= len(GAPS) else None

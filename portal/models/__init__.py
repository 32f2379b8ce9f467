"""The nouns. Importing this package registers every table."""

from portal.models import (
    api_key,
    delivery,
    event,
    evidence,
    feed,
    integration,
    outbox,
    partner,
    partner_app,
    people,
    review,
    run,
)

__all__ = [
    "api_key",
    "delivery",
    "event",
    "evidence",
    "feed",
    "integration",
    "outbox",
    "partner",
    "partner_app",
    "people",
    "review",
    "run",
]

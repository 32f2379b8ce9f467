"""The nouns. Importing this package registers every table."""

from portal.models import (
    api_key,
    certificate,
    delivery,
    directory,
    event,
    evidence,
    feed,
    integration,
    listing,
    outbox,
    partner,
    partner_app,
    payment,
    people,
    review,
    run,
)

__all__ = [
    "api_key",
    "certificate",
    "delivery",
    "directory",
    "event",
    "evidence",
    "feed",
    "integration",
    "listing",
    "outbox",
    "partner",
    "partner_app",
    "payment",
    "people",
    "review",
    "run",
]

"""The nouns. Importing this package registers every table."""

from portal.models import event, evidence, integration, outbox, partner, people, review

__all__ = ["event", "evidence", "integration", "outbox", "partner", "people", "review"]

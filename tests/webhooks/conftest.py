"""An app whose endpoint receives webhooks."""

from tests.webhooks.sending import hook  # noqa: F401 - a fixture of this room

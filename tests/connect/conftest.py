"""Connect tests are made at a real sandbox."""

from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures

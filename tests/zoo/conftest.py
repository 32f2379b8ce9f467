"""A sandbox for this process, and this machine as a place that checks may call."""

import pytest

from portal.outgoing import addresses
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture


@pytest.fixture
def _loopback():
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    yield
    addresses.configure(loopback=before)

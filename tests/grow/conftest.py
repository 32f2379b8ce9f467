"""Grow is open for both partners."""

import pytest

from portal.transaction import writing
from tests.grow import acts


@pytest.fixture
def grown(world, app):
    with app.app_context(), writing():
        acts.open_grow()
    return world


@pytest.fixture
def publish(grown, app):
    """`publish(title, **values)`: stored and shown; its key."""

    def one(title, **values):
        with app.app_context(), writing():
            return acts.publish(grown, title, **values)

    return one

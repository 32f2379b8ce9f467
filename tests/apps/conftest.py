"""The tests of apps meet a real sandbox, and find what its rows say."""

import pytest

from portal.extensions import db
from portal.models.partner_app import PartnerApp
from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures of this room


@pytest.fixture
def row(app):
    """Reads something of an app's row: `row(key, lambda app: app.name)`."""

    def read(key, what):
        with app.app_context():
            return what(db.session.query(PartnerApp).filter_by(key=key).one())

    return read


@pytest.fixture
def keys(app):
    """The keys of all apps there are, oldest first."""

    def read():
        with app.app_context():
            return [key for (key,) in db.session.query(PartnerApp.key).order_by(PartnerApp.id)]

    return read

"""The sandbox next door is told of the demo's apps and merchants, and then everything that the pages offer works."""

import pytest
import requests
from sqlalchemy import select

from portal import gocardless as door
from portal.apps.sandbox import NotAnswering
from portal.demo import next_door
from portal.extensions import db
from portal.models.partner_app import Connection, PartnerApp
from portal.status import ConnectionStatus, Environment
from tests.developers_world import sandbox_server, sandbox_settings  # noqa: F401 - fixtures


@pytest.fixture
def _told(played, sandbox_settings):  # noqa: F811 - the fixture
    with played.app.app_context():
        for _ in "ab":  # every start does it again
            next_door.introduce(sandbox_settings)
        yield
        db.session.rollback()


@pytest.mark.usefixtures("_told")
def test_merchants_can_be_called_with_the_tokens_that_the_demo_keeps():
    connected = db.session.scalars(select(Connection).filter_by(status=ConnectionStatus.CONNECTED)).all()
    assert len(connected) == 3
    for connection in connected:
        (creditor,) = door.client(Environment.EMBEDDED, connection.access_token).creditors.list().records
        assert (creditor.id, creditor.name) == (connection.creditor_id, connection.creditor_name)


@pytest.mark.usefixtures("_told")
def test_apps_are_registered_with_their_secrets(sandbox_settings):  # noqa: F811 - the fixture
    apps = db.session.scalars(select(PartnerApp)).all()
    assert len(apps) == 4
    for app in apps:
        sent = {"token": "none", "client_id": app.client_id, "client_secret": app.client_secret}
        answer = requests.post(f"{sandbox_settings.embedded_api_url}/oauth/introspect", data=sent, timeout=10)
        assert answer.status_code == 200
        shown = requests.get(f"{sandbox_settings.embedded_api_url}/_sandbox/apps/{app.client_id}", timeout=10).json()
        assert shown["webhook_url"].endswith(f"/hooks/{app.hook_key}")


def test_without_a_sandbox_it_says_so(played, app):
    nobody = app.settings.model_copy(
        update={"embedded_api_url": "http://127.0.0.1:9", "embedded_connect_url": "http://127.0.0.1:9"}
    )
    door.configure(nobody)
    try:
        with played.app.app_context(), pytest.raises(NotAnswering):
            next_door.introduce(nobody)
    finally:
        door.configure(app.settings)

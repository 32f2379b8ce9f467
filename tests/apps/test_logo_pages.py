"""The logo of an app: drawn anew, shown to the team and to staff, refused in words."""

import io

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.storage import current as storage
from portal.transaction import writing
from tests.files.samples import png

SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>'


@pytest.fixture
def key(app, world):
    with app.app_context(), writing():
        made = PartnerApp(partner_id=world.partners["acme"], environment=Environment.GOCARDLESS, name="Our app")
        db.session.add(made)
        db.session.flush()
        return made.key


def send(client, key, data, name="logo.png"):
    return client.post(f"/developers/apps/{key}/logo", data={"logo": (io.BytesIO(data), name)})


def kept(app, key):
    with app.app_context():
        return db.session.scalars(select(PartnerApp.logo_key).where(PartnerApp.key == key)).one()


def test_the_team_and_staff_see_what_was_drawn_and_the_one_before_is_forgotten(app, alice, bob, rita, carol, nobody, key):
    assert send(alice, key, png(width=1200, height=600)).status_code == 303
    first = kept(app, key)
    for client in (alice, bob, rita):
        assert client.get(f"/developers/apps/{key}/logo.png").mimetype == "image/png"
        assert "logo.png" in client.get(f"/developers/apps/{key}").text
    assert carol.get(f"/developers/apps/{key}/logo.png").status_code == 404
    assert nobody.get(f"/developers/apps/{key}/logo.png").status_code == 302
    send(bob, key, png(width=1000, height=1000))
    assert kept(app, key) != first
    with app.app_context(), pytest.raises(FileNotFoundError):
        storage().read(first)


@pytest.mark.parametrize(
    ("data", "words"),
    [(png(width=20, height=20), "at least 1,000"), (b"plain words", "not a PNG"), (SCRIPTED, "SVG"), (b"", "empty")],
)
def test_what_is_no_logo_is_refused_in_words(app, alice, key, data, words):
    answer = send(alice, key, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert kept(app, key) is None
    assert alice.get(f"/developers/apps/{key}/logo.png").status_code == 404


def test_no_file_another_partner_and_a_retired_app(app, alice, carol, rita, key):
    assert "Choose a file first." in alice.post(f"/developers/apps/{key}/logo", data={}).text
    assert send(carol, key, png(width=1200, height=600)).status_code == 404
    assert send(rita, key, png(width=1200, height=600)).status_code == 403
    alice.post(f"/developers/apps/{key}/retire")
    assert send(alice, key, png(width=1200, height=600)).status_code in (409, 410)

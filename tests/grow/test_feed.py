"""The Atom feed: valid, only what its partner may read, asked again cheaply, and gone once its key is."""

import re
from xml.etree import ElementTree as ET

import pytest

from portal.extensions import db
from portal.grow import publishing
from portal.models.content import FeedKey
from portal.models.event import Event
from portal.models.listing import Listing
from portal.status import ListingStatus
from portal.transaction import writing
from tests.grow import acts

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def made(client):
    assert client.post("/grow/feed/renew").status_code == 303
    return re.search(r"https?://[^/]+(/feeds/[\w-]+\.atom)", client.get("/grow/feed").text)[1]


def read(client, path, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return ET.fromstring(answer.data)


def test_it_is_valid_and_holds_what_this_partner_may_read(publish, alice, carol, nobody):
    odd = 'Retries & <limits> "quoted" ]]> \U0001f600'
    publish(
        odd,
        kind="update",
        action_by="2099-01-31",
        tags=["retries"],
        body="# Head\n\n[x](/developers) & <https://a.example/?b=1&c=2>",
    )
    publish("For Birch", schemes=["sepa_core"])
    feed = read(nobody, made(alice))
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == odd
    assert TIME.fullmatch(entry.find(f"{ATOM}updated").text)
    assert TIME.fullmatch(entry.find(f"{ATOM}published").text)
    assert entry.find(f"{ATOM}summary").text.startswith("Action required by 2099-01-31.")
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert re.search(r'href="https?://[^"/]+/developers"', content.text)
    assert {one.get("term") for one in entry.findall(f"{ATOM}category")} == {"update", "retries"}
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert {one.find(f"{ATOM}title").text for one in read(nobody, made(carol)).findall(f"{ATOM}entry")} == {odd, "For Birch"}


def test_it_says_what_kind_it_is_and_is_kept_by_nobody_else(publish, alice, nobody):
    answer = nobody.get(made(alice))
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_it_is_asked_again_cheaply(publish, grown, app, alice, nobody):
    key = publish("One")
    path = made(alice)
    first = nobody.get(path)
    for headers in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = nobody.get(path, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
    with app.app_context(), writing():
        publishing.archive(acts.item_of(key), by=grown.user("pam"))
    changed = nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"<entry>" not in changed.data


def test_a_renewed_key_ends_the_old_one_and_a_revoked_one_is_gone(grown, app, alice, nobody):
    old = made(alice)
    new = made(alice)
    assert old != new
    assert (nobody.get(old).status_code, nobody.get(new).status_code) == (410, 200)
    assert alice.post("/grow/feed/revoke").status_code == 303
    assert nobody.get(new).status_code == 410
    assert "feeds/" not in alice.get("/grow/feed").text
    alice.post("/grow/feed/revoke")
    with app.app_context():
        assert db.session.query(FeedKey).filter(FeedKey.token.is_not(None)).count() == 0
        kinds = [event.kind for event in db.session.query(Event) if event.kind.startswith("feed")]
    assert kinds.count("feed_key_revoked") == 1


@pytest.mark.parametrize("token", ["made-up", "x" * 500, "%00", "..%2f", "é", "' OR 1=1 --"])
def test_an_address_that_never_was_is_not_found(grown, alice, nobody, token):
    made(alice)
    assert nobody.get(f"/feeds/{token}.atom").status_code == 404


def test_the_key_is_for_admins_and_the_team_may_read_it(grown, alice, bob, carol, rita):
    path = made(alice)
    assert path in bob.get("/grow/feed").text
    assert path not in carol.get("/grow/feed").text
    for verb in ("renew", "revoke"):
        assert bob.post(f"/grow/feed/{verb}").status_code == 403
        assert rita.post(f"/grow/feed/{verb}").status_code == 403
    assert bob.get(path).status_code == 200


def test_it_is_locked_with_grow(grown, app, alice, nobody):
    path = made(alice)
    with app.app_context(), writing():
        db.session.query(Listing).update({"status": ListingStatus.WITHDRAWN})
    assert nobody.get(path).status_code == 409
    assert alice.post("/grow/feed/renew").location == "/grow"

"""Home, updates and the areas, as each person meets them."""

import pytest

from portal import timeline
from portal.timeline.account import Joined, SecurityEvent
from portal.timeline.build import InternalNoteWritten, MessagePosted
from portal.transaction import writing


def happen(app, world, *happenings, by="rita"):
    with app.app_context(), writing():
        for happening in happenings:
            timeline.record(happening, by=world.user(by), integration=world.integration("acme"), section_key="oauth")


def test_home_shows_four_areas_and_one_next_step(alice):
    page = alice.get("/")
    for title in ("My Account", "Build", "Launch", "Grow"):
        assert f"<h2>{title}</h2>" in page.text
    assert "Get Started" in page.text
    assert page.text.count('class="p-next"') == 1


def test_staff_and_visitors_are_sent_to_their_own_door(rita, nobody):
    assert rita.get("/").location == "/staff/queue"
    assert nobody.get("/").location == "/welcome"


@pytest.mark.parametrize("path", ["/launch", "/grow", "/developers", "/support"])
def test_every_area_can_be_read_and_says_what_is_there(alice, path):
    assert alice.get(path).status_code == 200


def test_grow_names_what_unlocks_it(alice):
    page = alice.get("/grow")
    assert "Grow is locked" in page.text
    assert "Complete My Account." in page.text


def test_what_happened_is_told_in_words_with_its_place(app, world, alice):
    happen(app, world, MessagePosted(text="Could you show the consent screen?"))
    page = alice.get("/")
    assert "Rita Example" in page.text
    assert "Could you show the consent screen?" in page.text
    assert 'href="/build/oauth"' in page.text


def test_staff_notes_and_other_partners_happenings_are_not_told(app, world, alice, carol):
    happen(app, world, InternalNoteWritten(text="INTERNAL"), MessagePosted(text="FOR ACME"))
    happen(app, world, SecurityEvent(what="SIGNED IN"))
    for path in ("/", "/updates"):
        assert "INTERNAL" not in alice.get(path).text
        assert "SIGNED IN" not in alice.get(path).text
        assert "FOR ACME" not in carol.get(path).text


def test_the_bell_counts_what_others_did_until_it_is_read(app, world, alice, bob):
    happen(app, world, MessagePosted(text="one"), MessagePosted(text="two"))
    happen(app, world, Joined(role="member"), by="alice")
    assert "Mark all as read (2)" in alice.get("/updates").text
    newest = 10_000
    assert alice.post("/updates/read", data={"newest": newest}).status_code == 303
    assert "Mark all as read" not in alice.get("/updates").text
    assert "Mark all as read (3)" in bob.get("/updates").text
    happen(app, world, MessagePosted(text="three"))
    assert "Mark all as read (1)" in alice.get("/updates").text


@pytest.mark.parametrize("newest", ["", "-1", "x", "99999999999999999999"])
def test_a_tampered_mark_is_harmless(alice, newest):
    assert alice.post("/updates/read", data={"newest": newest}).status_code in (303, 422)


def test_updates_page_by_key(app, world, alice):
    happen(app, world, *(MessagePosted(text=f"message {number:03}") for number in range(35)))
    first = alice.get("/updates")
    assert "message 034" in first.text
    assert "message 004" not in first.text
    import re

    older = re.search(r'href="(/updates\?before=\d+)"', first.text).group(1)
    assert "message 004" in alice.get(older).text


def test_somebody_without_a_team_is_told_what_to_do(app, world, bob):
    from portal.extensions import db

    with app.app_context(), writing():
        db.session.delete(world.user("bob").membership)
    page = bob.get("/")
    assert page.status_code == 200
    assert "You are not in a team" in page.text
    assert bob.get("/build/").status_code == 403

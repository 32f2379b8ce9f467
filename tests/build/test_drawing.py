"""What is kept of a drawn section: nothing that changed, and nothing that belongs to somebody else."""

import re

import pytest

from portal.extensions import db
from portal.models.evidence import File
from portal.models.people import User
from portal.transaction import writing
from tests.build.acts import attach, decide, say, submitted

PAGE = "/build/oauth"


@pytest.fixture
def inside(app, world):
    def run(act, *args, **kwargs):
        with app.app_context(), writing():
            return act(world.integration("acme"), *args, by=world.user("alice"), **kwargs)

    return run


def text(client, url=PAGE):
    return client.get(url).get_data(as_text=True)


def questions(client):
    return text(client).split('id="questions"')[1].split("<aside")[0]


def test_a_change_is_on_the_next_page(alice, bob, inside, app, world):
    assert "Our words" not in text(alice)
    inside(say, "oauth_denied_handled", "Our words")
    assert "Our words" in text(bob)
    inside(say, "oauth_denied_handled", "Our words", comment="A comment of ours")
    assert "A comment of ours" in text(alice)
    inside(attach, "oauth_only")
    assert "screen.png" in text(alice)
    with app.app_context(), writing():
        db.session.query(File).one().original_name = "consent.png"
    assert "consent.png" in text(alice)


def test_the_same_answers_of_two_partners_are_told_apart_by_one_word(alice, carol, inside, app, world):
    inside(say, "oauth_denied_handled", "Words of Acme")
    with app.app_context(), writing():
        say(world.integration("birch"), "oauth_denied_handled", "Words of Birch", by=world.user("carol"))
    assert "Words of Acme" in text(alice)
    assert "Words of Birch" in text(carol)
    assert "Words of Acme" not in text(carol)


def test_each_reader_gets_a_token_of_their_own_that_works(alice, bob, world):
    tokens = [re.search(r'name="csrf_token" value="([^"]+)"', questions(client)).group(1) for client in (alice, bob)]
    assert tokens[0] != tokens[1]
    answer = bob.post(PAGE, data={"csrf_token": tokens[1], "answer-oauth_only": "yes"}, csrf=False)
    assert answer.status_code == 303
    assert alice.post(PAGE, data={"csrf_token": "x", "answer-oauth_only": "no"}, csrf=False).status_code == 400


def test_times_are_told_in_the_readers_zone(alice, bob, inside, app, world):
    inside(attach, "oauth_only")
    with app.app_context(), writing():
        db.session.get(User, world.users["bob"]).time_zone = "Asia/Tokyo"
    times = [re.search(r"Alice Example, (.+?)</span>", questions(client), re.DOTALL).group(1) for client in (alice, bob)]
    assert times[0] != times[1]


def test_a_sealed_section_is_drawn_sealed(alice, inside, app, world):
    assert 'name="answer-' in questions(alice)
    inside(submitted)
    assert 'name="answer-' not in questions(alice)
    with app.app_context(), writing():
        decide(world.integration("acme"), {"oauth": ["oauth_only"]})
    assert questions(alice).count('name="version-') == 2  # the flagged question and the additional comments


@pytest.mark.parametrize("typed", ["\ue000", "\ue001\ue002\ue003", "<script>alert(1)</script>", '" onfocus="x'])
def test_typed_text_is_text_whatever_it_says(typed, alice, inside):
    inside(say, "oauth_denied_handled", typed, comment=typed)
    page = text(alice)
    assert "<script>alert" not in page
    assert '" onfocus="x' not in page
    shown = re.search(r'<textarea[^>]*id="answer-oauth_denied_handled"[^>]*>\n(.*?)</textarea>', page, re.DOTALL).group(1)
    assert shown == typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")

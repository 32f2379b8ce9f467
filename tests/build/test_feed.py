"""The feed of a section: who sees what, who is told, what was read."""

import json

import pytest

from portal import timeline
from portal.build.feed import PAGE as LENGTH
from portal.build.feed import section_feed, unread_by_section
from portal.build.messages import mark_read, mentioned, post_message
from portal.build.service import catalog_of
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox
from portal.models.review import Round
from portal.refusals import Invalid
from portal.timeline.build import InternalNoteWritten
from portal.transaction import writing
from tests.build.acts import submitted
from tests.statements import counted

PAGE = "/build/app-setup"


@pytest.fixture
def acme(app, world):
    with app.app_context(), writing():
        yield world.integration("acme")


@pytest.fixture
def people(acme, world):
    return {name: world.user(name) for name in ("alice", "bob", "carol", "rita", "ruth", "sam")}


def write(integration, text, *, by, section="app-setup", **more):
    return post_message(integration, catalog_of(integration).section(section), text=text, by=by, **more)


def mails():
    return [json.loads(row.payload) for row in db.session.query(Outbox).order_by(Outbox.id)]


def test_a_message_is_in_its_own_feed_only(acme, people):
    write(acme, "Hello", by=people["alice"])
    assert [entry.text for entry in section_feed(acme, "app-setup", reader=people["bob"]).entries] == ["Hello"]
    assert section_feed(acme, "oauth", reader=people["bob"]).entries == ()


def test_the_newest_comes_first_and_older_pages_follow(acme, people):
    for n in range(LENGTH + 3):
        write(acme, f"Message {n}", by=people["alice"])
    first = section_feed(acme, "app-setup", reader=people["bob"])
    second = section_feed(acme, "app-setup", reader=people["bob"], before=first.older)
    assert first.entries[0].text == f"Message {LENGTH + 2}"
    assert [entry.text for entry in second.entries] == ["Message 2", "Message 1", "Message 0"]
    assert second.older is None


def test_what_concerns_the_whole_integration_stands_in_every_feed(acme, people):
    submitted(acme, by=people["alice"])
    for key in ("app-setup", "webhooks"):
        assert "for review (round 1)" in section_feed(acme, key, reader=people["bob"]).entries[0].text


def test_notes_of_the_staff_never_reach_partners(acme, people):
    timeline.record(InternalNoteWritten("Odd answer"), by=people["rita"], integration=acme, section_key="app-setup")
    assert section_feed(acme, "app-setup", reader=people["alice"]).entries == ()
    note = section_feed(acme, "app-setup", reader=people["ruth"]).entries[0]
    assert (note.kind, note.text) == ("note", "Odd answer")
    assert unread_by_section(acme, reader=people["alice"]) == {}


def test_a_mention_is_mailed_to_the_teammate(acme, people):
    event = write(acme, "@bob, can you look? And @BOB again, @nobody too.", by=people["alice"])
    assert event.payload["mentions"] == ["bob"]
    assert [mail["to"] for mail in mails()] == ["bob@example.com"]
    assert "/build/app-setup#feed" in mails()[0]["text"]


@pytest.mark.parametrize("text", ["@carol", "@sam", "@rita", "mail bob@example.com", "@alice", "@@bob@", "@"])
def test_others_and_oneself_cannot_be_mentioned(text, acme, people):
    assert mentioned(acme, text, by=people["alice"]) == []


def test_the_reviewer_can_be_mentioned_once_the_review_is_theirs(acme, people):
    submitted(acme, by=people["alice"])
    assert mentioned(acme, "@rita", by=people["alice"]) == []
    db.session.query(Round).one().assigned_to_id = people["rita"].id
    db.session.flush()
    write(acme, "@rita, like this?", by=people["alice"])
    assert "/staff/reviews/" in mails()[-1]["text"]


def test_staff_can_call_in_any_reviewer_but_not_another_partner(acme, people):
    assert [person.username for person in mentioned(acme, "@ruth @bob @carol @sam", by=people["rita"])] == ["bob", "ruth"]


def test_a_second_click_is_one_message(acme, people):
    first, again = (write(acme, "Hello", by=people["alice"]) for _ in range(2))
    assert first is again
    assert write(acme, "Hello", by=people["bob"]) is not first
    assert write(acme, "Hello", by=people["alice"], question_key="monetisation") is not first


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001, "a\x00b"])
def test_a_message_that_cannot_be_stored_is_refused(text, acme, people):
    with pytest.raises(Invalid):
        write(acme, text, by=people["alice"])


def test_unread_marks_count_what_others_did_until_it_is_read(acme, people):
    write(acme, "One", by=people["alice"])
    last = write(acme, "Two", by=people["alice"], section="oauth")
    assert unread_by_section(acme, reader=people["bob"]) == {"app-setup": 1, "oauth": 1}
    assert unread_by_section(acme, reader=people["alice"]) == {}
    mark_read(acme, "oauth", up_to=last.id, by=people["bob"])
    db.session.flush()
    assert unread_by_section(acme, reader=people["bob"]) == {"app-setup": 1}
    assert section_feed(acme, "oauth", reader=people["bob"]).unread == 0
    assert section_feed(acme, "app-setup", reader=people["bob"]).unread == 1


def test_nothing_is_read_before_it_happened(acme, people):
    write(acme, "One", by=people["alice"])
    mark_read(acme, "app-setup", up_to=10**15, by=people["bob"])
    write(acme, "Two", by=people["alice"])
    assert section_feed(acme, "app-setup", reader=people["bob"]).unread == 1


def test_the_routes_post_read_and_tell_what_is_new(alice, bob):
    assert alice.post(PAGE + "/feed", data={"text": "Hello <b>Bob</b>"}).status_code == 303
    page = bob.get(PAGE).get_data(as_text=True)
    assert "Hello &lt;b&gt;Bob&lt;/b&gt;" in page
    assert "1 new in the feed" in bob.get("/build/").get_data(as_text=True)
    newest = page.split('data-key="')[1].split('"')[0]
    assert bob.post(f"{PAGE}/feed/read?up-to={newest}").status_code == 303
    assert "new in the feed" not in bob.get("/build/").get_data(as_text=True)


FETCH = {"X-Requested-With": "fetch"}


def test_polling_answers_304_with_one_short_query(alice, bob):
    alice.post(PAGE + "/feed", data={"text": "Hello"})
    newest = bob.get(PAGE).get_data(as_text=True).split('data-key="')[1].split('"')[0]
    with counted() as ran:
        assert bob.get(f"{PAGE}/feed?after={newest}", headers=FETCH).status_code == 304
    assert len(ran) == 3  # who asks, which integration, what is new
    alice.post(PAGE + "/feed", data={"text": "And then"})
    news = bob.get(f"{PAGE}/feed?after={newest}", headers=FETCH)
    assert news.status_code == 200
    assert "And then" in news.get_data(as_text=True)
    assert "Hello" not in news.get_data(as_text=True)


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1e9", "9" * 40, "١"])
def test_a_strange_cursor_is_no_cursor(cursor, alice):
    assert alice.get(f"{PAGE}/feed", query_string={"after": cursor, "before": cursor}).status_code == 200


def test_a_message_that_is_refused_is_shown_again(alice):
    answer = alice.post(PAGE + "/feed", data={"text": "y" * 5001})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "y" * 5001 in page
    assert "Use at most 5,000 characters" in page


def test_a_message_about_a_question_of_another_section_is_one_about_the_section(alice, app, world):
    alice.post(PAGE + "/feed", data={"text": "Hm", "question": "oauth_only"})
    with app.app_context():
        assert db.session.query(Event).filter_by(kind="message_posted").one().question_key is None
        db.session.rollback()


def test_a_stranger_neither_reads_nor_writes_here(alice, carol):
    alice.post(PAGE + "/feed", data={"text": "Between us"})
    assert "Between us" not in carol.get(PAGE + "/feed").get_data(as_text=True)
    carol.post(PAGE + "/feed", data={"text": "Mine"})
    assert "Mine" not in alice.get(PAGE + "/feed").get_data(as_text=True)

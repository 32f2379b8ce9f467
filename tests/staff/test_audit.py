"""The audit log: every filter alone and together, pages by key, downloads, and questions that make no sense."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal import clock, timeline
from portal.extensions import db
from portal.models.event import Event, EventWord
from portal.staff import audit
from portal.staff.audit import Asked
from portal.timeline.account import ProfileSaved, SecurityEvent
from portal.timeline.build import MessagePosted
from portal.transaction import writing

BEGUN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def said(app, world):
    """`said(person, text, day)`: a message of somebody of Acme on a day of March; None for the portal itself."""

    def say(person, text, day=1, house="acme"):
        with app.app_context(), clock.at(BEGUN.replace(day=day)), writing():
            by = world.user(person) if person else None
            return timeline.record(MessagePosted(text), by=by, integration=world.integration(house), section_key="oauth").id

    return say


@pytest.fixture
def find(app):
    """The ids of all pages together."""

    def found(limit=50, **asked):
        with app.app_context():
            search, before, ids = audit.search(Asked(**asked)), None, []
            while True:
                page = search.page(before=before, limit=limit)
                ids += [row.id for row in page.rows]
                if page.older is None:
                    return ids
                before = page.older

    return found


def test_each_filter_finds_its_own(app, world, said, find):
    first, second = said("alice", "Apples for Zoë", 1), said("bob", "pears, and apples", 2)
    third, fourth = said(None, "plums", 3), said("carol", "apples", 4, "birch")
    with app.app_context(), writing():
        other = timeline.record(
            ProfileSaved({"website": "old"}, {"website": "new"}), by=world.user("alice"), partner=world.partner("acme")
        ).id
    assert find() == [other, fourth, third, second, first]
    assert find(actor=world.users["alice"]) == [other, first]
    assert find(actor=0) == [third]
    assert find(partner=world.partners["birch"]) == [fourth]
    assert find(kind="profile_saved") == [other]
    assert find(text="APPLES") == [fourth, second, first]
    assert find(text="zoe") == [first]
    assert find(text="oauth") == [fourth, third, second, first]
    assert find(text="Alice example") == [other, first]
    assert find(text="website") == [other]
    assert find(since=BEGUN.replace(day=2), until=BEGUN.replace(day=4)) == [third, second]


def test_filters_combine(world, said, find):
    first, second = said("alice", "red apples", 1), said("bob", "red pears", 2)
    said("carol", "red apples", 3, "birch")
    acme = world.partners["acme"]
    assert find(text="red", partner=acme) == [second, first]
    assert find(text="red apples", partner=acme, kind="message_posted") == [first]
    assert find(text="red apples", actor=world.users["bob"]) == []
    assert find(text="red", since=BEGUN.replace(day=2), partner=acme) == [second]


@pytest.mark.parametrize("text", ["appl", "apples'", "-", "%", "apples OR pears", "\0", "🍎"])
def test_words_are_whole_and_signs_mean_nothing(said, find, text):
    said("alice", "apples", 1)
    assert find(text=text) == ([1] if text == "apples'" else [])


def test_what_seldom_meets_is_looked_for_piece_by_piece(world, said, find, app, monkeypatch):
    monkeypatch.setattr(audit, "WINDOW", 5)
    needle = said("alice", "needle hay", 1)
    for n in range(12):
        said("bob", f"hay {n}", 2)
    for n in range(14):
        said("carol", f"needle {n}", 3, "birch")
    with app.app_context():
        page = audit.search(Asked(text="hay needle")).page()
        assert (list(page.rows), page.unfinished, page.older is not None) == ([], True, True)
        db.session.rollback()
    assert find(text="hay needle") == [needle]


def test_pages_hold_everything_once(said, find):
    ids = [said("alice", f"word{n} same") for n in range(23)]
    for asked in ({}, {"text": "same"}, {"kind": "message_posted"}, {"text": "same", "kind": "message_posted"}):
        assert find(limit=5, **asked) == ids[::-1]


def test_the_page_filters_by_names(said, ada):
    said("alice", "apples")
    said("carol", "pears", house="birch")
    assert "apples" in ada.get("/staff/audit?who=alice").text
    assert "apples" in ada.get("/staff/audit?who=ALICE@example.com&partner=acme").text
    assert "pears" not in ada.get("/staff/audit?partner=Acme+Billing").text
    page = ada.get("/staff/audit?who=example").text
    assert "Several have this name" in page
    assert "who=carol" in page
    assert "Nobody here has this name" in ada.get("/staff/audit?who=zebedee").text
    assert "No partner has this name" in ada.get("/staff/audit?partner=zebedee").text
    assert "apples" not in ada.get("/staff/audit?who=zebedee").text


def test_days_are_those_of_the_reader(app, world, ada):
    with app.app_context(), writing():
        world.user("ada").time_zone = "Pacific/Auckland"
    with app.app_context(), clock.at(datetime(2026, 3, 1, 12, 30, tzinfo=UTC)), writing():
        timeline.record(SecurityEvent("looked around"), by=world.user("rita"))
    assert "looked around" in ada.get("/staff/audit?from=2026-03-02&to=2026-03-02").text
    assert "looked around" not in ada.get("/staff/audit?from=2026-03-01&to=2026-03-01").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "Enter a day"),
        ("to=2026-02-30", "Enter a day"),
        ("from=0001-01-01", "Enter a day"),
        ("from=9999-12-31", "Enter a day"),
        ("from=2026-03-02&to=2026-03-01", "lies before the first"),
        ("kind=nonsense", "Choose one of the list"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(said, ada, query, words):
    said("alice", "apples")
    page = ada.get(f"/staff/audit?{query}")
    assert (page.status_code, words in page.text, "apples" in page.text) == (200, True, False)
    download = ada.get(f"/staff/audit.csv?{query}")
    assert (download.status_code, download.location.startswith("/staff/audit?")) == (303, True)


def test_downloads_hold_what_the_page_would(said, ada, monkeypatch):
    monkeypatch.setattr("portal.staff.audit_export.PIECE", 3)
    for n in range(8):
        said("alice", f"=SUM({n})")
    said("carol", "pears", house="birch")
    lines = list(csv.DictReader(io.StringIO(ada.get("/staff/audit.csv?who=alice").text)))
    assert [line["details"] for line in lines] == [json.dumps({"text": f"=SUM({n})", "mentions": []}) for n in range(7, -1, -1)]
    assert {(line["actor"], line["kind"], line["partner"], line["section"]) for line in lines} == {
        ("Alice Example", "message_posted", "Acme Billing", "oauth")
    }
    told = [json.loads(line) for line in ada.get("/staff/audit.ndjson").text.splitlines()]
    assert [one["details"]["text"] for one in told[:2]] == ["pears", "=SUM(7)"]
    assert len(told) == 9


def test_no_cell_of_the_download_is_a_formula(app, world, ada):
    with app.app_context(), writing():
        timeline.record(SecurityEvent('=HYPERLINK("x")'), by=world.user("rita"))
    assert "'=HYPERLINK" in ada.get("/staff/audit.csv").text


@pytest.mark.parametrize("path", ["/staff/audit", "/staff/audit.csv", "/staff/audit.ndjson"])
@pytest.mark.parametrize("person", ["alice", "rita", "pam", "sam"])
def test_only_administrators_read_it(world, person, path):
    assert world.client(person).get(path).status_code == 403


def test_words_of_a_happening_are_few_and_stored_once(app, said):
    event_id = said("alice", "same same " + " ".join(f"w{n}" for n in range(500)))
    with app.app_context():
        stored = db.session.scalars(select(EventWord.word).where(EventWord.event_id == event_id)).all()
        assert len(stored) == len(set(stored)) <= 201
        assert db.session.get(Event, event_id).actor_name == "Alice Example"
        db.session.rollback()

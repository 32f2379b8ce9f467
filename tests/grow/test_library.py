"""What partners find in Grow: by audience, filters and words; marks; files; and nothing while it is locked."""

import re

import pytest

from portal.extensions import db
from portal.grow import publishing
from portal.models.content import ContentCount, ContentPlace
from portal.transaction import writing
from tests.grow import acts
from tests.statements import MOST, counted

PAGES = ("/grow", "/grow/content", "/grow/updates", "/grow/roadmap", "/grow/feed")


def titles(client, path="/grow/content"):
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return re.findall(r'<h[23]><a href="/grow/content/[^"]*"[^>]*>([^<]*)</a>', answer.text)


@pytest.mark.parametrize("path", [*PAGES[1:], "/grow/content/none-such"])
def test_it_is_locked_until_the_gate_opens(world, alice, path):
    answer = alice.get(path)
    assert (answer.status_code, answer.location) in ((303, "/grow"), (404, None))
    assert "Grow is locked" in alice.get("/grow").text


def test_an_item_that_fits_is_not_told_while_grow_is_locked(world, app, alice):
    with app.app_context(), writing():
        key = acts.publish(world, "Secret so far")
    answer = alice.get(f"/grow/content/{key}")
    assert (answer.status_code, answer.location) == (303, "/grow")
    for verb in ("read", "done", "not-done"):
        assert alice.post(f"/grow/content/{key}/{verb}").location == "/grow"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_empty_house(grown, alice, path):
    assert alice.get(path).status_code == 200


@pytest.mark.parametrize(
    ("audience", "acme", "birch"),
    [
        ({}, True, True),
        ({"schemes": ["bacs"]}, True, False),
        ({"schemes": ["bacs", "sepa_core"]}, True, True),
        ({"categories": ["membership"]}, False, True),
        ({"countries": ["FR"]}, False, True),
        ({"countries": ["GB"], "schemes": ["sepa_core"]}, False, False),
        ({"countries": ["GB"], "schemes": ["bacs"], "categories": ["invoicing"]}, True, False),
    ],
)
def test_partners_see_what_fits_their_schemes_category_and_countries(
    grown, publish, alice, carol, nobody, audience, acme, birch
):
    key = publish("For some", **audience)
    for client, sees in ((alice, acme), (carol, birch)):
        assert titles(client) == (["For some"] if sees else [])
        assert titles(client, "/grow/content?q=words") == (["For some"] if sees else [])
        assert titles(client, "/grow") == (["For some"] if sees else [])
        assert client.get(f"/grow/content/{key}").status_code == (200 if sees else 404)
        assert client.post(f"/grow/content/{key}/read").status_code == (303 if sees else 404)
    assert nobody.get(f"/grow/content/{key}").status_code == 302


def test_filters_stand_in_the_address_and_are_counted(publish, alice):
    publish("One", kind="guide", tags=["launch"], schemes=["bacs"])
    publish("Two", kind="template", tags=["launch", "mail"], stage="launch")
    publish("Three", kind="guide", tags=["mail"], countries=["GB"])
    assert titles(alice) == ["Three", "Two", "One"]
    assert titles(alice, "/grow/content?kind=guide") == ["Three", "One"]
    assert titles(alice, "/grow/content?tag=mail") == ["Three", "Two"]
    assert titles(alice, "/grow/content?kind=guide&tag=mail") == ["Three"]
    assert titles(alice, "/grow/content?scheme=bacs") == ["One"]
    assert titles(alice, "/grow/content?country=GB") == ["Three"]
    assert titles(alice, "/grow/content?stage=launch") == ["Two"]
    assert titles(alice, "/grow/content?kind=guide&tag=launch&q=one+words") == ["One"] or titles(
        alice, "/grow/content?q=one"
    ) == ["One"]
    page = alice.get("/grow/content?tag=launch").text
    assert re.search(r'href="/grow/content\?kind=guide&amp;tag=launch">Guide<span class="p-number">1<', page)
    assert re.search(r'href="/grow/content\?tag=mail">mail<span class="p-number">2<', page)
    assert "Nothing fits" in alice.get("/grow/content?kind=no-such").text


@pytest.mark.parametrize(
    "text",
    [
        "retries",
        "RETRIES",
        "retry",
        "Rétries",
        '"retries"',
        "retries' OR 1=1 --",
        "retries*",
        "(retries) AND",
        "retries : ^",
        "-retries +failed",
    ],
)
def test_search_takes_quotes_and_operators_as_nothing(publish, alice, text):
    publish("About retries", body="Failed payments or those that 1 1 and again.")
    publish("Something else")
    answer = alice.get("/grow/content", query_string={"q": text})
    assert answer.status_code == 200
    if text.casefold() not in ("retries' or 1=1 --", "-retries +failed"):
        assert titles(alice, f"/grow/content?q={text.replace('+', '%2B').replace('&', '%26')}") == ["About retries"]


@pytest.mark.parametrize("text", ["'", '"', "***", "NEAR(", "za19", "\0", "x" * 5000, "a " * 300, "{title}:x", "codes:za19"])
def test_search_that_finds_nothing_says_so(publish, alice, text):
    publish("Something")
    answer = alice.get("/grow/content", query_string={"q": text})
    assert answer.status_code == 200
    if text.strip("\0"):
        assert "Nothing fits" in answer.text


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=99999999999", "language=xx", "kind=%00", "tag=~action", "scheme=%27"]
)
def test_odd_addresses_are_answered(publish, alice, query):
    publish("Something")
    assert alice.get(f"/grow/content?{query}").status_code == 200


def test_pages_follow_each_other_newest_first(grown, app, alice):
    with app.app_context(), writing():
        for number in range(24):
            acts.publish(grown, f"Item {number:02}", schemes=["bacs"] if number % 3 else [], tags=["x"])
    for query in ("?tag=x", "?q=item"):
        seen, path = [], f"/grow/content{query}"
        while path:
            found = titles(alice, path)
            seen += found
            older = re.search(r'href="(/grow/content\?[^"]*before=\d+)"', alice.get(path).text)
            path = older and older[1].replace("&amp;", "&")
        assert seen == [f"Item {number:02}" for number in reversed(range(24))]


def test_what_is_read_and_done(publish, app, alice, bob, carol):
    key = publish("Change the secret", kind="update", action_by="2099-01-31")
    publish("Only news", kind="update")
    assert titles(alice, "/grow/updates?show=to-do") == ["Change the secret"]
    assert "Action required by 31 Jan 2099" in alice.get(f"/grow/content/{key}").text
    assert alice.post(f"/grow/content/{key}/read").status_code == 303
    alice.post(f"/grow/content/{key}/read")
    assert "You read it on" in alice.get(f"/grow/content/{key}").text
    assert "You read it on" not in bob.get(f"/grow/content/{key}").text
    assert bob.post(f"/grow/content/{key}/done", data={"from": "updates"}).location == "/grow/updates"
    bob.post(f"/grow/content/{key}/done")
    assert "Bob Example marked it as done" in alice.get(f"/grow/content/{key}").text
    assert titles(alice, "/grow/updates?show=to-do") == []
    assert titles(carol, "/grow/updates?show=to-do") == ["Change the secret"]
    assert titles(alice, "/grow/updates") == ["Only news", "Change the secret"]
    alice.post(f"/grow/content/{key}/not-done")
    assert titles(alice, "/grow/updates?show=to-do") == ["Change the secret"]


def test_what_asks_for_nothing_cannot_be_done(publish, alice):
    assert alice.post(f"/grow/content/{publish('A guide')}/done").status_code == 409


def test_the_roadmap_goes_by_now_next_and_later(publish, alice):
    for horizon in ("later", "now", "next"):
        publish(f"It comes {horizon}", kind="roadmap", horizon=horizon)
    assert titles(alice, "/grow/roadmap") == ["It comes now", "It comes next", "It comes later"]


def test_a_translation_is_read_where_there_is_one_and_english_elsewhere(publish, alice):
    german = {"title": "Auf Deutsch", "summary": "Kurz.", "body": "Viele Worte."}
    key = publish("In English", texts={"de": german})
    publish("English only")
    assert titles(alice, "/grow/content?language=de") == ["English only", "Auf Deutsch"]
    assert titles(alice) == ["English only", "In English"]
    page = alice.get(f"/grow/content/{key}?language=de").text
    assert "Viele Worte" in page
    assert 'lang="de"' in page
    assert "Some words" in alice.get(f"/grow/content/{key}?language=fr").text
    assert titles(alice, "/grow/content?q=worte") == ["In English"]


def test_lists_and_counts_agree_after_everything(grown, app):
    with app.app_context(), writing():
        pam = grown.user("pam")
        keys = [
            acts.publish(grown, f"Item {n}", kind="update", tags=["a", "b"][: n % 3], action_by="2099-01-01" if n % 2 else "")
            for n in range(6)
        ]
        first, second, third = map(acts.item_of, keys[:3])
        publishing.archive(first, by=pam)
        second.draft = {**second.draft, "schemes": ["bacs"], "tags": ["c"]}
        publishing.publish(second, by=pam)
        publishing.publish(third, by=pam, again=True)
        counted_rows = {
            (row.audience_id, row.kind, row.tag): row.number for row in db.session.query(ContentCount) if row.number
        }
        there = {}
        for row in db.session.query(ContentPlace):
            there[row.audience_id, row.kind, row.tag] = there.get((row.audience_id, row.kind, row.tag), 0) + 1
    assert counted_rows == there


def test_every_page_asks_at_most_ten_statements(grown, app, alice):
    with app.app_context(), writing():
        for number in range(30):
            kind = ("guide", "update", "roadmap")[number % 3]
            more = {
                "update": {"action_by": "2099-01-01"},
                "roadmap": {"horizon": ("now", "next", "later")[number // 3 % 3]},
            }.get(kind, {})
            key = acts.publish(
                grown, f"Item {number}", kind=kind, tags=[f"t{number % 5}"], schemes=["bacs"][: number % 2], **more
            )
    for path in (*PAGES, "/grow/content?q=item&kind=guide", f"/grow/content/{key}", "/grow/updates?show=to-do"):
        with counted() as ran:
            assert alice.get(path).status_code == 200
        assert len([text for text in ran if not text.startswith(("PRAGMA", "BEGIN"))]) <= MOST, path

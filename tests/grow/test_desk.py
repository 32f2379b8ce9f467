"""The desk of content: writing, versions, previews, publishing by hand and by the clock, files, reading through."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import url_for

from portal import clock
from portal.extensions import db
from portal.grow import starters
from portal.grow.publishing import FILE_AT
from portal.models.content import ContentFile, ContentItem, ContentRead, ContentShown
from portal.models.event import Event
from portal.status import ContentStatus, FileState
from portal.transaction import writing
from portal.worker.delivery import drain
from portal.worker.periodic import publish_content
from tests.files import samples
from tests.grow import acts
from tests.launch.test_docx import docx

GOOD = {"title": "A guide", "summary": "In short.", "body": "Some words.", "stage": "any"}


def begin(pam, kind="guide", **more):
    answer = pam.post("/staff/content/new", data={"kind": kind, **more})
    assert answer.status_code == 303, answer.text
    return answer.location


def typed(pam, path, **changed):
    """What the form would post now."""
    page = pam.get(path).text
    number = re.search(r'name="version" value="(\d+)"', page)[1]
    review = re.search(r'name="review_on"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="review_on"', page)
    return {**GOOD, "version": number, "review_on": next(filter(None, review.groups())), **changed}


def save(pam, path, **changed):
    return pam.post(path, data=typed(pam, path, **changed))


def written(pam, kind="guide", **changed):
    path = begin(pam, kind)
    assert save(pam, path, **changed).status_code == 303
    return path


def stored(app, path):
    with app.app_context():
        return acts.item_of(path.split("/")[3].split("?")[0])


def test_from_an_empty_page_to_the_partner(grown, app, pam, alice):
    path = begin(pam)
    key = path.split("/")[-1]
    assert "Enter a title." in pam.get(path).text
    refused = pam.post(f"{path}/publish")
    assert refused.status_code == 422
    assert "There is a problem" in refused.text
    save(pam, path, tags="Web hooks, LAUNCH,,", schemes=["bacs"])
    assert stored(app, path).draft["tags"] == ["launch", "web-hooks"]
    assert alice.get(f"/grow/content/{key}").status_code == 404
    assert pam.post(f"{path}/publish").status_code == 303
    assert "Some words." in alice.get(f"/grow/content/{key}").text
    save(pam, path, body="Other words.", schemes=["bacs"])
    assert "Some words." in alice.get(f"/grow/content/{key}").text
    assert "with changes that are not published" in pam.get("/staff/content").text
    pam.post(f"{path}/publish")
    assert "Other words." in alice.get(f"/grow/content/{key}").text
    pam.post(f"{path}/archive")
    assert alice.get(f"/grow/content/{key}").status_code == 404
    assert save(pam, path, title="No").status_code == 409
    pam.post(f"{path}/bring-back")
    assert stored(app, path).status is ContentStatus.DRAFT


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("guide", {"title": ""}, "Enter a title."),
        ("guide", {"title": "x" * 121}, "This is too long"),
        ("guide", {"summary": ""}, "Say in a sentence or two"),
        ("guide", {"body": ""}, "Enter the text."),
        ("guide", {"body": "x" * 20_001}, "20,001 of at most 20,000"),
        ("guide", {"body": "<b>x</b>"}, "HTML is not taken"),
        ("guide", {"body": "[x](javascript:alert(1))"}, "links begin with"),
        ("guide", {"body": "![x](https://far.example/x.png)"}, "no attached picture"),
        ("guide", {"tags": "a&b"}, "is no tag"),
        ("guide", {"tags": ",".join(f"t{n}" for n in range(9))}, "At most 8 tags"),
        ("guide", {"schemes": ["gold"]}, "Choose from the list"),
        ("guide", {"stage": "soon"}, "Choose from the list"),
        ("guide", {"link": "javascript:alert(1)"}, "Enter an address that begins"),
        ("guide", {"link": "//far.example"}, "Enter an address that begins"),
        ("guide", {"action_by": "2099-01-01"}, "Only a product update"),
        ("guide", {"review_on": ""}, "reads it through again"),
        ("guide", {"review_on": "soon"}, "reads it through again"),
        ("guide", {"review_on": "2020-01-01"}, "between tomorrow and two years"),
        ("guide", {"review_on": "9999-12-31"}, "between tomorrow and two years"),
        ("update", {"action_by": "31/01/2099"}, "Enter a day"),
        ("update", {"action_by": "2099-02-30"}, "Enter a day"),
        ("update", {"action_by": "2020-01-01"}, "This day is over"),
        ("roadmap", {}, "Choose when it comes."),
        ("roadmap", {"horizon": "soon"}, "Choose when it comes."),
        ("docs", {"body": ""}, "Enter the address of the documentation."),
        ("asset", {"body": ""}, "Enter the text."),
    ],
)
def test_a_draft_keeps_anything_and_publishing_says_what_is_wrong(grown, pam, alice, kind, changed, words):
    path = written(pam, kind, **changed)
    assert words in pam.get(path).text
    for verb, data in (("publish", {}), ("schedule", {"publish_on": (clock.now().date() + timedelta(days=9)).isoformat()})):
        answer = pam.post(f"{path}/{verb}", data=data)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert "A guide" not in alice.get("/grow/content").text


@pytest.mark.parametrize("kind", ["", "novel", "\0"])
def test_only_known_kinds_are_begun(pam, kind):
    assert pam.post("/staff/content/new", data={"kind": kind}).status_code == 422


def test_a_megabyte_is_not_kept(grown, app, pam):
    path = begin(pam)
    answer = save(pam, path, body="word " * 220_000)
    assert answer.status_code == 422
    assert "far too long" in answer.text
    assert stored(app, path).number == 1
    assert pam.post(f"{path}/preview", data=typed(pam, path, body="x" * 5_000_000)).status_code == 413


def test_a_preview_stores_nothing_and_comes_alone_to_a_script(grown, app, pam):
    path = begin(pam)
    sent = typed(pam, path, body="# Head\n\n**bold** <i>no</i> [x](javascript:y)")
    page = pam.post(f"{path}/preview", data=sent)
    assert page.status_code == 200
    assert "<strong>bold</strong>" in page.text
    assert "HTML is not taken" in page.text
    assert "javascript:y" not in re.sub(r"<textarea.*?</textarea>|“[^”]*”|\[x\]\(javascript:y\)", "", page.text, flags=re.S)
    alone = pam.post(f"{path}/preview", data=sent, headers={"HX-Request": "true"})
    assert alone.text.lstrip().startswith("<section")
    assert "<h2>Head</h2>" in alone.text
    assert stored(app, path).number == 1


def test_two_who_write_at_once_do_not_overwrite_each_other(grown, app, pam, ada):
    path = begin(pam)
    old = typed(pam, path, body="From Pam")
    assert save(ada, path, body="From Ada").status_code == 303
    answer = pam.post(path, data=old)
    assert answer.status_code == 409
    assert "Ada Example saved version 2" in answer.text
    assert "From Pam" in answer.text
    assert stored(app, path).draft["texts"]["en"]["body"] == "From Ada"


def test_every_version_is_kept_compared_and_taken_again(grown, app, pam):
    path = written(pam, body="First words.")
    save(pam, path, body="First words.")
    assert stored(app, path).number == 2, "nothing changed, nothing saved"
    save(pam, path, body="Second words.", tags="new")
    page = pam.get(f"{path}/versions/2").text
    assert "First words." in page
    assert "Second words." in page
    assert pam.post(f"{path}/versions/2/restore").status_code == 303
    item = stored(app, path)
    assert (item.number, item.draft["texts"]["en"]["body"], item.draft["tags"]) == (4, "First words.", [])
    for wrong in ("99", "x", "-1", "0x2", "9" * 30):
        assert pam.get(f"{path}/versions/{wrong}").status_code == 404
        assert pam.post(f"{path}/versions/{wrong}/restore").status_code == 404


def test_a_translation_is_written_beside_the_first_language(grown, app, pam, alice):
    path = written(pam)
    assert pam.post(path, data=typed(pam, path, language="de", title="Ein Leitfaden", summary="", body="")).status_code == 303
    assert pam.post(f"{path}/publish").status_code == 422
    pam.post(path, data=typed(pam, path, language="de", title="Ein Leitfaden", summary="Kurz.", body="Worte."))
    assert pam.post(f"{path}/publish").status_code == 303
    assert "Ein Leitfaden" in alice.get(f"/grow/content/{path.split('/')[-1]}?language=de").text
    pam.post(path, data=typed(pam, path, language="de", title="", summary="", body=""))
    assert list(stored(app, path).draft["texts"]) == ["en"]


def test_a_scheduled_version_is_published_by_the_clock_as_it_was(grown, app, pam, alice):
    path, key = written(pam, body="As planned."), None
    key = path.split("/")[-1]
    on = clock.now().date() + timedelta(days=3)
    assert pam.post(f"{path}/schedule", data={"publish_on": on.isoformat()}).status_code == 303
    save(pam, path, body="Changed later.")
    publish_content(app)
    assert alice.get(f"/grow/content/{key}").status_code == 404
    with clock.at(clock.now() + timedelta(days=4)):
        publish_content(app)
        publish_content(app)
    item = stored(app, path)
    assert (item.status, item.published_number, item.publish_at) == (ContentStatus.PUBLISHED, 2, None)
    assert "As planned." in alice.get(f"/grow/content/{key}").text


@pytest.mark.parametrize("on", ["", "soon", "2020-01-01", "9999-12-31", "2027-02-30", "\0"])
def test_it_is_scheduled_for_a_day_that_will_come(grown, app, pam, on):
    path = written(pam)
    assert pam.post(f"{path}/schedule", data={"publish_on": on}).status_code == 422
    assert stored(app, path).status is ContentStatus.DRAFT


def test_nothing_is_scheduled_for_after_the_day_on_which_partners_must_act(grown, pam):
    today = clock.now().date()
    path = written(pam, "update", action_by=(today + timedelta(days=5)).isoformat())
    assert pam.post(f"{path}/schedule", data={"publish_on": (today + timedelta(days=9)).isoformat()}).status_code == 422


def test_a_schedule_is_taken_back(grown, app, pam):
    path = written(pam)
    pam.post(f"{path}/schedule", data={"publish_on": (clock.now().date() + timedelta(days=3)).isoformat()})
    assert "Later changes are not part of it" not in pam.get(path).text
    assert pam.post(f"{path}/unschedule").status_code == 303
    with clock.at(clock.now() + timedelta(days=9)):
        publish_content(app)
    assert stored(app, path).status is ContentStatus.DRAFT


@pytest.mark.parametrize("verb", ["archive", "bring-back", "unschedule"])
def test_a_draft_goes_only_where_a_draft_may(grown, pam, verb):
    assert pam.post(f"{written(pam)}/{verb}").status_code in (303, 409)
    assert pam.post(f"{written(pam)}/archive").status_code == 409


def test_shown_as_new_it_is_unread_and_on_top(grown, app, pam, alice):
    path = written(pam, title="Older")
    pam.post(f"{path}/publish")
    key = path.split("/")[-1]
    alice.post(f"/grow/content/{key}/read")
    pam.post(f"{written(pam, title='Newer')}/publish")
    save(pam, path, title="Older, corrected")
    pam.post(f"{path}/publish")
    assert titles(alice) == ["Newer", "Older, corrected"]
    with app.app_context():
        assert db.session.query(ContentRead).count() == 1
    pam.post(f"{path}/publish", data={"again": "y"})
    assert titles(alice) == ["Older, corrected", "Newer"]
    with app.app_context():
        assert db.session.query(ContentRead).count() == 0


def titles(client, path="/grow/content"):
    return re.findall(r'<h[23]><a href="/grow/content/[^"]*"[^>]*>([^<]*)</a>', client.get(path).text)


def test_the_list_says_what_is_to_be_read_through(grown, app, pam, rita):
    path = written(pam, title="Ageing", review_on=(clock.now().date() + timedelta(days=2)).isoformat())
    pam.post(f"{path}/publish")
    written(pam, title="Only a draft")
    assert "Ageing" not in pam.get("/staff/content?due=y").text
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        page = rita.get("/staff/content?due=y").text
    assert "Ageing" in page
    assert "Only a draft" not in page
    for wrong in ("", "soon", "2020-01-01"):
        assert pam.post(f"{path}/reviewed", data={"again_on": wrong}).status_code == 422
    again = clock.now().date() + timedelta(days=90)
    assert pam.post(f"{path}/reviewed", data={"again_on": again.isoformat()}).status_code == 303
    assert stored(app, path).review_on == again


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Two", "One"]),
        ("status=draft", ["Two"]),
        ("status=published", ["One"]),
        ("kind=update", ["Two"]),
        ("q=one", ["One"]),
        ("q=ONE+words&status=published", ["One"]),
        ("q=%22words%22+haystack", []),
        ("q=***", []),
        ("status=odd&kind=odd&before=odd", ["Two", "One"]),
        ("before=-5", ["Two", "One"]),
    ],
)
def test_the_list_is_filtered_and_searched(grown, pam, rita, query, found):
    pam.post(f"{written(pam, title='One')}/publish")
    written(pam, "update", title="Two")
    page = rita.get(f"/staff/content?{query}").text
    assert re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page) == found


def test_partners_that_did_it_are_named(grown, pam, alice, rita):
    path = written(pam, "update", action_by="2099-01-01")
    pam.post(f"{path}/publish")
    alice.post(f"/grow/content/{path.split('/')[-1]}/done")
    page = rita.get(f"{path}/view").text
    assert "Acme Billing" in page
    assert "Alice Example" in page


def send(pam, path, data, name):
    return pam.post(f"{path}/files", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_files_go_through_the_same_checks_and_follow_the_version(grown, app, pam, alice, carol, rita):
    path = written(pam, body="See ![the screen](screen.png).", schemes=["bacs"])
    assert send(pam, path, samples.png(), "screen.png").status_code == 303
    assert send(pam, path, docx(), "Manual.docx").status_code == 303
    assert "still being checked" in pam.post(f"{path}/publish").text
    drain(app)
    with app.app_context():
        files = {file.original_name: file.key for file in db.session.query(ContentFile)}
        assert {file.state for file in db.session.query(ContentFile)} == {FileState.READY}
    picture, manual = files["screen.png"], files["Manual.docx"]
    assert alice.get(f"/grow/files/{picture}").status_code == 404
    assert rita.get(f"/grow/files/{picture}").status_code == 200
    assert pam.post(f"{path}/publish").status_code == 303
    page = alice.get(f"/grow/content/{path.split('/')[-1]}").text
    assert f'<img src="/grow/files/{picture}" alt="the screen">' in page
    assert "Manual.docx" in page
    answer = alice.get(f"/grow/files/{manual}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Manual.docx"')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (
        alice.get(
            f"/grow/files/{picture}", headers={"If-None-Match": alice.get(f"/grow/files/{picture}").headers["ETag"]}
        ).status_code
        == 304
    )
    assert carol.get(f"/grow/files/{picture}").status_code == 404
    assert pam.post(f"{path}/files/{manual}/remove").status_code == 303
    assert alice.get(f"/grow/files/{manual}").status_code == 200
    pam.post(f"{path}/publish")
    assert alice.get(f"/grow/files/{manual}").status_code == 404
    assert pam.post(f"{path}/files/{manual}/remove").status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.png"),
        (b"<svg/>", "x.svg"),
        (b"MZ program", "x.exe"),
        (b"PK\x03\x04 broken", "x.docx"),
        (b"%PDF-1.4 cut", "x.pdf"),
    ],
)
def test_files_that_are_not_taken_leave_nothing(grown, app, pam, data, name):
    path = written(pam)
    answer = send(pam, path, data, name)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with app.app_context():
        assert db.session.query(ContentFile).count() == 0
    assert pam.post(f"{path}/files", data={}, content_type="multipart/form-data").status_code == 422


def test_a_file_of_the_same_name_takes_its_place(grown, app, pam):
    path = written(pam)
    for _ in range(2):
        send(pam, path, samples.png(), "screen.png")
    with app.app_context():
        assert db.session.query(ContentFile).count() == 2
    assert len(stored(app, path).draft["files"]) == 1


def test_every_starter_can_be_published_as_it_is(grown, app, pam):
    assert len(starters.starters()) >= 14
    for one in starters.starters():
        path = begin(pam, "", starter=one.name)
        assert pam.post(f"{path}/publish").status_code == 303, one.name
    with app.app_context():
        assert db.session.query(ContentShown).count() == len(starters.starters())
    assert pam.post("/staff/content/new", data={"starter": "../../etc/passwd"}).status_code == 410


def test_what_is_done_stands_in_the_audit_log(grown, app, pam):
    path = written(pam)
    pam.post(f"{path}/publish")
    with app.app_context():
        kinds = [event.kind for event in db.session.query(Event).order_by(Event.id)]
    assert [kind for kind in kinds if kind.startswith("content")] == ["content_saved", "content_moved"]


def test_the_address_of_a_file_is_the_one_of_its_page(app):
    with app.test_request_context():
        assert url_for("grow.file", content_file_key="k") == FILE_AT.format("k")


def test_only_managers_write(grown, pam, rita, sam, alice):
    path = written(pam)
    for client, status in ((rita, 403), (sam, 403), (alice, 403)):
        assert client.get(path).status_code == status
        assert client.post(path, data=GOOD).status_code == status
        assert client.post(f"{path}/publish").status_code == status
    assert rita.get(f"{path}/view").status_code == 200
    assert alice.get(f"{path}/view").status_code == 403
    with grown.app.app_context(), writing():
        assert db.session.query(ContentItem).one().status is ContentStatus.DRAFT

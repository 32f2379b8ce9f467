"""Launch as partners and partner managers see it: what is kept, what is refused, and in which words."""

import io

import pytest

from portal.extensions import db
from portal.models.listing import Listing, Logo, SupportDocument
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.files import samples
from tests.launch import acts
from tests.launch.test_docx import docx

LINK = {"title": "Set it up", "url": "https://acme.example.com/help", "languages": ["en"], "reviewed_on": "2026-11-01"}


@pytest.fixture
def open_launch(app, world):
    with app.app_context(), writing():
        acts.submit(world, "acme")


@pytest.fixture
def ready(app, world):
    """Everything is there and certified."""
    with app.app_context(), writing():
        acts.certify(world, "acme")
        acts.fill(world, "acme", by="alice")


def one(app, of):
    with app.app_context():
        return db.session.scalars(db.select(of)).one()


def file(data, name):
    return {"data": {"logo": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}


@pytest.mark.parametrize("path", ["", "/listing", "/logo", "/documents", "/landing"])
def test_it_can_be_read_from_the_beginning(alice, path):
    page = alice.get(f"/launch{path}")
    assert page.status_code == 200
    assert "Submit your integration for review" in page.text or path == "/landing"


@pytest.mark.parametrize("path", ["/listing", "/logo", "/documents", "/landing", "/send"])
def test_it_cannot_be_changed_before_the_integration_was_submitted(app, alice, path):
    answer = alice.post(f"/launch{path}", data=acts.form())
    assert answer.status_code == 409
    assert "Submit your integration for review" in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Listing)).all() == []


def test_an_incomplete_draft_is_saved_and_what_is_missing_is_linked(app, open_launch, alice):
    assert alice.post("/launch/listing", data={"name": "Acme", "version": "0"}).status_code == 303
    page = alice.post("/launch/listing", data={"name": "Acme", "version": "1", "check": "y"})
    assert page.status_code == 422
    assert 'href="#summary"' in page.text
    assert one(app, Listing).draft["name"] == "Acme"
    assert "/launch/listing#summary" in alice.get("/launch").text


def test_the_second_of_two_sees_both_and_decides(app, open_launch, alice, bob):
    alice.post("/launch/listing", data=acts.form(version="0"))
    mine = acts.form(version="0", summary="What Bob wrote about the product.")
    page = bob.post("/launch/listing", data=mine)
    assert page.status_code == 409
    assert "What Bob wrote about the product." in page.text
    assert acts.GOOD["summary"] in page.text
    assert bob.post("/launch/listing", data={**mine, "version": "1"}).status_code == 303
    assert one(app, Listing).draft["summary"] == "What Bob wrote about the product."


def test_a_text_that_is_far_too_long_is_given_back(open_launch, alice):
    page = alice.post("/launch/listing", data=acts.form(description="x" * 20_001))
    assert page.status_code == 422
    assert "far too long" in page.text
    assert "x" * 20_001 in page.text


def test_a_logo_is_shown_on_light_on_dark_and_in_a_card(app, open_launch, alice, carol, rita, nobody):
    assert alice.post("/launch/logo", **file(acts.CIRCLE, "logo.svg")).status_code == 303
    page, key = alice.get("/launch/logo").text, one(app, Logo).key
    assert all(words in page for words in ("On light", "On dark", "In a directory card", "logo.svg"))
    url = f"/launch/logos/{key}/large.png"
    assert url in page
    for reader in (alice, rita):
        picture = reader.get(url)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        assert picture.headers["Cache-Control"] == "private, no-store"
    assert carol.get(url).status_code == 404
    assert alice.get(f"/launch/logos/{key}/huge.png").status_code == 404
    assert nobody.get(f"/logos/{key}/large.png").status_code == 404, "it is not published"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file first"),
        (file(b"", "logo.png"), "empty"),
        (file(acts.png(500, 500), "logo.png"), "500 × 500 pixels"),
        (file(acts.SVG.format("<script>x</script>").encode(), "logo.svg"), "holds a script"),
        (file(b"<?php echo 1;", "logo.png"), "cannot be read"),
    ],
)
def test_a_logo_that_is_refused_is_refused_in_words(app, open_launch, alice, sent, words):
    page = alice.post("/launch/logo", **sent)
    assert page.status_code == 422
    assert words in page.text
    with app.app_context():
        assert db.session.scalars(db.select(Logo)).all() == []


def test_a_link_and_files_are_listed_and_removed(app, open_launch, alice, carol):
    assert alice.post("/launch/documents", data=LINK).status_code == 303
    for data, name in ((samples.pdf(), "Manual.pdf"), (docx(), "Manual")):
        sent = {**LINK, "url": "", "title": name, "file": (io.BytesIO(data), name)}
        assert alice.post("/launch/documents", data=sent, content_type="multipart/form-data").status_code == 303
    assert alice.get("/launch/documents").text.count("Being checked") == 2
    drain(app)
    page = alice.get("/launch/documents").text
    assert "Being checked" not in page
    assert "Manual.docx" in page
    with app.app_context():
        keys = [row.key for row in db.session.scalars(db.select(SupportDocument).order_by(SupportDocument.id))]
    answer = alice.get(f"/launch/documents/{keys[1]}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == samples.pdf()
    answer.close()
    assert carol.get(f"/launch/documents/{keys[1]}").status_code == 404
    assert carol.post(f"/launch/documents/{keys[1]}/remove").status_code == 404
    assert alice.post(f"/launch/documents/{keys[0]}/remove").status_code == 303
    assert alice.post(f"/launch/documents/{keys[0]}/remove").status_code == 410
    assert "Set it up" not in alice.get("/launch/documents").text.partition("What good")[0].replace("“Set up", "")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Enter title"),
        ({"url": ""}, "Enter an address, or choose a file"),
        ({"url": "http://acme.example.com"}, "Begin the address with https"),
        ({"url": "javascript:alert(1)"}, "Begin the address with https"),
        ({"languages": []}, "at least one language"),
        ({"languages": ["xx"]}, "at least one language"),
        ({"reviewed_on": "yesterday"}, "Enter the day"),
        ({"reviewed_on": "2999-01-01"}, "not in the future"),
        ({"file": (io.BytesIO(b"x"), "x.pdf")}, "not both"),
        ({"url": "", "file": (io.BytesIO(b"MZ"), "x.pdf")}, "not a PDF or a Word document"),
        ({"url": "", "file": (io.BytesIO(samples.png()), "x.pdf")}, "not a PDF or a Word document"),
        ({"url": "", "file": (io.BytesIO(samples.pdf()[:-30]), "x.pdf")}, "end of this file"),
    ],
)
def test_a_document_that_is_refused_keeps_what_was_typed(app, open_launch, alice, changed, words):
    sent = {**LINK, "title": "How to set it up", **changed}
    if isinstance(sent.get("file"), tuple):
        sent["file"] = (io.BytesIO(sent["file"][0].getvalue()), sent["file"][1])
    page = alice.post("/launch/documents", data=sent, content_type="multipart/form-data")
    assert page.status_code == 422
    assert words in page.text
    assert sent["title"] in page.text
    with app.app_context():
        assert db.session.scalars(db.select(SupportDocument)).all() == []


def test_a_pdf_that_nobody_can_open_is_refused_by_the_worker(app, open_launch, alice):
    sent = {**LINK, "url": "", "file": (io.BytesIO(samples.locked_pdf()), "x.pdf")}
    assert alice.post("/launch/documents", data=sent, content_type="multipart/form-data").status_code == 303
    drain(app)
    assert "protected with a password" in alice.get("/launch/documents").text
    assert "Remove the support document that was refused" in alice.get("/launch").text


def test_sending_names_what_is_missing(open_launch, alice):
    page = alice.post("/launch/send")
    assert page.status_code == 422
    assert "/launch/logo#logo" in page.text
    assert "/launch/documents#add" in page.text


def test_from_sent_to_published_and_out_again(app, ready, alice, bob, pam, rita, nobody):
    assert alice.post("/launch/send").status_code == 303
    listing = one(app, Listing)
    desk = f"/staff/listings/{listing.key}"
    assert "Acme Billing" in pam.get("/staff/listings").text
    assert acts.GOOD["summary"] in rita.get(desk).text
    assert rita.post(f"{desk}/publish", data={"number": 1}).status_code == 403
    assert pam.post(f"{desk}/decline", data={"number": 1, "reason": ""}).status_code == 422
    assert pam.post(f"{desk}/publish", data={"number": 0}).status_code == 409
    assert pam.post(f"{desk}/publish", data={"number": 1}).status_code == 303
    assert nobody.get("/directory/acme-billing").status_code == 200
    home = alice.get("/").text
    assert "Merchants find you in the partner directory" in home
    assert "Locked" not in alice.get("/grow").text
    page = alice.post("/launch/withdraw", data={"reason": ""})
    assert (page.status_code, "Enter the reason" in page.text) == (422, True)
    assert alice.post("/launch/withdraw", data={"reason": "New name."}).status_code == 303
    assert nobody.get("/directory/acme-billing").status_code == 404
    assert (
        "New name." in pam.get("/staff/listings?state=withdrawn").text
        or "Acme Billing" in pam.get("/staff/listings?state=withdrawn").text
    )


def test_an_update_is_shown_old_beside_new(app, ready, alice, pam, nobody):
    alice.post("/launch/send")
    desk = f"/staff/listings/{one(app, Listing).key}"
    pam.post(f"{desk}/publish", data={"number": 1})
    alice.post("/launch/listing", data=acts.form(summary="Send invoices and see them paid.", version="1"))
    assert acts.GOOD["summary"] in nobody.get("/directory/acme-billing").text
    assert "Send the update" in alice.get("/launch").text
    alice.post("/launch/send")
    page = pam.get(desk).text
    assert acts.GOOD["summary"] in page
    assert "Send invoices and see them paid." in page
    assert pam.post(f"{desk}/decline", data={"number": 2, "reason": "Say how."}).status_code == 303
    assert "Say how." in alice.get("/launch").text
    assert acts.GOOD["summary"] in nobody.get("/directory/acme-billing").text


def test_it_is_not_published_before_it_is_certified(app, world, open_launch, alice, pam):
    with app.app_context(), writing():
        acts.acts.say(world.integration("acme"), "endpoints_used", ("one_off",), by=world.user("alice"))
        acts.acts.row(world.integration("acme"), "payments").status = "approved"
        acts.fill(world, "acme", by="alice")
    assert alice.post("/launch/send").status_code == 303
    desk = f"/staff/listings/{one(app, Listing).key}"
    assert "not certified yet" in pam.get(desk).text
    page = pam.post(f"{desk}/publish", data={"number": 1})
    assert (page.status_code, "cannot be published" in page.text) == (422, True)
    assert one(app, Listing).published is None

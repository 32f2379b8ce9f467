"""Choosing, dropping, pasting and removing files in a real browser, with and without JavaScript."""

import base64

import pytest
from sqlalchemy import select

from portal.catalog import Screenshot, certification
from portal.extensions import db
from portal.files.reasons import WORDS, Why
from portal.models.evidence import File
from portal.models.integration import Answer
from portal.worker.delivery import drain
from tests.files import samples

DROP = """([selector, name, type, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
  const place = document.querySelector(selector);
  if (type === "image/png") place.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  else {
    place.querySelector("input[type=file]").focus();
    place.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData: data }));
  }
}"""


@pytest.fixture(scope="module")
def place():
    """A section with a question that wants a screenshot."""
    return next(
        (section.key, question.key)
        for section in certification()
        for question in section.questions
        if question.screenshot is Screenshot.REQUIRED and question.condition is None
    )


def chosen(name, data, kind="image/png"):
    return {"name": name, "mimeType": kind, "buffer": data}


def open_section(visit, place, **options):
    page = visit("alice", **options)
    page.goto(f"/build/{place[0]}")
    return page, page.locator(f"#files-{place[1]}-slot")


def hand_over(page, selector, name, kind, data):
    page.evaluate(DROP, [selector, name, kind, base64.b64encode(data).decode()])


def names(app):
    with app.app_context():
        return list(db.session.scalars(select(File.original_name).where(File.removed_at.is_(None)).order_by(File.id)))


def test_chosen_files_travel_alone_and_become_ready_by_themselves(app, visit, place, kept):
    _, slot = open_section(visit, place)
    slot.locator("input[type=file]").set_input_files([chosen("shot.png", samples.png()), chosen("empty.png", b"")])
    slot.get_by_text("Being checked").wait_for()
    slot.get_by_text(WORDS[Why.EMPTY]).wait_for()
    assert names(app) == ["shot.png"]
    drain(app)
    slot.locator("img[src$='/thumbnail']").wait_for()
    slot.get_by_text("Being checked").wait_for(state="detached")


def test_a_dropped_and_a_pasted_picture_arrive(app, visit, place, kept):
    page, slot = open_section(visit, place)
    hand_over(page, f"#files-{place[1]}-slot", "dropped.png", "image/png", samples.png())
    slot.get_by_text("dropped.png", exact=True).first.wait_for()
    slot.get_by_text("Being checked").wait_for()
    hand_over(page, f"#files-{place[1]}-slot", "pasted.jpg", "image/jpeg", samples.jpeg())
    slot.get_by_text("pasted.jpg", exact=True).first.wait_for()
    slot.get_by_text("Being checked").nth(1).wait_for()
    assert names(app) == ["dropped.png", "pasted.jpg"]


def test_without_javascript_a_file_is_sent_and_removed_and_what_was_typed_stays(app, world, visit, place, kept):
    page, slot = open_section(visit, place, java_script_enabled=False)
    comment = page.locator(f"[name='comment-{place[1]}']")
    comment.evaluate("field => field.closest('details')?.setAttribute('open', '')")
    comment.fill("typed and not saved yet")
    slot.locator("input[type=file]").set_input_files([chosen("shot.png", samples.png()), chosen("empty.png", b"")])
    slot.get_by_role("button", name="Upload").click()
    page.get_by_text(f"empty.png: {WORDS[Why.EMPTY]}").wait_for()
    assert names(app) == ["shot.png"]
    assert page.locator(f"[name='comment-{place[1]}']").input_value() == "typed and not saved yet"
    slot.get_by_role("button", name="Remove shot.png").click()
    page.get_by_text("shot.png was removed.").wait_for()
    assert names(app) == []
    with app.app_context():
        assert db.session.scalars(select(Answer.comment)).one() == "typed and not saved yet"

"""Each small script does what it says, in a real browser under the strict content security policy."""

import re

import pytest
from playwright.sync_api import expect

from tests.waiting import until

KEPT = """
<form method="post" action="/save" data-keep="note" data-guard>
  <input type="hidden" name="csrf_token" value="token">
  <label for="note">Note</label><textarea id="note" name="note">SAVED</textarea>
  <label for="yes">Yes</label><input type="checkbox" id="yes" name="yes" value="y">
  <label for="secret">Secret</label><input type="password" id="secret" name="secret">
  <button>Save</button>
</form>
"""


def show(page, pages, content):
    pages.content = content
    page.goto("/")


def nothing_is_kept(page):
    """Scripts are modules and run a little after the page is there."""
    until(lambda: page.evaluate("localStorage.length") == 0, seconds=5)


def type_and_lose(page, pages, words="a long thought"):
    show(page, pages, KEPT)
    page.get_by_label("Note").fill(words)
    page.get_by_label("Yes").check()
    page.get_by_label("Secret").fill("hunter2")
    pages.lost = True
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    pages.lost = False


def test_words_come_back_after_a_lost_session_but_secrets_do_not(page, pages):
    type_and_lose(page, pages)
    page.goto("/")
    expect(page.get_by_label("Note")).to_have_value("a long thought")
    expect(page.get_by_label("Yes")).to_be_checked()
    expect(page.get_by_label("Secret")).to_have_value("")
    expect(page.get_by_text("What you typed before is back")).to_be_visible()
    assert "hunter2" not in page.evaluate("JSON.stringify(localStorage)")


def test_the_saved_version_can_be_taken_instead(page, pages):
    type_and_lose(page, pages)
    page.goto("/")
    page.get_by_role("button", name="Use the saved version instead").click()
    expect(page.get_by_label("Note")).to_have_value("SAVED")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    expect(page.get_by_label("Note")).to_have_value("SAVED")


def test_what_the_server_took_does_not_come_back(page, pages):
    show(page, pages, KEPT)
    page.get_by_label("Note").fill("taken")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Note")).to_have_value("SAVED")
    assert pages.sent[0]["note"] == ["taken"]
    nothing_is_kept(page)


def test_words_typed_by_one_person_are_not_shown_to_another(page, pages):
    type_and_lose(page, pages)
    pages.who = "k2"
    page.goto("/")
    expect(page.get_by_label("Note")).to_have_value("SAVED")
    pages.who = "k1"
    page.goto("/")
    expect(page.get_by_label("Note")).to_have_value("a long thought")


def test_signing_out_forgets_what_was_kept(page, pages):
    type_and_lose(page, pages)
    page.goto("/")
    page.route("**/security.logout", lambda route: route.fulfill(status=204))
    page.evaluate("document.querySelector('[data-menu]').open = true")
    page.get_by_role("button", name="Sign out").click()
    nothing_is_kept(page)


def test_leaving_with_unsaved_words_asks_first(page, pages):
    show(page, pages, KEPT)
    page.get_by_label("Note").type("x")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/?elsewhere")
    assert asked == ["beforeunload"]


AUTOSAVE = """
{% from "components/save_status.html" import save_status %}
<form method="post" action="/save" data-autosave="save-status" data-keep="auto" hx-post="/autosave"
      hx-trigger="input delay:100ms" hx-target="#save-status" hx-swap="outerHTML">
  <input type="hidden" name="csrf_token" value="token">
  <label for="note">Note</label><textarea id="note" name="note"></textarea>
</form>
{{ save_status() }}
"""


def test_autosave_says_when_it_saved_and_then_lets_go(page, pages):
    show(page, pages, AUTOSAVE)
    page.get_by_label("Note").type("hello")
    expect(page.get_by_role("status")).to_contain_text("Saved 2026")
    assert pages.sent[-1]["note"] == "hello"
    nothing_is_kept(page)
    page.goto("/")


def test_autosave_that_fails_says_so_and_keeps_the_words(page, pages):
    pages.fails_from = 1
    show(page, pages, AUTOSAVE)
    page.get_by_label("Note").type("hello")
    expect(page.get_by_role("status")).to_contain_text("Not saved.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    expect(page.get_by_label("Note")).to_have_value("hello")


def test_autosave_after_a_lost_session_says_what_to_do(page, pages):
    pages.lost = True
    show(page, pages, AUTOSAVE)
    page.get_by_label("Note").type("hello")
    expect(page.get_by_role("status")).to_contain_text("Your session has ended.")
    page.on("dialog", lambda dialog: dialog.accept())


def test_words_typed_while_a_save_is_under_way_are_kept(page, pages):
    show(page, pages, AUTOSAVE)
    pages.fails_from = 2
    pages.answers.clear()
    with page.expect_request("**/autosave"):
        page.get_by_label("Note").type("a")
    page.get_by_label("Note").type("b")
    pages.answers.set()
    expect(page.get_by_role("status")).to_contain_text("Not saved.")
    assert '"note=":"ab"' in page.evaluate("Object.values(localStorage).join()")
    page.on("dialog", lambda dialog: dialog.accept())


SUMMARY = """
{% from "components/error_summary.html" import error_summary %}{% from "components/radios.html" import radios %}
{{ error_summary([("live", "Choose one")]) }}
{{ radios("live", "Are you live?", [("yes", "Yes"), ("no", "No")], error="Choose one") }}
"""


def test_the_error_summary_takes_the_focus_and_its_links_pass_it_on(page, pages):
    show(page, pages, SUMMARY)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Choose one").click()
    expect(page.get_by_label("Yes")).to_be_focused()


def test_the_counter_says_what_is_left(page, pages):
    show(
        page,
        pages,
        '{% from "components/textarea_field.html" import textarea_field %}{{ textarea_field("t", "Text", limit=10) }}',
    )
    page.get_by_label("Text").fill("1234")
    expect(page.get_by_text("6 characters left")).to_be_visible()
    page.get_by_label("Text").fill("123456789012")
    expect(page.get_by_text("2 characters too many")).to_be_visible()


def test_a_password_can_be_shown_and_hidden(page, pages):
    show(page, pages, '{% from "components/password_field.html" import password_field %}{{ password_field("p", "Word") }}')
    page.get_by_role("button", name="Show password").click()
    expect(page.locator("#p")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(page.locator("#p")).to_have_attribute("type", "password")


def test_copying_says_that_it_copied(page, pages):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(page, pages, '{% from "components/code_block.html" import code_block %}{{ code_block("curl -i", "sample") }}')
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "curl -i"


CONDITION = """
{% from "components/radios.html" import radios %}{% from "components/question_card.html" import question_card %}
<form method="post" action="/save">{{ radios("a", "Refunds?", [("yes", "Yes"), ("no", "No")], "no") }}
{% call question_card("b", 2, "mandatory", when=("a", ["yes"])) %}<p>How do you refund?</p>{% endcall %}</form>
"""


def test_a_question_appears_with_the_answer_it_depends_on(page, pages):
    show(page, pages, CONDITION)
    expect(page.get_by_text("How do you refund?")).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(page.get_by_text("How do you refund?")).to_be_visible()


SLOT = """
{% from "components/evidence_slot.html" import evidence_slot %}
<form method="post" action="/save"><input type="hidden" name="csrf_token" value="token">
{{ evidence_slot("e", "Your log.", upload_url="/upload", name="files-a") }}</form>
"""
PICTURE = {"name": "log.png", "mimeType": "image/png", "buffer": b"png"}


def test_chosen_files_travel_one_by_one(page, pages):
    show(page, pages, SLOT)
    page.locator("#e").set_input_files([PICTURE, {**PICTURE, "name": "two.png"}])
    expect(page.get_by_text("log.png is here")).to_be_visible()
    expect(page.get_by_text("two.png is here")).to_be_visible()
    assert pages.sent == ["log.png", "two.png"]


def test_a_refused_file_says_why(page, pages):
    pages.refuses = "This is not a picture."
    show(page, pages, SLOT)
    page.locator("#e").set_input_files([PICTURE])
    expect(page.get_by_text("This is not a picture.")).to_be_visible()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_files_can_be_dropped_and_pasted(page, pages, kind):
    show(page, pages, SLOT)
    page.locator("#e").focus()
    page.evaluate(
        """kind => {
          const data = new DataTransfer();
          data.items.add(new File(["png"], "thrown.png", { type: "image/png" }));
          const event = kind === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
          document.getElementById("e-slot").dispatchEvent(event);
        }""",
        kind,
    )
    expect(page.get_by_text("thrown.png is here")).to_be_visible()


FEED = """
{% from "components/feed.html" import feed %}
{% set entry = {"key": "e1", "kind": "message", "author": "Rita", "role": "", "staff": true, "at": now, "text": "Old", "tone": "", "link": "", "link_words": ""} %}
{{ feed([entry], poll_url="/feed", seen_url="/seen", unread=1) }}
"""


def test_news_appear_in_the_feed_without_a_reload(page, pages):
    page.clock.install()
    show(page, pages, FEED)
    pages.news = '<li class="p-entry" data-key="e2">Fresh words</li>'
    page.clock.run_for(5000)
    expect(page.get_by_text("Fresh words")).to_be_visible()
    page.clock.run_for(5000)
    page.wait_for_timeout(200)
    assert [sent for sent in pages.sent if sent != "seen"] == ["e1", "e2"]


def test_what_was_on_the_screen_counts_as_read(page, pages):
    show(page, pages, FEED)
    expect(page.get_by_role("button", name="Mark as read")).to_be_hidden(timeout=4000)
    assert pages.sent == ["seen"]


KEYS = """
<div data-keys><input type="checkbox" data-keys-switch aria-label="Keys">
<p id="one" data-stop tabindex="-1">One <button type="button" data-press="a" id="go-one">Approve</button></p>
<p id="two" data-stop tabindex="-1">Two <button type="button" data-press="a" id="go-two">Approve</button></p>
<input aria-label="Words"></div>
"""


def test_keys_move_between_questions_and_press_the_button_of_the_one_in_hand(page, pages):
    show(page, pages, KEYS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#two")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#go-two")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#one")).to_be_focused()


def test_keys_are_letters_while_typing_and_can_be_turned_off_for_good(page, pages):
    show(page, pages, KEYS)
    page.get_by_label("Words").type("jak")
    expect(page.get_by_label("Words")).to_have_value("jak")
    page.get_by_label("Keys").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("#one")).not_to_be_focused()
    expect(page.get_by_label("Keys")).not_to_be_checked()


def test_the_menu_closes_on_escape_and_on_a_click_elsewhere(page, pages):
    show(page, pages, "<p>Elsewhere</p>")
    menu = page.locator("details[data-menu]")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.get_by_text("Elsewhere").click()
    expect(menu).not_to_have_attribute("open", "")


def test_on_a_phone_the_tabs_open_without_a_script(browser, address, pages):
    pages.content = "<p>Words</p>"
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("Build"))).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Build"))).to_be_visible()
    context.close()

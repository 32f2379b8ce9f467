"""The log in Chromium: live rows, details beside the list, and every page as axe sees it."""

import os

import pytest

from portal.extensions import db
from portal.models.delivery import Forward
from portal.models.partner_app import PartnerApp
from portal.status import ForwardKind
from portal.transaction import writing
from portal.worker import drain
from tests.browser import accessible
from tests.webhooks.sending import event, hook, webhook  # noqa: F401 - a fixture

LOG = "/developers/webhooks"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def shot(page, name):
    """A picture for people who ask for one (PORTAL_SHOTS names a folder)."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def filled(app, hook):  # noqa: F811 - the fixture
    """A log with one of everything."""
    hook.change(webhook_url="https://example.com/webhooks")
    for n in range(12):
        hook.send(
            webhook(
                event(
                    id=f"EV{n}",
                    action=["failed", "confirmed", "paid_out"][n % 3],
                    links={"payment": f"PM00{n}", "organisation": "OR00012ABC"},
                )
            )
        )
    hook.send(
        webhook(
            event(id="EV1"), event(id="EV777", resource_type="mandates", action="active", created_at="2020-01-01T00:00:00.000Z")
        )
    )
    hook.send(webhook(event()), header="0" * 64)
    hook.send(webhook(event()), header=None)
    hook.send(b"\xff\xfe\x00 no text")
    hook.send(
        webhook(
            *(
                event(id=f"EV9{n}", resource_type="subscriptions", action="created", links={"subscription": f"SB{n}"})
                for n in range(30)
            )
        )
    )
    found = hook.read()
    with app.app_context(), writing():
        db.session.add_all(
            Forward(
                partner_id=found[12].partner_id,
                delivery_id=found[12].id,
                kind=kind,
                to=to,
                status=status,
                error=words,
                milliseconds=31,
            )
            for kind, to, status, words in (
                (
                    ForwardKind.AUTOMATIC,
                    "https://example.com/webhooks",
                    500,
                    "It answered 500 Internal Server Error; only 2xx counts as received.",
                ),
                (ForwardKind.LISTENER, "laptop: http://localhost:3000/webhooks", 200, ""),
            )
        )
    return found


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_every_page_can_be_used_by_everybody(visit, filled, size, scheme):
    page = visit("alice", viewport=size, color_scheme=scheme)
    paths = {
        "log": LOG, "filtered": f"{LOG}?type=payments&verdict=valid", "nothing": f"{LOG}?q=nowhere", "detail": f"{LOG}/{filled[12].key}",
        "forged": f"{LOG}/{filled[13].key}", "bytes": f"{LOG}/{filled[15].key}", "compare": f"{LOG}/{filled[12].key}/compare/{filled[1].key}",
        "forwarding": f"{LOG}/forwarding", "keys": "/developers/keys", "new-key": "/developers/keys/new",
    }  # fmt: skip
    for name, path in paths.items():
        page.goto(path)
        shot(page, f"{name}-{size['width']}-{scheme}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"


def test_new_webhooks_appear_on_top_and_are_said(app, visit, hook, filled):  # noqa: F811 - the fixture
    page = visit("alice", viewport=WIDE)
    page.goto(LOG)
    assert page.get_by_role("button", name="Live").get_attribute("aria-pressed") == "true"
    page.locator("#log tr").nth(2).locator("input").check()
    hook.send(webhook(event(id="EVNEW", action="charged_back")))
    page.get_by_text("being read").wait_for()
    assert page.locator("#said").inner_text() == "1 new webhook on top"
    drain(app)
    page.locator("#log").get_by_text("payments charged back").first.wait_for()
    assert page.locator("#log tr").first.inner_text().count("charged back") == 1
    assert page.locator("#log tr").nth(3).locator("input").is_checked()
    page.get_by_role("button", name="Live").click()
    assert page.get_by_role("button", name="Live").get_attribute("aria-pressed") == "false"


def test_more_at_once_than_a_page_holds_leave_no_gap(app, visit, hook, filled):  # noqa: F811 - the fixture
    page = visit("alice", viewport=WIDE)
    page.goto(LOG)
    for n in range(120):
        hook.send(webhook(event(id=f"EVMANY{n}")))
    newest = [one.key for one in reversed(hook.read())]
    page.locator(f'tr[data-key="{newest[0]}"]').wait_for()
    shown = page.eval_on_selector_all("#log tr", "rows => rows.map((row) => row.dataset.key)")
    assert shown == newest[: len(shown)]


def test_the_first_webhook_replaces_the_empty_page(app, visit, hook):  # noqa: F811 - the fixture
    page = visit("alice", viewport=WIDE)
    page.goto(LOG)
    page.get_by_role("heading", name="No webhook yet").wait_for()
    accessible(page)
    shot(page, "empty-1440-light")
    hook.send(webhook(event()))
    page.get_by_role("link", name="Export as NDJSON").wait_for()


def test_details_stand_beside_the_list_on_a_wide_screen(visit, filled):
    page = visit("alice", viewport=WIDE)
    page.goto(LOG)
    link = page.locator(f'tr[data-key="{filled[12].key}"] a').first
    link.focus()
    page.keyboard.press("Enter")
    page.locator("#beside").get_by_text("The signature is valid.").wait_for()
    assert page.url.endswith(LOG)
    assert page.evaluate("document.activeElement.closest('tr').dataset.key") == filled[12].key
    shot(page, "beside-1440-light")
    accessible(page)
    page.locator("#beside").get_by_role("link", name="Open the whole page").click()
    page.wait_for_url(f"**{LOG}/{filled[12].key}")


def test_on_a_phone_a_row_leads_to_its_page(visit, filled):
    page = visit("alice", viewport=PHONE)
    page.goto(LOG)
    page.locator(f'tr[data-key="{filled[12].key}"] a').first.click()
    page.wait_for_url(f"**{LOG}/{filled[12].key}")


def test_without_a_script_everything_can_be_done(app, visit, filled):
    page = visit("alice", viewport=WIDE, java_script_enabled=False)
    page.goto(LOG)
    assert not page.get_by_role("button", name="Live").is_visible()
    page.get_by_role("link", name="Refresh").click()
    page.get_by_label("Signature").select_option("invalid")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#log tr").count() == 1
    page.get_by_role("link", name="Take off the filter").first.click()
    page.locator(f'tr[data-key="{filled[0].key}"] input').check()
    page.get_by_role("button", name="Resend the chosen webhooks").click()
    page.get_by_text("on the way to your own address").wait_for()
    page.locator("summary", has_text="Where webhooks arrive").click()
    page.get_by_role("button", name="Send a test webhook").click()
    page.get_by_text("This is a test.").wait_for()


def test_scripts_in_a_webhook_never_run(app, visit, hook):  # noqa: F811 - the fixture
    evil = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    hook.send(
        webhook(event(id=evil, resource_type=evil, action=evil, links={"payment": evil, "organisation": evil})),
        headers={"X-Evil": evil},
    )
    (one,) = hook.read()
    page = visit("alice", viewport=WIDE)
    for path in (LOG, f"{LOG}/{one.key}", f"{LOG}/{one.key}/compare/{one.key}"):
        page.goto(path)
        assert "owned" not in page.title()
    page.goto(LOG)
    page.locator("#log a").first.click()
    page.locator("#beside h2").wait_for()
    assert "owned" not in page.title()
    assert page.locator("#beside img").count() == 0


def test_a_key_is_shown_once(app, visit, world):
    page = visit("alice", viewport=WIDE)
    page.goto("/developers/keys")
    page.get_by_role("link", name="Create a key").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Create the key").click()
    token = page.locator("#token").inner_text()
    assert token.startswith("pk_")
    accessible(page)
    shot(page, "key-created-1440-light")
    page.get_by_role("link", name="I have kept it").click()
    assert token not in page.content()
    page.get_by_role("link", name="Revoke My laptop").click()
    page.get_by_role("button", name="Revoke the key").click()
    page.get_by_text("opens nothing any more").wait_for()
    with app.app_context():
        assert db.session.query(PartnerApp).count() == 0

"""Grow while it is open, in the dark on a phone: nothing scrolls sideways, axe finds nothing."""

from portal.grow import publishing, starters
from portal.grow.values import fresh
from portal.transaction import writing
from tests.browser import AXE, accessible
from tests.grow import acts

WIDE = "| a | b |\n| --- | --- |\n| " + "wide" * 60 + " | 1 |\n\n    " + "code " * 60 + "\n\n" + "long" * 80
PAGES = ("/grow", "/grow/content", "/grow/content?q=bank&kind=guide", "/grow/updates?show=to-do", "/grow/roadmap", "/grow/feed")


def test_every_page_on_a_phone_in_the_dark(grown, app, visit):
    with app.app_context(), writing():
        for one in starters.starters():
            item = acts.write(grown, one.title, kind=one.kind, **{**fresh(), **one.values(), "schemes": []})
            publishing.publish(item, by=grown.user("pam"))
        key = acts.publish(grown, "Wide", body=WIDE, kind="update", action_by="2099-01-01")
    page = visit("alice", color_scheme="dark", viewport={"width": 390, "height": 844})
    for path in (*PAGES, f"/grow/content/{key}"):
        page.goto(path)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{path} scrolls sideways"
        if AXE.exists():
            accessible(page)

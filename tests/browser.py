"""A real Chromium on the whole portal: `live` is the address of a running server, `page` a fresh profile, `visit(name)` one signed in.

Tests that ask for these are skipped, with the reason, where there is no Chromium (CHROMIUM, or one of the usual names).
"""

import os
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


def chromium():
    """The path of a Chromium, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 - Werkzeug's own signature
        """Say nothing."""


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live(app):
    """The address of the portal, answering from threads of this process; a host name, because passkeys need one."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fresh(browser, live):
    """`fresh(**options)` opens a page with a profile of its own; what any of them complains about on the console is a failure."""
    contexts, complaints = [], []

    def open_one(**options):
        context = browser.new_context(base_url=live, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    refused = ("status of 4", "Status Error Code 4")  # how the browser and htmx report what the portal refused
    assert [text for text in complaints if not any(words in text for words in refused)] == []


@pytest.fixture
def page(fresh):
    return fresh()


@pytest.fixture
def visit(fresh, live, world):
    """`visit("alice")` opens a page that is signed in as her; options go to the browser's profile."""

    def signed_in(name, **options):
        page = fresh(**options)
        cookie = world.client(name).get_cookie("portal_session")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live}])
        return page

    return signed_in


@contextmanager
def next_page(page):
    """What is done inside leads to another page; afterwards that one is there, and not still the one before."""
    page.evaluate("document.documentElement.setAttribute('data-before', '')")
    yield page
    page.locator("html:not([data-before])").wait_for(state="attached")
    page.wait_for_load_state()


def at(page, path):
    """Wait until the page is this one; a pattern such as **/team would also fit /sign-in?next=/team."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


AXE = Path(__file__).parent / "node/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessible(page):
    """Raise AssertionError with what axe finds wrong on the page as it is now; skip where axe is not installed."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in tests/node")
    page.evaluate("scrollTo(0, 0)")  # what a sticky bar half covers while scrolled counts as too small
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES)
    problems = [f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}" for one in found]
    assert not problems, f"{page.url}\n" + "\n".join(problems)

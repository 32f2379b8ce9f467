"""The inbox of development machines: text with working links, the mail as its reader sees it, and nothing of it in production."""

import os
import subprocess
import sys

import pytest

from portal import outbox
from portal.models.outbox import Task
from portal.transaction import writing
from portal.worker import drain

HTML = "<!doctype html><html><head><title>News</title><style>p { color: red }</style></head><body><h1>News</h1></body></html>"


@pytest.fixture
def sent(app, inbox):
    """Two mails that were delivered to files; the name of the newer."""
    with app.app_context(), writing():
        for n in (1, 2):
            text = f"Go to https://example.com/invitation/{n}?a=b&c=d. <b>Thanks</b>"
            payload = {"to": f"p{n}@example.com", "name": "Pä", "subject": f"News {n}", "text": text, "html": HTML}
            outbox.enqueue(Task.MAIL, payload, title="x")
    assert drain(app) == 2
    return max(file.name for file in inbox.glob("*.eml"))


def test_newest_first(nobody, sent):
    page = nobody.get("/development/inbox").text
    assert page.index("News 2") < page.index("News 1")
    assert "p2@example.com" in page


def test_by_recipient(nobody, sent):
    page = nobody.get("/development/inbox?to=P1@").text
    assert "News 1" in page
    assert "News 2" not in page


def test_empty(nobody, inbox):
    assert "No mail" in nobody.get("/development/inbox").text


def test_links_work_and_text_stays_text(nobody, sent):
    page = nobody.get(f"/development/inbox/{sent}").text
    assert 'href="https://example.com/invitation/2?a=b&amp;c=d"' in page
    assert "&lt;b&gt;Thanks" in page


def test_the_mail_as_its_reader_sees_it_can_do_nothing(nobody, sent):
    answer = nobody.get(f"/development/inbox/{sent}/html")
    assert answer.text.strip() == HTML
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.mark.parametrize("name", ["unknown.eml", "..%2fportal.sqlite", "20260101T000000000000-1.eml", "%2e%2e/secret_key.txt"])
def test_no_other_file_can_be_read(nobody, name):
    assert nobody.get(f"/development/inbox/{name}").status_code == 404


def test_production_has_no_inbox(tmp_path):
    """In a process of its own: an application takes its process's keys and addresses."""
    code = "from portal import create_app; print(*(rule.rule for rule in create_app().url_map.iter_rules()), sep='\\n')"
    environment = {
        **os.environ,
        "PORTAL_ENVIRONMENT": "production",
        "PORTAL_INSTANCE": str(tmp_path),
        "PORTAL_PUBLIC_URL": "https://portal.example.com",
        "PORTAL_MAIL_TRANSPORT": "smtp",
        "PORTAL_SECRET_KEY": "x" * 40,
        "PORTAL_SIGNING_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "PORTAL_ENCRYPTION_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
    }
    rules = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True).split()
    assert "/healthz" in rules
    assert not [rule for rule in rules if rule.startswith("/development")]

"""A connect test played to its end: the partner's client, the merchant at the sandbox's own pages, the worker."""

import itertools
from urllib.parse import urlsplit

from portal.extensions import db
from portal.models.partner_app import Connection
from portal.models.run import Run
from portal.worker import drain
from tests.sandbox.test_oauth import SIGN_UP, Browser

_numbers = itertools.count()
WAY = {"scope": "read_write"}


def run_key(answer):
    """Of the answer that leads to a run's page."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return urlsplit(answer.headers["Location"]).path.rsplit("/", 1)[-1]


def start(client, app, **values):
    """Press the button; the address that the merchant is sent to."""
    answer = client.post("/developers/connect", data={"app": app.key, **WAY, **values})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


class Play:
    """One merchant with a browser of their own."""

    def __init__(self, gocardless):
        self.gocardless = gocardless
        self.browser = Browser(gocardless.url)
        self.email = f"play{next(_numbers)}@example.com"

    def decide(self, address, decision="allow"):
        """Sign up when nobody is signed in, then allow or deny; where the merchant is sent back to."""
        page = self.browser.http.get(address, allow_redirects=False, timeout=10)
        if page.status_code == 302:
            return page.headers["Location"]
        assert page.status_code == 200, page.text
        if "sign-up" in page.text:
            page = self.browser.follow(self.browser.send(page, "sign-up", email=self.email, **SIGN_UP))
        return self.browser.send(page, "/oauth/authorize", decision=decision).headers["Location"]


def come_back(client, address):
    """The merchant's browser at the callback, which is also the partner's."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def connect(client, gocardless, app, decision="allow", **values):
    """The whole way; the run's key."""
    back = Play(gocardless).decide(start(client, app, **values), decision)
    key = run_key(come_back(client, back))
    drain(gocardless.portal)
    return key


def look(gocardless, key):
    """The run as it is stored: status, words, and (code, status, problem) of each step."""
    with gocardless.portal.app_context():
        run = db.session.query(Run).filter_by(key=key).one()
        return run.status.value, run.words, [(step.code, step.status.value, step.problem) for step in run.steps]


def steps(gocardless, key):
    with gocardless.portal.app_context():
        run = db.session.query(Run).filter_by(key=key).one()
        found = list(run.steps)
        for step in found:
            db.session.expunge(step)
        return {step.code: step for step in found}


def connection(gocardless):
    """The only connection there is."""
    with gocardless.portal.app_context():
        found = db.session.query(Connection).one()
        db.session.refresh(found, ["app"])
        db.session.expunge(found)
        return found

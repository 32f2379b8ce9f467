"""A client that examines every HTML page it is given, whatever the test is about."""

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
OPTIONAL_CLOSE = set()


class Page(HTMLParser):
    """Strict: every element is closed in order, ids are unique, labels point at fields."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.problems = [], set(), []
        self.h1, self.title, self.labels, self.describes, self.forms = [], "", [], [], []
        self._in = None
        self.fields = set()
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "title"):
            self._in = tag
            if tag == "h1":
                self.h1.append("")
        self._note(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self._note(tag, dict(attrs))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> at line {self.getpos()[0]} closes {self.open[-3:]}")
            return
        self.open.pop()
        if tag == self._in:
            self._in = None

    def handle_data(self, data):
        if self._in == "h1":
            self.h1[-1] += data
        elif self._in == "title":
            self.title += data

    def _note(self, tag, attrs):
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.problems.append(f"id {attrs['id']!r} twice")
            self.ids.add(attrs["id"])
        if tag == "label" and "for" in attrs:
            self.labels.append(attrs["for"])
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.describes += (attrs.get(name) or "").split()
        if attrs.get("href") == "#":
            self.problems.append('href="#"')
        if tag == "img" and "alt" not in attrs:
            self.problems.append("img without alt")
        if any(name.startswith("on") or name == "style" for name in attrs):
            self.problems.append(f"inline handler or style on <{tag}>")
        if tag == "form":
            self.forms.append({"method": (attrs.get("method") or "get").lower(), "action": attrs.get("action"), "token": False})
        if tag == "input" and attrs.get("name") == "csrf_token" and self.forms:
            self.forms[-1]["token"] = True


def examine(text, *, fragment=False):
    """Raise AssertionError naming what is wrong with a page of ours."""
    page = Page(text)
    problems = list(page.problems)
    problems += [f"label for {target!r} has no field" for target in page.labels if target not in page.ids]
    problems += [f"aria points at {target!r}, which is not there" for target in page.describes if target not in page.ids]
    for form in page.forms:
        if form["method"] == "post" and not form["token"]:
            problems.append(f"POST form to {form['action']!r} without a token")
        if not form["action"]:
            problems.append("form without an action")
    if not fragment:
        if len(page.h1) != 1:
            problems.append(f"{len(page.h1)} h1")
        elif not _squash(page.title).startswith(_squash(page.h1[0])):
            problems.append(f"title {_squash(page.title)!r} does not begin with h1 {_squash(page.h1[0])!r}")
    assert not problems, "\n".join(problems)


def _squash(text):
    return re.sub(r"\s+", " ", text).strip()


class CarefulClient(FlaskClient):
    """Looks at each HTML answer; adds the CSRF token to posts as a browser would (post(..., csrf=False) leaves it out)."""

    def open(self, *args, csrf=True, **kwargs):
        if csrf and kwargs.get("method") in ("POST", "PUT", "DELETE", "PATCH"):
            kwargs = self._with_token(kwargs)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            text = response.get_data(as_text=True)
            if text:
                examine(text, fragment="<html" not in text)
                assert (
                    "nonce-" in response.headers["Content-Security-Policy"]
                    or "sandbox" in response.headers["Content-Security-Policy"]
                )
        return response

    def _with_token(self, kwargs):
        headers = dict(kwargs.get("headers") or {})
        headers.setdefault("X-CSRFToken", self.token())
        return {**kwargs, "headers": headers}

    def token(self):
        """The token of this client's session, as its pages carry it."""
        from flask import current_app
        from flask_wtf.csrf import generate_csrf

        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0123456789abcdef0123456789abcdef01234567")
        with self.application.test_request_context():
            from flask import session as current

            current["csrf_token"] = raw
            assert current_app
            return generate_csrf()

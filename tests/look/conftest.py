"""A small server with pages that only have components on them, and a browser that looks at it."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask, make_response, redirect, render_template_string, request
from jinja2 import FileSystemLoader
from werkzeug.serving import make_server

from portal import assets, headers, navigation, words

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
PAGE = """
{% extends "base.html" %}
{% block title %}Sample{% endblock %}
{% block content %}<h1>Sample</h1>CONTENT{% endblock %}
"""


class Pages:
    """What the server shows and what it was sent; a test changes both."""

    def __init__(self):
        self.content, self.who, self.lost = "", "k1", False
        self.fails_from, self.answers = 1_000, threading.Event()
        self.answers.set()
        self.sent, self.news, self.refuses = [], "", ""

    def html(self):
        return PAGE.replace("CONTENT", self.content)


def small_app(pages):
    app = Flask("portal", static_folder=None, template_folder=None, root_path=str(assets.STATIC.parent))
    app.jinja_loader = FileSystemLoader(assets.STATIC.parent / "templates")
    app.secret_key = "look"
    words.init_app(app)
    app.jinja_env.filters.update(when=str, ago=str, day=str)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.after_request(strict)
    assets.init_app(app)

    @app.context_processor
    def frame():
        person = navigation.Person(pages.who, "Alice Martin", "alice@example.com") if pages.who else None
        kind = "partner" if person else "public"
        return {
            "now": NOW,
            "frame": navigation.frame_for(kind, place=lambda endpoint, _: f"/{endpoint}", path="/", nonce="n", person=person),
        }

    add_forms(app, pages)
    add_files_and_feed(app, pages)
    return app


def add_forms(app, pages):
    @app.get("/")
    def show():
        return render_template_string(pages.html())

    @app.post("/save")
    def save():
        if pages.lost:
            return render_template_string('{% extends "errors/401.html" %}', words=None, status=401), 401
        pages.sent.append(request.form.to_dict(flat=False))
        return redirect("/", 303)

    @app.post("/autosave")
    def autosave():
        pages.sent.append(request.form.to_dict())
        fails = len(pages.sent) >= pages.fails_from
        pages.answers.wait(5)
        if pages.lost or fails:
            return "no", 401 if pages.lost else 500
        return render_template_string('{% from "components/save_status.html" import save_status %}{{ save_status(now) }}')


def add_files_and_feed(app, pages):
    @app.post("/upload")
    def upload():
        pages.sent.append(request.files["files-a"].filename)
        if pages.refuses:
            return make_response((pages.refuses, 422, {"Content-Type": "text/plain; charset=utf-8"}))
        return f'<li class="p-file">{request.files["files-a"].filename} is here</li>'

    @app.get("/feed")
    def feed():
        pages.sent.append(request.args["after"])
        fresh, pages.news = pages.news, ""
        return fresh or ("", 204)

    @app.post("/seen")
    def seen():
        pages.sent.append("seen")
        return "", 204


def strict(response):
    response.headers["Content-Security-Policy"] = headers.POLICY.format(nonce="n")
    return response


@pytest.fixture
def pages():
    return Pages()


@pytest.fixture
def address(pages):
    server = make_server("127.0.0.1", 0, small_app(pages), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser, address):
    """A fresh browser profile; whatever it complains about on the console is a failure."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if "status" not in text.lower()] == []

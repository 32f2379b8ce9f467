"""The OAuth endpoints answered by a server that misbehaves: every answer ends in a step with its own words, never in a crash."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import exchange
from portal import gocardless as door
from portal.connect import doing
from portal.connect.doing import Situation, do
from portal.connect.line import Line
from portal.connect.problems import PROBLEMS
from portal.runs import recording
from portal.status import Environment

SECRET, CODE, TOKEN = "the-client-secret-of-this-app", "the-code-that-came-back", "the-token-of-the-merchant"
GOOD = {
    "access_token": TOKEN,
    "scope": "read_write",
    "token_type": "bearer",
    "organisation_id": "OR1",
    "email": "a@example.com",
}


class Answering:
    """Answers every POST and GET with the same."""

    def __init__(self, body, status=200, headers=(), wait=None):
        self.seen, self.done = [], threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.seen.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
                if wait:
                    outer.done.wait(wait)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815 - how the library names a method

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self.done.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def ask(app):
    """`ask(step, body, …)`: the outcome of a step and what was exchanged, against a server that answers this."""
    made = []

    def go(step, body, status=200, **how):
        document = json.dumps(body).encode() if isinstance(body, dict | list) else body
        server = Answering(document, status, **how)
        made.append(server)
        urls = {"embedded_connect_url": server.url, "embedded_api_url": server.url}
        door.configure(app.settings.model_copy(update=urls))
        line = Line(Environment.EMBEDDED, "client-id", SECRET)
        known = {"organisation_id": "OR1", "scope": "read_write", "creditor_id": "CR1"}
        parameters = {"redirect_uri": "http://localhost/back", "scope": "read_write"}
        outcome = do(step, Situation(line, token=TOKEN, code=CODE, parameters=parameters, **known))
        return outcome, line.last

    yield go
    for one in made:
        one.close()
    door.configure(app.settings)


BAD = [
    (b"", 200, "not_json"), (b"[]", 200, "not_json"), (b"null", 200, "not_json"), (b"<html>", 200, "not_json"), (b"\xff", 200, "not_json"),
    (b"<html>", 404, "not_json"), (b"<html>", 502, "server_failed"), (b"{}", 500, "server_failed"), (b"", 302, "not_json"),
    (b"[" * 100_000, 200, "not_json"), ({"error": "invalid_client"}, 401, "wrong_secret"), ({"error": "teapot"}, 400, "oauth_refused"),
    ({"error": "invalid_request", "error_description": "<script>"}, 400, "oauth_refused"), ({}, 400, "oauth_refused"),
]  # fmt: skip


@pytest.mark.parametrize("step", ["exchanged", "looked_up", "revoked"])
@pytest.mark.parametrize(("body", "status", "problem"), BAD)
def test_answers_of_every_kind(ask, step, body, status, problem):
    if step == "revoked" and status == 200:
        return  # its body means nothing
    outcome, taken = ask(step, body, status)
    if (step, status) == ("looked_up", 404):
        problem = "look_up_unknown"
    assert outcome.problem == problem
    assert outcome.verdict
    assert taken.status == status


@pytest.mark.parametrize(
    "body",
    [{}, {"access_token": ""}, {"access_token": 12, "organisation_id": "OR1"}, {"access_token": "t"},
     {"access_token": "t", "organisation_id": ["OR1"]}, {"access_token": "t", "organisation_id": "O" * 65},
     {"access_token": "t", "organisation_id": "OR\x00"}, {"access_token": "t" * 5000, "organisation_id": "OR1"}],
)  # fmt: skip
def test_tokens_that_lack_something(ask, body):
    outcome, _ = ask("exchanged", body)
    assert (outcome.problem, outcome.token) == ("incomplete", "")


def test_a_token_of_another_scope_is_kept_and_named(ask):
    outcome, _ = ask("exchanged", {**GOOD, "scope": "read_only", "email": None, "expires_in": "soon"})
    assert (outcome.problem, outcome.token) == ("wrong_scope", TOKEN)
    assert "read_only, not read_write" in outcome.verdict


@pytest.mark.parametrize(
    ("body", "problem"),
    [({"active": False}, "inactive"), ({}, "inactive"), ({"active": "yes"}, "inactive"),
     ({"active": True, "organisation_id": "OR2"}, "other_organisation"),
     ({"active": True, "organisation_id": "OR1", "scope": "read_only"}, "wrong_scope"), ({"active": True}, "")],
)  # fmt: skip
def test_look_ups(ask, body, problem):
    assert ask("looked_up", body)[0].problem == problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [({"creditors": []}, "no_creditor"), ({"creditors": [{}]}, "incomplete"), ({"creditors": ["x"]}, "incomplete"),
     ({"creditors": {"id": "CR1"}}, "incomplete"), ({"creditors": [{"id": "CR1", "name": "\x00<b>", "verification_status": 7}]}, ""),
     ({}, "incomplete"), ({"error": {"type": "invalid_api_usage"}}, "incomplete")],
)  # fmt: skip
def test_creditors(ask, body, problem):
    outcome, _ = ask("creditor", body)
    assert outcome.problem == problem
    assert "\x00" not in json.dumps(outcome.learnt) + outcome.verdict


def test_statuses_that_are_new(ask):
    outcome, _ = ask("verification", {"creditors": {"id": "CR1", "verification_status": "brand_new"}})
    assert (outcome.problem, outcome.learnt["verification_status"]) == ("", "brand_new")
    assert "brand_new" in outcome.verdict


def test_too_slow(ask, monkeypatch):
    monkeypatch.setattr("portal.connect.line.TIMEOUT", (1, 0.1))
    outcome, taken = ask("exchanged", GOOD, wait=5)
    assert (outcome.problem, taken.status) == ("timed_out", None)


def test_without_end(ask, monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST", 1000)
    assert ask("exchanged", b"x" * 100_000)[0].problem == "unreachable"


def test_a_server_that_repeats_everything_it_was_sent(ask):
    said = json.dumps({"error": "invalid_grant", "error_description": f"{CODE} {SECRET}", "echo": {"x": [SECRET, CODE]}})
    outcome, taken = ask("exchanged", said.encode(), 400, headers=[("X-Echo", SECRET), ("Set-Cookie", f"a={CODE}")])
    kept = json.dumps(recording.masked(taken, {"CLIENT_SECRET": SECRET, "CODE": CODE}))
    assert SECRET not in kept
    assert CODE not in kept
    assert "invalid_grant" in kept
    assert outcome.problem == "code_refused"


def test_secrets_stay_out_of_what_python_prints(ask):
    line = Line(Environment.EMBEDDED, "client-id", SECRET)
    printed = repr(Situation(line, token=TOKEN, code=CODE)) + repr(line) + repr(ask("exchanged", GOOD)[0])
    assert not any(secret in printed for secret in (SECRET, TOKEN, CODE))


def test_every_problem_has_words_and_something_to_do():
    for code, problem in PROBLEMS.items():
        assert problem.words.endswith((".", "}")), code
        assert problem.todo.endswith("."), code
        assert len(code) <= 40


def test_every_step_that_calls_has_its_words():
    from portal.connect.kind import STEPS, USUAL

    assert set(doing.STEPS) <= set(STEPS)
    assert set(USUAL) <= set(STEPS)
    assert all(words.clause.url for words in STEPS.values())

"""The pre-flight page, and asking hosts: a real sandbox, and hosts that are none."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.apps import asking
from portal.apps.asking import Link
from portal.gocardless import Place
from tests.apps.test_app_pages import FORM, OWN, register
from tests.waiting import free_port

URL = f"/developers/apps/{FORM['key']}/check"
LINK = Link("b3nXp0Yw8LqTz5RkVh2J", "https://app.example.com/cb")


@contextmanager
def host(status=200, body=b"", content_type="text/html", **headers):
    """A server that answers everything alike."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response_only(status)
            for name, value in {"Content-Type": content_type, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def codes(place, link=LINK):
    return [finding.code for finding in asking.ask(place, link)]


def test_a_right_app_at_the_sandbox_has_nothing_to_hear(alice, gocardless, row):
    register(alice)
    assert "Not asked yet" in alice.get(URL).text
    answer = alice.post(URL)
    assert (answer.status_code, answer.location) == (303, URL + "#hosts")
    page = alice.get(URL).text
    assert "Both answered as GoCardless does" in page
    assert "a run can start" in page
    assert row(FORM["key"], lambda app: (app.findings, app.version)) == ([], 1)


def test_the_hosts_are_not_asked_all_the_time(alice, gocardless):
    register(alice)
    assert [alice.post(URL).status_code for _ in range(2)] == [303, 429]


def test_an_app_that_the_sandbox_does_not_know(alice, gocardless):
    register(alice)
    gocardless.lever("reset")
    alice.post(URL)
    page = alice.get(URL).text
    assert "it does not know this client id" in page
    assert "Stops a run" in page


def test_a_link_is_compared_with_a_caret(alice, gocardless):
    register(alice)
    page = alice.get(URL, query_string={"link": OWN + "/"}).text
    assert "One ends in a slash" in page
    assert f"registered  {OWN}\nasked for   {OWN}/\n" in page
    assert "^" in page
    hostile = alice.get(URL, query_string={"link": "https://x/?redirect_uri=<script>alert(1)</script>&client_id=\x00"})
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.text
    assert alice.get(URL, query_string={"link": OWN * 400}).status_code == 200


def test_nobody_answers():
    gone = f"http://127.0.0.1:{free_port()}"
    assert codes(Place(gone, gone)) == ["connect_unreachable", "api_unreachable"]


def test_a_name_that_does_not_exist(monkeypatch):
    found = asking.ask(Place("http://no-such-host.invalid", "http://no-such-host.invalid"), LINK)
    assert [finding.code for finding in found] == ["connect_unreachable", "api_unreachable"]


def test_something_else_answers():
    with host(body=b"<h1>Welcome to nginx</h1>") as (url, _):
        assert codes(Place(url, url)) == ["connect_unexpected", "api_unexpected"]
    with host(404, b"not here") as (url, _):
        assert codes(Place(url, url)) == ["connect_unexpected", "api_unexpected"]
    with host(502, b"GoCardless is behind this proxy") as (url, _):
        assert codes(Place(url, url)) == ["connect_failed", "api_failed"]


def test_a_host_that_says_nothing(monkeypatch):
    monkeypatch.setattr(asking, "TIMEOUT", (0.2, 0.1))
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert codes(Place(url, url)) == ["connect_timeout", "api_timeout"]


def test_redirects_are_read_and_never_followed():
    with host(302, Location="http://127.0.0.1:9/elsewhere") as (url, seen):
        assert codes(Place(url, url)) == ["api_unexpected"]
        assert len(seen) == 2
    with host(302, Location="https://app.example.com/cb?error=invalid_scope") as (url, _):
        assert "link_error" in codes(Place(url, url))


def test_clocks_that_differ(gocardless):
    made = gocardless.app()
    place = Place(gocardless.url, gocardless.url)
    link = Link(made.client_id, "http://localhost/developers/connect/callback")
    assert codes(place, link) == []
    with host(401, b'{"error": {"type": "x"}}', "application/json", Date="Sat, 01 Jan 2022 00:00:00 GMT") as (url, _):
        assert "clock_skew" in codes(Place(url, url))
        assert codes(Place(url, url)).count("clock_skew") == 1


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 01 Jan 2022 00:00:00 -0000", "Mon, 99 Foo 20222 99:99:99 GMT"])
def test_dates_that_are_none(date):
    with host(401, b'{"error": {}}', "application/json", Date=date) as (url, _):
        asking.ask(Place(url, url), LINK)


def test_a_token_reads_one_creditor(gocardless):
    merchant = gocardless.merchant(gocardless.app(), name="Acme Live Ltd")
    place = Place(gocardless.url, gocardless.url)
    assert asking.creditor(place, merchant.token) == ("Acme Live Ltd", [])
    name, found = asking.creditor(place, "live_wrongwrongwrong")
    assert (name, [finding.code for finding in found]) == ("", ["token_refused"])
    assert "wrongwrong" not in repr(found)


def test_a_live_app_is_not_checked_here(alice, gocardless):
    register(alice, environment="live", name="Acme")
    assert alice.get(URL).status_code == 409
    assert alice.post(URL).status_code == 409

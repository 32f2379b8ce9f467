"""The door to GoCardless: the official client against a real sandbox, and against servers that misbehave."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import exchange
from portal import gocardless as door
from portal.config import Settings
from portal.status import Environment
from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures
from tests.waiting import free_port


@pytest.fixture
def merchant(gocardless):  # noqa: F811 - the fixture
    return gocardless.merchant(gocardless.app())


def test_a_call_is_recorded_as_it_was(gocardless, merchant):  # noqa: F811 - the fixture
    seen = []
    client = door.client(Environment.EMBEDDED, merchant.token, recorder=seen.append)
    assert client.creditors.list(params={"limit": 1}).records[0].id == merchant.creditor_id
    [taken] = seen
    assert (taken.method, taken.url, taken.status) == ("GET", f"{gocardless.url}/creditors?limit=1", 200)
    assert taken.request_headers["Authorization"] == f"Bearer {merchant.token}"
    assert taken.request_headers["GoCardless-Version"] == "2015-07-06"
    assert merchant.creditor_id in taken.response_body
    assert taken.milliseconds > 0
    assert merchant.token not in repr(taken)


def test_writing_and_a_conflict_that_the_library_solves(gocardless, merchant):  # noqa: F811 - the fixture
    client = gocardless.client(merchant)
    key = {"Idempotency-Key": "one-key"}
    first = client.customers.create(params={"given_name": "A", "family_name": "B", "email": "a@example.com"}, headers=key)
    again = client.customers.create(params={"given_name": "A", "family_name": "B", "email": "a@example.com"}, headers=key)
    assert again.id == first.id


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        ("429", door.TooManyCalls, 429),
        ("500", door.ServerFailed, 500),
        ("html", door.NotJson, 502),
        ("empty", door.NotJson, 200),
    ],
)
def test_faults_have_names_and_are_not_tried_again(gocardless, merchant, fault, error, status):  # noqa: F811 - the fixture
    gocardless.fault(merchant, fault)
    seen = []
    client = door.client(Environment.EMBEDDED, merchant.token, recorder=seen.append)
    with pytest.raises(error) as raised:
        client.creditors.list()
    assert raised.value.status == status
    assert len(seen) == 1
    assert client.creditors.list().records


def test_refusals_have_type_reason_and_fields(gocardless, merchant):  # noqa: F811 - the fixture
    client = gocardless.client(merchant)
    with pytest.raises(door.ApiRefused) as raised:
        client.payments.get("PM404")
    assert (raised.value.status, raised.value.reason) == (404, "resource_not_found")
    assert raised.value.request_id
    with pytest.raises(door.ApiRefused) as raised:
        client.customers.create(params={"email": "nonsense"})
    assert raised.value.type == "validation_failed"
    assert "email" in raised.value.fields


def test_a_token_that_is_unknown_and_one_that_may_only_read(gocardless):  # noqa: F811 - the fixture
    with pytest.raises(door.TokenRevoked):
        door.client(Environment.EMBEDDED, "sandbox_never_made").creditors.list()
    reader = gocardless.merchant(gocardless.app(), scope="read_only")
    with pytest.raises(door.NotAllowed):
        gocardless.client(reader).customers.create(params={"email": "a@example.com"})


def test_nobody_there(app, sandbox_settings):  # noqa: F811 - the fixture
    door.configure(sandbox_settings.model_copy(update={"embedded_api_url": f"http://127.0.0.1:{free_port()}"}))
    seen = []
    with pytest.raises(door.Unreachable):
        door.client(Environment.EMBEDDED, "token", recorder=seen.append).creditors.list()
    assert seen[0].status is None


class Strange:
    """A server that answers as it was told."""

    def __init__(self, body=b"", status=200, headers=(), pause=None):
        self.stop = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                for piece in body() if callable(body) else [body]:
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return
                if pause:
                    outer.stop.wait(pause)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def strange(sandbox_settings):  # noqa: F811 - the fixture
    """`strange(body, …)`: the portal's sandbox is now a server that answers this."""
    made = []

    def become(*args, **kwargs):
        made.append(Strange(*args, **kwargs))
        door.configure(sandbox_settings.model_copy(update={"embedded_api_url": made[-1].url}))
        return door.client(Environment.EMBEDDED, "token")

    yield become
    for one in made:
        one.close()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"12", b"\xff\xfe", b"<html>", b'{"creditors": ', b'{"error": "text"}', b"[" * 99_999]
)
def test_answers_that_are_not_the_apis(strange, body):
    for status in (200, 401, 422, 500):
        if (status, body) == (200, b'{"error": "text"}'):
            continue
        with pytest.raises(door.NotJson):
            strange(body, status).creditors.list()


@pytest.mark.parametrize(
    "body",
    [b'{"error": {}}', b'{"error": {"type": "brand_new"}}', b'{"error": {"type": "invalid_state", "errors": [{}]}}',
     b'{"error": {"type": "invalid_state", "errors": ["x"]}}', b'{"error": {"type": "validation_failed", "errors": 12}}'],
)  # fmt: skip
def test_refusals_that_the_library_cannot_read(strange, body):
    with pytest.raises(door.ApiRefused):
        strange(body, 422).creditors.list()


def test_a_redirect_is_not_followed(strange):
    with pytest.raises(door.NotJson):
        strange(b"{}", 302, [("Location", "http://127.0.0.1:1/")]).creditors.list()


def test_a_rate_limit_that_is_no_number(strange):
    assert strange(b'{"creditors": [], "meta": {}}', 200, [("RateLimit-Remaining", "many")]).creditors.list().records == []


def test_too_slow(strange, monkeypatch):
    monkeypatch.setattr(door, "TIMEOUT", (1, 0.1))
    with pytest.raises(door.TimedOut):
        strange(b"{", headers=[("Content-Length", "100")], pause=5).creditors.list()


def test_without_end(strange, monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST", 100_000)
    with pytest.raises(door.Unreachable):
        strange(lambda: (b"x" * 10_000 for _ in range(1000))).creditors.list()


def test_drop_by_drop(strange, monkeypatch):
    monkeypatch.setattr(exchange, "LONGEST", 0.0)
    with pytest.raises(door.TimedOut):
        strange(b"{}").creditors.list()


def test_broken_compression(strange):
    with pytest.raises(door.Unreachable):
        strange(b"not gzip", headers=[("Content-Encoding", "gzip")]).creditors.list()


def test_places(monkeypatch, app):
    monkeypatch.setenv("SANDBOX_PORT", "5999")
    settings = Settings(environment="development")
    door.configure(settings)
    assert door.place(Environment.EMBEDDED) == door.Place("http://127.0.0.1:5999", "http://127.0.0.1:5999")
    assert door.available() == (Environment.EMBEDDED, Environment.GOCARDLESS)
    door.configure(settings.model_copy(update={"embedded_connect_url": "none"}))
    assert door.available() == (Environment.GOCARDLESS,)
    with pytest.raises(door.NotHere):
        door.place(Environment.EMBEDDED)
    assert door.place(Environment.LIVE).api_url == "https://api.gocardless.com"
    door.configure(app.settings)

"""Tools of the sandbox's tests: an API caller that makes resources, and a receiver of webhooks."""

import atexit
import hashlib
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import create_engine, text

from portal.sandbox import Settings, create_sandbox

VERSION = {"GoCardless-Version": "2015-07-06"}
GB = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "Frank Osborne"}
ACCOUNTS = {
    "bacs": GB,
    "sepa_core": {"iban": "DE89370400440532013000", "account_holder_name": "Frank Osborne"},
    "ach": {
        "country_code": "US",
        "bank_code": "026073150",
        "account_number": "2715500356",
        "account_type": "checking",
        "account_holder_name": "Frank Osborne",
    },
    "autogiro": {
        "country_code": "SE",
        "branch_code": "5491",
        "account_number": "0000003",
        "account_holder_name": "Frank Osborne",
    },
    "becs": {
        "country_code": "AU",
        "branch_code": "082-082",
        "account_number": "012345678",
        "account_holder_name": "Frank Osborne",
    },
    "becs_nz": {
        "country_code": "NZ",
        "bank_code": "12",
        "branch_code": "3113",
        "account_number": "0003869-00",
        "account_holder_name": "Frank Osborne",
    },
    "betalingsservice": {
        "country_code": "DK",
        "bank_code": "345",
        "account_number": "3179681",
        "account_holder_name": "Frank Osborne",
    },
    "pad": {
        "country_code": "CA",
        "bank_code": "0003",
        "branch_code": "00006",
        "account_number": "1234567",
        "account_holder_name": "Frank Osborne",
    },
}
CURRENCY = {
    "bacs": "GBP",
    "sepa_core": "EUR",
    "ach": "USD",
    "autogiro": "SEK",
    "becs": "AUD",
    "becs_nz": "NZD",
    "betalingsservice": "DKK",
    "pad": "CAD",
}
_databases, _engines = set(), []


def make_app(folder, **settings):
    known = {"rate_limit": 0, "moves": "by_hand", "database_url": database_of(folder), **settings}
    app = create_sandbox(Settings(instance=folder, **known))
    _engines.append(app.extensions["sandbox"].database.engine)
    return app


def close_pools():
    """Gives back the connections that nobody uses; PostgreSQL's complain when they are forgotten."""
    for engine in _engines if _databases else ():
        engine.dispose()


def forget_pool(engine):
    _engines.remove(engine)


def database_of(folder):
    """SQLite in the folder by default; with PORTAL_TEST_POSTGRES_URL a PostgreSQL database of this folder's own."""
    server = os.environ.get("PORTAL_TEST_POSTGRES_URL")
    if not server:
        return ""
    name = "sandbox_test_" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    if name not in _databases:
        _on_server(server, f'CREATE DATABASE "{name}"')
        _databases.add(name)
        atexit.register(_on_server, server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return server.rsplit("/", 1)[0] + f"/{name}"


def _on_server(server, statement):
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


class Api:
    """Calls the API of one organisation, through Flask's test client."""

    def __init__(self, app, token=None, **made):
        self.app, self.http, self.token, self.made = app, app.test_client(), token, made

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}", **VERSION}

    def call(self, method, path, body=None, headers=None, **more):
        if body is not None:
            more["json"] = body
        return self.http.open(path, method=method, headers={**self.headers, **(headers or {})}, **more)

    def get(self, path, **more):
        answer = self.call("GET", path, **more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def create(self, kind, values, **more):
        answer = self.call("POST", f"/{kind}", {kind: values}, **more)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.json[kind]

    def one(self, kind, identity):
        return self.get(f"/{kind}/{identity}")[kind]

    def all(self, kind, query=""):
        return self.get(f"/{kind}{query}")[kind]

    def act(self, kind, identity, name, values=None):
        return self.call("POST", f"/{kind}/{identity}/actions/{name}", {"data": values or {}})

    def simulate(self, name, resource):
        answer = self.call("POST", f"/scenario_simulators/{name}/actions/run", {"data": {"links": {"resource": resource}}})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer

    def lever(self, name, values=None):
        answer = self.http.post(f"/_sandbox/{name}", json=values or {})
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.json

    def events(self, query="?limit=500"):
        return [(event["resource_type"], event["action"]) for event in reversed(self.all("events", query))]

    def customer(self, **values):
        return self.create(
            "customers", {"given_name": "Frank", "family_name": "Osborne", "email": "frank@example.com", **values}
        )

    def account(self, scheme="bacs", **values):
        customer = self.customer(**values)
        return self.create("customer_bank_accounts", {**ACCOUNTS[scheme], "links": {"customer": customer["id"]}})

    def mandate(self, scheme="bacs", *, active=False, given_name="Frank", **values):
        account = self.account(scheme, given_name=given_name)
        if scheme == "ach":
            values.setdefault("payer_ip_address", "127.0.0.1")
        made = self.create("mandates", {"scheme": scheme, "links": {"customer_bank_account": account["id"]}, **values})
        if active:
            self.simulate("mandate_activated", made["id"])
        return self.one("mandates", made["id"])

    def payment(self, mandate=None, **values):
        mandate = mandate or self.mandate(active=True)
        body = {"amount": 1000, "currency": CURRENCY[mandate["scheme"]], "links": {"mandate": mandate["id"]}}
        return self.create("payments", {**body, **values})


def merchant(app, **values):
    """A verified merchant with a token of its own."""
    made = app.test_client().post("/_sandbox/organisations", json={"name": "Acme", "country_code": "GB", **values})
    assert made.status_code == 201, made.get_data(as_text=True)
    return Api(app, made.json["access_token"], **made.json)


class Receiver:
    """Listens on this machine and keeps every request: (headers, body). ``answers`` are the next status codes."""

    def __init__(self):
        self.seen, self.answers, self.delay = [], [], 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.delay)
                outer.seen.append((dict(self.headers), body))
                status = outer.answers.pop(0) if outer.answers else 204
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def wait_until(check, seconds=20):
    """Until ``check`` answers something true; the limit only ends a test that would hang."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")

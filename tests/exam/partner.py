"""A partner's server for the tests of the library: it connects merchants as it should, unless a page is told to do something else."""

import secrets
import threading
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from portal.exam.nouns import Environment
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.sandbox import Sandbox

PATIENT = Limits(answer=0.5, page=5, slow=0.05, settle=0.02, follow=5)
"""For a server that answers: a busy machine is no fault of its."""
SHORT = Limits(answer=0.3, page=0.5, slow=0.05, settle=0.02, follow=0.2)
"""For one that does not."""


class Partner:
    """`pages` are functions of a request by path; what one does to the connection is its own affair."""

    def __init__(self, sandbox_url):
        self.sandbox, self.states, self.over, self.asked = sandbox_url, {}, threading.Event(), []
        partner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = urlsplit(self.path).path
                partner.asked.append(path)
                self.close_connection = True
                try:
                    partner.pages.get(path, missing)(self)
                except OSError:
                    return

            def do_POST(self):
                self.do_GET()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.pages = {"/connect": self.connect, "/callback": self.callback, "/done": done}
        made = requests.post(
            f"{sandbox_url}/_sandbox/apps", json={"name": "Partner", "redirect_uris": [self.redirect_uri]}, timeout=10
        )
        self.app = made.json()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def redirect_uri(self):
        return f"{self.url}/callback"

    def close(self):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def connect(self, request):
        key, state = secrets.token_hex(8), secrets.token_urlsafe(32)
        self.states[key] = state
        answer(request, 302, Location=self.link(state), Set_Cookie=f"sid={key}; Path=/; HttpOnly; SameSite=Lax")

    def link(self, state):
        asked = {
            "response_type": "code", "client_id": self.app["client_id"], "redirect_uri": self.redirect_uri, "scope": "read_write",
            "state": state, "prefill[email]": "mia@example.com",
        }  # fmt: skip
        return f"{self.sandbox}/oauth/authorize?{urlencode(asked)}"

    def callback(self, request):
        sent = dict(parse_qsl(urlsplit(request.path).query))
        cookie = SimpleCookie(request.headers.get("Cookie", "")).get("sid")
        known = self.states.pop(cookie.value, None) if cookie else None
        if not known or sent.get("state") != known:
            return answer(request, 403, b"This is not your visit.")
        if "code" not in sent:
            return answer(request, 400, b"Not connected.")
        return (
            answer(request, 303, Location="/done")
            if self.exchange(sent["code"])
            else answer(request, 400, b"Please start again.")
        )

    def exchange(self, code):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        own = {name: self.app[name] for name in ("client_id", "client_secret")}
        return requests.post(f"{self.sandbox}/oauth/access_token", data=form | own, timeout=10).ok

    def rig(self, limits=PATIENT, *, places=None, client_secret="", **declared):
        app = AppUnderTest(self.app["client_id"], client_secret or self.app["client_secret"], (self.redirect_uri,))
        settings = TestSettings(**{"connect_url": f"{self.url}/connect", "login_url": f"{self.url}/connect", **declared})
        return Rig(app, settings, limits, Sandbox(self.sandbox, app.client_id), places or {Environment.EMBEDDED: self.sandbox})


def answer(request, status, body=b"", **headers):
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def done(request):
    answer(request, 200, b"<h1>You are connected.</h1>", Content_Type="text/html")


def missing(request):
    answer(request, 404, b"Nothing here.")

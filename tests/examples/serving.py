"""The example as a real server on a free port, registered at a sandbox; everything in threads of this process."""

import secrets
import threading
from dataclasses import replace

import requests
from cryptography.fernet import Fernet
from werkzeug.serving import make_server

from examples.partner_app import create_app, local
from examples.partner_app.settings import Settings
from tests.browser import Quiet

TEST_KEY = "a test key of this process"


class Serving:
    """Made with `with`. `settings` are the example's own; give others by name. Without a sandbox's address it registers nowhere."""

    def __init__(self, folder, sandbox_url, *, registered=True, **given):
        self._server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.port}"
        fresh = {name: secrets.token_urlsafe(24) for name in ("client_id", "client_secret", "webhook_secret", "session_key")}
        places = {"connect_url": sandbox_url, "api_url": sandbox_url, "verify_url": f"{sandbox_url}/verify"}
        quick = {"timeout": 2, "pause": 0.1, "test_key": TEST_KEY, "token_key": Fernet.generate_key().decode()}
        self.settings = Settings(**{"public_url": self.url, "folder": folder, **places, **fresh, **quick, **given})
        if registered:
            local.register(sandbox_url, self.settings)

    def __enter__(self):
        self.app = self._server.app = create_app(self.settings)
        self.house = self.app.extensions["partner_app"]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.house.processor.start()
        return self

    def __exit__(self, *_):
        self.house.processor.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def act(self, action, **values):
        """One order to the test hook."""
        sent = {"action": action, **values}
        return requests.post(f"{self.url}/test-hook", json=sent, headers={"X-Test-Key": self.settings.test_key}, timeout=30)

    def without(self, **changed):
        """Its settings with some of them changed, for an app that is not served."""
        return replace(self.settings, **changed)

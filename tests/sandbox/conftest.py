"""The sandbox in three forms: an application to call, a server with its worker, and a receiver of webhooks."""

import threading

import pytest
from werkzeug.serving import make_server

from portal.sandbox.worker import Worker
from tests.sandbox.kit import Receiver, close_pools, forget_pool, make_app, merchant


@pytest.fixture(autouse=True)
def _pools():
    yield
    close_pools()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """One application for the tests that need nothing special: moves by hand, no rate limit, no worker."""
    return make_app(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture
def api(sandbox):
    """A merchant of its own for every test."""
    return merchant(sandbox)


@pytest.fixture
def fresh_sandbox(tmp_path):
    """Makes an application with its own settings and database."""

    def make(**settings):
        return make_app(tmp_path, **settings)

    return make


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A merchant with the documented ids in a sandbox of its own, for some of these calls change things."""
    return merchant(make_app(tmp_path_factory.mktemp("planted")), documented_ids=True)


@pytest.fixture(scope="module")
def stranger(planted):
    return merchant(planted.app)


class Running:
    """A sandbox on a port of its own, with its worker."""

    def __init__(self, folder, **settings):
        self._server = None
        probe = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        port = probe.port
        probe.server_close()
        self.app = make_app(folder, port=port, **{"webhook_batch_seconds": 0.05, **settings})
        self.house = self.app.extensions["sandbox"]
        forget_pool(self.house.database.engine)  # its threads hold connections: it is closed with them
        self.url = f"http://127.0.0.1:{port}"
        self._server = make_server("127.0.0.1", port, self.app, threaded=True)
        self.worker = Worker(self.house)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.worker.start()

    def close(self):
        self.worker.stop()
        self._server.shutdown()
        self._server.server_close()
        self.house.database.engine.dispose()


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    made = Running(tmp_path_factory.mktemp("running"))
    yield made
    made.close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()

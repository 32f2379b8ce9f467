"""The test world: a migrated database, two partners, named people, and a client that looks closely at every page.

People: alice (admin of Acme), bob (member of Acme), carol (admin of Birch, another partner), rita (solutions engineer),
pam (partner manager), sam (sales), ada (administrator), nobody (signed out). Each fixture is a client.
"""

import os
import shutil
import uuid
from pathlib import Path

import pytest
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from portal import create_app
from portal.config import Settings
from portal.extensions import db, limiter, transaction_kind
from tests.browser import browser, fresh, live, page, visit  # noqa: F401 - fixtures for every room
from tests.careful import CarefulClient
from tests.furnished import furnish
from tests.stored import empty
from tests.world import World, build_world

hypothesis_settings.register_profile("portal", deadline=None)  # no timed assertions: the machine may be busy
hypothesis_settings.load_profile("portal")


def pytest_make_parametrize_id(val):
    """Bytes go by a number: what a test's name shows must be the same in every process, whatever packed the bytes."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _push_request_context():
    """Replaces pytest-flask's: its ambient context would sign every client in as the first one."""
    return


@pytest.fixture(autouse=True)
def _as_in_a_new_process():
    """A client leaves the kind of its last request behind in this thread; no test may depend on the one before."""
    transaction_kind.set("write")


@pytest.fixture(scope="session")
def instance(tmp_path_factory):
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def database_url(instance):
    """SQLite by default; with PORTAL_TEST_POSTGRES_URL a fresh PostgreSQL database of this test process."""
    server = os.environ.get("PORTAL_TEST_POSTGRES_URL")
    if not server:
        yield f"sqlite:///{instance / 'portal.sqlite'}"
        return
    server = server.replace("postgresql://", "postgresql+psycopg://")
    name = f"portal_test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def _redis_of_this_process():
    """A numbered database of the server for each test process, so that limits and queues are its own."""
    server = os.environ.get("PORTAL_TEST_REDIS_URL", "")
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    return server and f"{server.rsplit('/', 1)[0]}/{number}"


@pytest.fixture(scope="session")
def settings(instance, database_url):
    return Settings(
        environment="test",
        instance=instance,
        database_url=database_url,
        redis_url=_redis_of_this_process(),
        cheap_passwords=True,
    )


@pytest.fixture(scope="session")
def app(settings):
    """The application on a database that the migrations made from empty."""
    app = create_app(settings)
    app.test_client_class = CarefulClient
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _clean_tables(request):
    """Every test that used the application leaves an empty database."""
    yield
    if "app" not in request.fixturenames:
        return
    app = request.getfixturevalue("app")
    limiter.reset()
    empty(app)


@pytest.fixture
def world(app) -> World:
    """Two partners with their teams and the staff, stored."""
    return build_world(app)


def _person(name):
    @pytest.fixture(name=name)
    def client(world):
        return world.client(name)

    return client


alice, bob, carol, rita, pam, sam, ada = map(_person, ("alice", "bob", "carol", "rita", "pam", "sam", "ada"))


@pytest.fixture
def nobody(app):
    return app.test_client()


@pytest.fixture
def fixtures_folder():
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def _furnished(app):
    return furnish(app)


@pytest.fixture
def furnished(_furnished):
    """Two partners with one of everything (tests/furnished.py). Brings people of its own: not together with `world`."""
    _furnished.put_back()
    return _furnished


@pytest.fixture(scope="session")
def _drafting(app):
    return furnish(app, houses=("acme",))


@pytest.fixture
def drafting(_drafting):
    """The same, but Birch has completed its sections and sent nothing yet."""
    _drafting.put_back()
    return _drafting


@pytest.fixture
def inbox(settings, tmp_path):
    """The folder of delivered mails, empty; what others left there comes back afterwards."""
    folder, aside = settings.instance / "mail", tmp_path / "mail"
    folder.mkdir(exist_ok=True)
    folder.rename(aside)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)
    aside.rename(folder)


def pytest_collection_modifyitems(config, items):
    """What is about SQLite alone is no test of PostgreSQL: left out there, not skipped."""
    if os.environ.get("PORTAL_TEST_POSTGRES_URL"):
        about_sqlite = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about_sqlite)
        items[:] = [item for item in items if item not in about_sqlite]

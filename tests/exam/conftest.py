"""Exams are made of the example integration, at a real sandbox, through the worker."""

import pytest
from sqlalchemy import select

from portal.exam import choosing, reading, service
from portal.extensions import db
from portal.models.exam import CheckResult, Exam, ExamSettings
from portal.models.partner_app import PartnerApp
from portal.outgoing import addresses
from portal.status import Environment
from portal.transaction import writing
from portal.worker import drain
from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures
from tests.examples.serving import TEST_KEY, Serving


@pytest.fixture
def quick(app, sandbox_settings):  # noqa: F811 - the fixture
    """Half a second instead of ten, wherever a check waits; and this machine may be called."""
    app.settings = app.settings.model_copy(update={"exam_patience": 0.5})
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    yield
    addresses.configure(loopback=before)


@pytest.fixture
def serving(sandbox_server, tmp_path):  # noqa: F811 - the fixture
    with Serving(tmp_path / "example", sandbox_server.url) as made:
        yield made


class Exams:
    """Exams of one app, started and driven as the pages and the worker do."""

    def __init__(self, world, app_id):
        self.world, self.app, self.app_id = world, world.app, app_id

    @property
    def app_key(self):
        with self.app.app_context():
            return db.session.get(PartnerApp, self.app_id).key

    def declare(self, **values):
        with self.app.app_context(), writing():
            row = db.session.scalars(select(ExamSettings).filter_by(app_id=self.app_id)).one_or_none()
            row = row or ExamSettings(app_id=self.app_id)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.add(row)

    def start(self, *check_ids, go=True, **more):
        """With all checks when none is named."""
        with self.app.app_context(), writing():
            app = db.session.get(PartnerApp, self.app_id)
            chosen = choosing.some(check_ids) if check_ids else choosing.everything()
            key = service.start(app, chosen, by=self.world.user("alice"), **more).key
        if go:
            drain(self.app)
        return key

    def get(self, key):
        """The exam, detached; everything but its app."""
        with self.app.app_context():
            return db.session.scalars(select(Exam).filter_by(key=key)).one()

    def verdicts(self, key):
        """What each check said and why, by its id."""
        with self.app.app_context():
            exam = db.session.scalars(select(Exam).filter_by(key=key)).one()
            return {name: (row.verdict.value, row.words) for name, row in reading.results_of(exam).items()}

    def result(self, key, check_id):
        """One result with its trace, detached."""
        with self.app.app_context():
            exam = db.session.scalars(select(Exam).filter_by(key=key)).one()
            row = db.session.scalars(select(CheckResult).filter_by(exam_id=exam.id, check_id=check_id)).one()
            return reading.result_whole(row)


@pytest.fixture
def bare(world, quick):
    """Exams of an app that no sandbox knows, and whose pages nobody serves: soon over, and nobody need help."""
    with world.app.app_context(), writing():
        row = PartnerApp(
            partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="Bare app", client_id="nobody-knows-it",
            client_secret="a-secret-of-the-bare-app", redirect_uris=["https://bare.example.com/callback"],
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        made = Exams(world, row.id)
    made.declare(connect_url="http://127.0.0.1:9/connect", login_url="http://127.0.0.1:9/log-in")
    return made


@pytest.fixture
def exams(world, quick, serving):
    """Exams of the example, registered at the sandbox and declared."""
    known = serving.settings
    with world.app.app_context(), writing():
        row = PartnerApp(
            partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="Example", client_id=known.client_id,
            client_secret=known.client_secret, webhook_secret=known.webhook_secret, webhook_url=known.webhook_url,
            redirect_uris=[known.redirect_uri],
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        made = Exams(world, row.id)
    made.declare(
        connect_url=f"{serving.url}/connect", login_url=f"{serving.url}/connect/existing-account",
        action_url=f"{serving.url}/test-hook", header_name="X-Test-Key", header_value=TEST_KEY,
    )  # fmt: skip
    return made

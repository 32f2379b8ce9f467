"""Two keys, then the old one taken away: everything that is encrypted still reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from portal import vault
from portal.commands import secrets
from portal.extensions import Base, db
from portal.identity.second_factors import AuthenticatorApp, named
from portal.models.columns import Encrypted
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.models.run import Run
from portal.status import Environment, RunKind
from portal.transaction import writing

MANY = 7


@pytest.fixture
def old(app):
    """The key of this test process, put back afterwards."""
    key = app.settings.secret("encryption_keys")
    yield key
    vault.configure(key)


@pytest.fixture
def new():
    return Fernet.generate_key().decode()


@pytest.fixture
def kept(app, world, old, monkeypatch):
    """Something in every encrypted column, and an authenticator app; batches are small."""
    monkeypatch.setattr(secrets, "BATCH", 3)
    with app.app_context(), writing():
        for n in range(MANY):
            names = ("client_secret", "previous_client_secret", "webhook_secret", "previous_webhook_secret")
            values = {name: f"{name} {n}" for name in names}
            row = PartnerApp(partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name=f"App {n}", **values)
            db.session.add_all((row, Outbox(task=Task.MAIL, title="a mail", payload=f"payload {n}")))
            db.session.flush()
            owner = {"partner_id": row.partner_id, "app_id": row.id}
            db.session.add(Connection(**owner, organisation_id=f"OR{n}", access_token=f"token {n}" if n % 2 else None))
            db.session.add(Run(**owner, kind=RunKind.CONNECT, secret=f"state {n}"))
        world.user("alice").tf_totp_secret = codes(old).generate_totp_secret()


def codes(*keys):
    return AuthenticatorApp(named(list(keys)), "Partner Portal")


def everything(app):
    """Every encrypted value in plain text, by column and row."""
    columns = [
        column for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, Encrypted)
    ]
    with app.app_context():
        return {
            (str(column), number): value
            for column in columns
            for number, value in db.session.execute(db.select(column.table.c.id, column))
        }


def totp(app, world, *keys):
    with app.app_context():
        return codes(*keys).get_totp_b32_key(world.user("alice").tf_totp_secret)


def rotate(app, *keys):
    vault.configure(",".join(keys))
    with app.app_context():
        return secrets.rotate_all(codes(*keys))


def test_everything_reads_once_the_old_key_is_gone(app, world, kept, old, new):
    before, code = everything(app), totp(app, world, old)
    counts = rotate(app, new, old)
    vault.configure(new)
    assert everything(app) == before
    assert totp(app, world, new) == code
    assert {str(column) for column, _ in before} | {"users.tf_totp_secret"} == {
        name for name, count in counts.items() if count.renewed
    }
    assert counts["partner_app.client_secret"].renewed == MANY
    assert counts["connection.access_token"].renewed == MANY // 2


def test_without_it_nothing_would_read(app, world, kept, old, new):
    vault.configure(new)
    with pytest.raises(InvalidToken):
        everything(app)
    with pytest.raises(KeyError):
        codes(Fernet.generate_key().decode()).renewed(codes(old).generate_totp_secret().replace('"t":"', '"t":"x'))


def test_a_second_time_changes_nothing(app, kept, old, new):
    rotate(app, new, old)
    again = rotate(app, new, old)
    assert {name: count.renewed for name, count in again.items() if count.renewed} == {}
    assert again["outbox.payload"].left == MANY


def test_stopped_half_way_it_goes_on_where_it_was(app, kept, old, new, monkeypatch):
    done = []

    def stops(value):
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(value)
        return vault.reseal(value)

    vault.configure(f"{new},{old}")
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        secrets._rotate(PartnerApp.__table__.c.client_secret, stops)
    count = rotate(app, new, old)["partner_app.client_secret"]
    assert (count.renewed, count.left) == (MANY - 3, 3)


def test_what_no_key_reads_is_counted_and_left(app, kept, old, new):
    count = rotate(app, new)["partner_app.webhook_secret"]
    assert (count.renewed, count.left, count.unreadable) == (0, 0, MANY)
    vault.configure(old)
    assert len(everything(app)) > MANY


def test_the_names_of_keys_stay_when_one_goes(old, new):
    assert set(named([new, old])) >= set(named([new])) - {"1"}
    assert next(iter(named([new, old]))) == next(iter(named([new])))


def test_every_encrypted_table_has_a_number(app):
    tables = {
        column.table for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, Encrypted)
    }
    assert all("id" in table.c for table in tables)
    assert User.__table__.c.tf_totp_secret is not None


def test_the_command(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "SANDBOX_"))}
    environment |= {"PORTAL_ENVIRONMENT": "development", "PORTAL_INSTANCE": str(tmp_path)}
    command = [
        sys.executable,
        "-c",
        "from portal.cli import main; main(['init']  , standalone_mode=False); main(['secrets', 'rotate'])",
    ]
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "partner_app.client_secret: 0 encrypted anew, 0 were already" in ran.stdout
    assert "The older ones can be taken out" in ran.stdout

"""The promises everything stands on: transactions, isolation of clients, migrations, light imports."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade

from portal.extensions import WriteInReadTransaction, db, transaction_kind
from portal.models.partner import Partner
from portal.transaction import release, writing


def test_alive(nobody):
    assert nobody.get("/healthz").json == {"status": "alive"}


def test_a_read_transaction_refuses_to_write(app):
    with app.app_context():
        token = transaction_kind.set("read")
        db.session.add(Partner(name="Nobody"))
        with pytest.raises(WriteInReadTransaction):
            db.session.flush()
        db.session.rollback()
        transaction_kind.reset(token)


def test_a_unit_of_work_that_raises_leaves_nothing(app):
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _fail_half_way()
        assert db.session.query(Partner).count() == 0
        db.session.rollback()


def _fail_half_way():
    with writing():
        db.session.add(Partner(name="Half"))
        db.session.flush()
        raise ZeroDivisionError


@pytest.mark.parametrize("flushed", [False, True])
def test_slow_work_may_not_begin_while_changes_wait(app, flushed):
    with app.app_context():
        db.session.add(Partner(name="Half"))
        if flushed:
            db.session.flush()
        with pytest.raises(RuntimeError):
            release()
        db.session.rollback()
        release()


def test_migrations_go_down_and_up_without_a_pending_difference(app):
    with app.app_context():
        downgrade(revision="base")
        upgrade()
        check()


def test_importing_the_sandbox_loads_nothing_else_of_the_portal():
    code = "import sys, portal.sandbox; print([m for m in sys.modules if m.startswith('portal.') and not m.startswith('portal.sandbox')])"
    if not Path("portal/sandbox/__init__.py").exists():
        pytest.skip("the sandbox is not part of this checkout")
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_tests_of_rooms_named_build_are_collected():
    from tests import __file__ as here

    assert (Path(here).parent / "build").is_dir()

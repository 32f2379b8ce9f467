"""The database wired to the application: connection pool, migrations."""

from pathlib import Path

from flask import Flask

import portal.models  # noqa: F401 - registers every table
from portal.extensions import attend, db, migrate


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            attend(engine)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"))

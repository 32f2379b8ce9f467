"""The database wired to the application: connection pool, migrations."""

from pathlib import Path

from flask import Flask

import portal.models  # noqa: F401 - registers every table
from portal.extensions import db, migrate


def init_app(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"))

"""Alembic's environment: the application's own engine and tables, in batches where SQLite needs them."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.extensions import Base, db


def _nothing_new(_: object, __: object, directives: list[Any]) -> None:
    """No empty revision."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _render_item(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Our column types as the plain types they store, so that old migrations do not depend on today's code."""
    if kind == "type" and type(item).__module__.startswith("portal."):
        return {"Utc": "sa.DateTime(timezone=True)", "Encrypted": "sa.LargeBinary()"}[type(item).__name__]
    return False


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """What full-text search keeps beside its table, and its indexes, stand in migrations written by hand."""
    return kind not in ("table", "index") or not (name or "").startswith(("directory_search", "content_search", "content_desk"))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        process_revision_directives=_nothing_new,
        render_item=_render_item,
        compare_type=True,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.app_context(), db.engine.connect() as connection:
    _run(connection)
    connection.commit()

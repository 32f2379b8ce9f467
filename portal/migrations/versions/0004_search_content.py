"""Search content

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21 05:40:00

"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEARCHED = {
    "content_search": ("content_shown", ("title", "body", "codes")),
    "content_desk": ("content_item", ("title", "words")),
}
"""By name of the index: what partners find, and what staff find."""


def upgrade() -> None:
    for index, (table, columns) in SEARCHED.items():
        for statement in _sqlite(index, table, columns) if _on_sqlite() else _postgresql(index, table, columns):
            op.execute(statement)


def downgrade() -> None:
    for index in reversed(SEARCHED):
        if not _on_sqlite():
            op.execute(f"DROP INDEX {index}")
            continue
        for when in ("changed", "gone", "new"):
            op.execute(f"DROP TRIGGER {index}_{when}")
        op.execute(f"DROP TABLE {index}")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _sqlite(index: str, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    names, old = ", ".join(columns), ", ".join(f"old.{column}" for column in columns)
    add = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {', '.join(f'new.{column}' for column in columns)});"
    drop = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.id, {old});"
    return (
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{table}', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')",
        f"CREATE TRIGGER {index}_new AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN {drop} END",
        f"CREATE TRIGGER {index}_changed AFTER UPDATE OF {names} ON {table} BEGIN {drop} {add} END",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",
    )


def _postgresql(index: str, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    text = " || ' ' || ".join(columns)
    return (f"CREATE INDEX {index} ON {table} USING gin (to_tsvector('english', {text}))",)

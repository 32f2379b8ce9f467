"""Search the directory

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21 02:45:00

"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE VIRTUAL TABLE directory_search USING fts5(
         sort_name, body, content='directory_entry', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
       )""",
    """CREATE TRIGGER directory_search_new AFTER INSERT ON directory_entry BEGIN
         INSERT INTO directory_search(rowid, sort_name, body) VALUES (new.id, new.sort_name, new.body);
       END""",
    """CREATE TRIGGER directory_search_gone AFTER DELETE ON directory_entry BEGIN
         INSERT INTO directory_search(directory_search, rowid, sort_name, body) VALUES ('delete', old.id, old.sort_name, old.body);
       END""",
    """CREATE TRIGGER directory_search_changed AFTER UPDATE ON directory_entry BEGIN
         INSERT INTO directory_search(directory_search, rowid, sort_name, body) VALUES ('delete', old.id, old.sort_name, old.body);
         INSERT INTO directory_search(rowid, sort_name, body) VALUES (new.id, new.sort_name, new.body);
       END""",
    "INSERT INTO directory_search(directory_search) VALUES ('rebuild')",
)
SQLITE_DOWN = (
    "DROP TRIGGER directory_search_changed",
    "DROP TRIGGER directory_search_gone",
    "DROP TRIGGER directory_search_new",
    "DROP TABLE directory_search",
)
POSTGRESQL = (
    "CREATE INDEX directory_search_name ON directory_entry (sort_name text_pattern_ops)",
    "CREATE INDEX directory_search_all ON directory_entry USING gin (to_tsvector('english', sort_name || ' ' || body))",
)
POSTGRESQL_DOWN = ("DROP INDEX directory_search_all", "DROP INDEX directory_search_name")


def upgrade() -> None:
    _run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)

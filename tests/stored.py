"""All rows of all tables: to put a world back as it was, and to see whether anything changed."""

import re

from sqlalchemy import Integer, event, func, select, text
from sqlalchemy.exc import IntegrityError

from portal.extensions import Base, db

WRITE = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|(DELETE) FROM) "?(\w+)', re.IGNORECASE)
READ = re.compile(r"\s*(?:SELECT|PRAGMA|SET|SHOW|BEGIN|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)


class Written:
    """Which tables were written to since these rows were put back; all of them, when that is not known."""

    def __init__(self):
        self.since, self.tables, self.engines = None, set(), set()

    def watch(self, engine):
        if engine not in self.engines:
            self.engines.add(engine)
            event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_):
        if found := WRITE.match(statement):
            self.tables |= {found[2], *(_below(found[2]) if found[1] else ())}
        elif not READ.match(statement):
            self.since = None

    def may_differ(self, stored):
        return [table for table in Base.metadata.sorted_tables if self.since is not stored or table.name in self.tables]

    def begin(self, stored):
        self.since, self.tables = stored, set()


WRITTEN = Written()


def _below(name):
    """Tables whose rows go, or change, with a row of this one."""
    found, waiting = set(), [name]
    while waiting:
        above = waiting.pop()
        waiting += [table for table, parents in _PARENTS.items() if above in parents and table not in found]
        found |= set(waiting)
    return found


_PARENTS = {
    table.name: {key.column.table.name for key in table.foreign_keys} - {table.name} for table in Base.metadata.tables.values()
}


def everything(app):
    """Every row as plain values, by the name of its table."""
    with app.app_context(), db.engine.connect() as connection:
        return {table.name: _rows(connection, table) for table in Base.metadata.sorted_tables}


def _rows(connection, table):
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def empty(app):
    """No row in any table, and ids from one again. Most tables are empty already: those are left alone, which is much quicker."""
    with app.app_context(), db.engine.begin() as connection:
        full = set(connection.scalars(text(_FULL)))
        tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name in full]
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in tables:
            _forget(connection, table)
        if connection.dialect.name == "postgresql" and full:
            connection.execute(_RESTART, {"names": sorted(full)})


_FULL = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in Base.metadata.tables)
_RESTART = text(
    "SELECT setval(pg_get_serial_sequence(table_name, column_name), 1, false) FROM information_schema.columns"
    " WHERE table_name = ANY(:names) AND pg_get_serial_sequence(table_name, column_name) IS NOT NULL"
)


def put_back(app, stored):
    """Exactly these rows, whatever is there now."""
    with app.app_context():
        WRITTEN.watch(db.engine)
        try:
            _mend(stored)
        except IntegrityError:  # what is there now stands in the way of what was
            empty(app)
            _mend(stored)
    WRITTEN.begin(stored)


def _mend(stored):
    with db.engine.begin() as connection:
        now = {table: _rows(connection, table) for table in WRITTEN.may_differ(stored)}
        wrong = [table for table, rows in now.items() if rows != stored[table.name]]
        for table in reversed(wrong):
            _take_away(connection, table, now[table], stored[table.name])
        for table in wrong:
            _bring_back(connection, table, now[table], stored[table.name])
        for table in wrong:
            _complete(connection, table, stored[table.name])


def _take_away(connection, table, now, stored):
    """Rows that were not there, and what points at later tables."""
    if late := _late(table):
        connection.execute(table.update().values(dict.fromkeys(late)))
    kept = {_key(table, row) for row in stored}
    for row in now:
        if _key(table, row) not in kept:
            connection.execute(table.delete().where(*_same(table, row)))


def _bring_back(connection, table, now, stored):
    there = {_key(table, row): row for row in now}
    missing = [{**row, **dict.fromkeys(_late(table))} for row in stored if _key(table, row) not in there]
    if missing:
        connection.execute(table.insert(), missing)
    for row in stored:
        if there.get(_key(table, row), row) != row:
            values = {name: value for name, value in row.items() if name not in _late(table)}
            connection.execute(table.update().where(*_same(table, row)).values(values))


def _key(table, row):
    return tuple(row[column.name] for column in table.primary_key)


def _same(table, row):
    return [column == row[column.name] for column in table.primary_key]


def _forget(connection, table):
    if late := _late(table):
        connection.execute(table.update().values(dict.fromkeys(late)))
    connection.execute(table.delete())


def _late(table):
    """Columns that point at a table whose rows come later."""
    return [column.name for column in table.columns if any(key.use_alter for key in column.foreign_keys)]


def _complete(connection, table, rows):
    for row in rows:
        if values := {name: row[name] for name in _late(table) if row[name] is not None}:
            connection.execute(table.update().where(*_same(table, row)).values(values))
    key = next(iter(table.primary_key))
    if connection.dialect.name == "postgresql" and key.name == "id" and isinstance(key.type, Integer) and rows:
        highest = connection.scalar(select(func.max(key)))
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"), {"table": table.name, "highest": highest}
        )


def changed(before, after):
    """What differs, for people: by table, rows that are new and rows that are gone."""
    found = {}
    for name, rows in after.items():
        new = [row for row in rows if row not in before[name]]
        gone = [row for row in before[name] if row not in rows]
        if new or gone:
            found[name] = {"new": new, "gone": gone}
    return found

"""All rows of all tables: to put a world back as it was, and to see whether anything changed."""

from sqlalchemy import Integer, func, select, text

from portal.extensions import Base, db


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
    tables = Base.metadata.sorted_tables
    with app.app_context(), db.engine.begin() as connection:
        for table in reversed(tables):
            _forget(connection, table)
        for table in tables:
            rows = [{**row, **dict.fromkeys(_late(table))} for row in stored[table.name]]
            if rows:
                connection.execute(table.insert(), rows)
        for table in tables:
            _complete(connection, table, stored[table.name])


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
            same = [column == row[column.name] for column in table.primary_key]
            connection.execute(table.update().where(*same).values(values))
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

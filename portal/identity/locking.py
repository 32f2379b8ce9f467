"""Reading a row anew and keeping it: of two requests about it, the second waits until the first is stored."""

from portal.extensions import Base, db


def lock(row: Base) -> None:
    """Until the transaction ends. Only the row itself, not what was loaded with it: PostgreSQL refuses to lock outer joins."""
    db.session.refresh(row, with_for_update={"of": type(row)})

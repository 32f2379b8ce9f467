"""Whether the portal can do its work: for a load balancer, and for whoever starts it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock, storage
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.outbox import Beat
from portal.public.routes import bp

SILENCE = timedelta(minutes=3)
"""The worker gives a sign of life each minute."""
log = structlog.get_logger("portal.health")


def _database() -> str:
    db.session.execute(select(1))
    return "ok"


def _storage() -> str:
    storage.current().check()
    return "ok"


def _worker() -> str:
    last = db.session.scalar(select(Beat.at).where(Beat.name == "worker"))
    if last is None:
        raise RuntimeError("no worker has run yet")
    if clock.now() - last > SILENCE:
        raise RuntimeError(f"the worker was last seen at {last:%Y-%m-%d %H:%M} UTC")
    return "ok"


PARTS: Mapping[str, Callable[[], str]] = {"database": _database, "storage": _storage, "worker": _worker}


@bp.get("/readyz")
@gate(Gate.PUBLIC)
def ready() -> ResponseReturnValue:
    """200 when every part works; 503 with which one does not. Details are in the log: anybody may ask."""
    states = {name: _state(name) for name in PARTS}
    fine = all(state == "ok" for state in states.values())
    return {"status": "ready" if fine else "not ready", **states}, 200 if fine else 503


def _state(name: str) -> str:
    try:
        return PARTS[name]()
    except Exception as error:  # whatever is wrong with a part, this page answers
        log.warning("not ready", part=name, error=repr(error))
        db.session.rollback()
        return "failed"

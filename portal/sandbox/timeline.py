"""What happens by itself: jobs written down with the moment they fall due, and worked off as the clock reaches them."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from portal.sandbox import clock
from portal.sandbox.errors import ApiError
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.tables import due
from portal.sandbox.store.world import World

log = logging.getLogger(__name__)
Job = Callable[[World, Doc], None]
_jobs: dict[tuple[str, str], Job] = {}
ENDLESS = frozenset({"charge", "resume", "expire", "time_out"})
BATCH = 100


def job(kind: str, name: str) -> Callable[[Job], Job]:
    """Registers what a job of this name does; it looks at the resource again, for much may have changed since."""

    def register(do: Job) -> Job:
        _jobs[kind, name] = do
        return do

    return register


def at(world: World, doc: Doc, name: str, moment: datetime) -> None:
    """Has ``name`` happen to ``doc`` at that moment; with moves at once as soon as this call is answered.

    With moves by hand only the jobs that end something (an expiry, a charge) are written down.
    """
    endless = name in ENDLESS
    if world.settings.moves == "by_hand" and not endless:
        return
    if world.settings.moves == "at_once" and not endless:
        world.later(lambda: run(world, doc.kind, doc.id, name))
    else:
        world.schedule(max(moment, world.now), doc, name)


def run(world: World, kind: str, identity: str, name: str) -> None:
    """Does one job; a resource that has gone or moved elsewhere meanwhile makes it void."""
    doc = documents.find(world.conn, kind, world.organisation, identity)
    if doc is None:
        return
    try:
        with world.conn.begin_nested():
            _jobs[kind, name](world, doc)
    except ApiError:
        return
    except Exception:  # one broken job must not stop the clock for everybody
        log.exception("Job %s of %s %s failed", name, kind, identity)


def is_due(conn: Connection, now: datetime) -> bool:
    return conn.execute(select(due.c.seq).where(due.c.at <= clock.stamp(now)).limit(1)).first() is not None


def run_due(make_world: Callable[[Connection, str], World], conn: Connection, until: datetime) -> int:
    """Works off what is due by ``until``, oldest first, each at its own moment. Returns how many jobs were done."""
    done = 0
    oldest = (
        select(due)
        .where(due.c.at <= clock.stamp(until))
        .order_by(due.c.at, due.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while done < BATCH and (row := conn.execute(oldest).first()) is not None:
        conn.execute(delete(due).where(due.c.seq == row.seq))
        world = make_world(conn, row.organisation)
        world.now, world.origin = clock.parse(row.at), "gocardless"
        world.source = {"type": "gc_team", "name": "GoCardless"}
        run(world, row.kind, row.id, row.job)
        world.finish()
        done += 1
    return done

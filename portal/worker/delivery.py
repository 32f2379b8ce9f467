"""One claimed row after the other, each under its lease, until nothing is due."""

from datetime import timedelta

import structlog

from portal import outbox
from portal.outbox import Job, Undeliverable
from portal.transaction import writing
from portal.web import Portal
from portal.webhooks import reading
from portal.worker.handlers import HANDLERS

log = structlog.get_logger("portal.worker")


def deliver(app: Portal, row_id: int | None = None) -> bool:
    """Do what one due row asks for (this one, or the one that waits longest); False when there is none."""
    with app.app_context():
        with writing():
            job = outbox.claim(row_id, lease=timedelta(seconds=app.settings.outbox_lease))
        if job is None:
            return False
        with structlog.contextvars.bound_contextvars(row=job.id, task=job.task.value, attempt=job.attempt):
            _try(job, app)
        return True


def drain(app: Portal) -> int:
    """Read the webhooks that wait, then do everything that is due; says how many rows of the outbox that were."""
    with app.app_context():
        reading.catch_up()
    count = 0
    while deliver(app):
        count += 1
    return count


def _try(job: Job, app: Portal) -> None:
    """What the handler changes is committed together with the verdict; it holds no transaction while it works."""
    try:
        with writing():
            HANDLERS[job.task](job, app.settings)
            outbox.done(job)
        log.info("done")
    except Exception as error:  # every failure is stored with the row, whatever it is
        _not_done(job, error)


def _not_done(job: Job, error: Exception) -> None:
    final = isinstance(error, Undeliverable)
    log.warning("not done", final=final, error=type(error).__name__, exc_info=None if final else error)
    with writing():
        outbox.failed(job, str(error) or type(error).__name__, final=final)

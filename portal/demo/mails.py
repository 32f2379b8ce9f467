"""What the worker would have done meanwhile: older mails are delivered, one address does not exist, the latest wait."""

from datetime import timedelta

from sqlalchemy import delete, update

from portal import clock, outbox
from portal.extensions import db
from portal.models.outbox import Outbox, Task
from portal.status import OutboxState

READ = timedelta(days=21)
"""Mails older than this were delivered long ago; the others reach the inbox when the worker starts."""
FORGOTTEN = timedelta(days=30)
NO_SUCH_MAILBOX = "gareth.pryce@copperline.example"


def settle() -> None:
    now = clock.now()
    db.session.flush()
    db.session.execute(delete(Outbox).where(Outbox.task != Task.MAIL))  # the stories tell how all else went
    _delivered(Outbox.created_at < now - READ)
    outbox.purge(now - FORGOTTEN)
    _given_up()
    db.session.info.pop("outbox", None)  # no worker runs yet; its first sweep finds what waits


def _delivered(which: object) -> None:
    done = update(Outbox).where(Outbox.task == Task.MAIL, which)  # type: ignore[arg-type]  # a comparison of columns
    values = {"state": OutboxState.DONE, "done_at": Outbox.created_at, "attempts": 1, "payload": outbox.EMPTY}
    db.session.execute(done.values(values).execution_options(synchronize_session=False))


def _given_up() -> None:
    lost = update(Outbox).where(Outbox.title.startswith(NO_SUCH_MAILBOX))
    words = "550 5.1.1 The mailbox gareth.pryce@copperline.example does not exist."
    values = {"state": OutboxState.DEAD, "attempts": outbox.ATTEMPTS, "last_error": words}
    db.session.execute(lost.values(values).execution_options(synchronize_session=False))

"""What each kind of outbox row asks for. A handler may be called again for a row that it has done already."""

from collections.abc import Callable, Mapping

from portal.config import Settings
from portal.mail import delivery as mail
from portal.models.outbox import Task
from portal.outbox import Job

Handler = Callable[[Job, Settings], None]

HANDLERS: Mapping[Task, Handler] = {
    Task.MAIL: mail.deliver,
}

"""What each kind of outbox row asks for.

A handler may be called again for a row that it has done already. What it leaves in the session is committed with the
verdict; it holds no transaction open while it sends, scans or draws.
"""

from collections.abc import Callable, Mapping

from portal.config import Settings
from portal.files import service as files
from portal.mail import delivery as mail
from portal.models.outbox import Task
from portal.outbox import Job
from portal.payments import reading as insight
from portal.payments import running

Handler = Callable[[Job, Settings], None]

HANDLERS: Mapping[Task, Handler] = {
    Task.MAIL: mail.deliver,
    Task.FILE: lambda job, _: files.process(job.payload["file_id"]),
    Task.BILLING: lambda job, _: running.go_on(job),
    Task.INSIGHT: lambda job, _: insight.go_on(job),
}

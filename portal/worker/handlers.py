"""What each kind of outbox row asks for.

A handler may be called again for a row that it has done already. What it leaves in the session is committed with the
verdict; it holds no transaction open while it sends, scans or draws.
"""

from collections.abc import Callable, Mapping

from portal.config import Settings
from portal.connect import work as connect
from portal.exam import work as exam
from portal.files import service as files
from portal.grow import attachments
from portal.launch import documents, landing
from portal.leads import crm
from portal.mail import delivery as mail
from portal.models.outbox import Task
from portal.outbox import Job
from portal.payments import reading as insight
from portal.payments import running
from portal.webhooks import forwarding

Handler = Callable[[Job, Settings], None]

from portal.staff import counting
HANDLERS: Mapping[Task, Handler] = {
    Task.MAIL: mail.deliver,
    Task.FILE: lambda job, _: files.process(job.payload["file_id"]),
    Task.CRM: crm.deliver,
    Task.CONNECT: connect.go_on,
    Task.LANDING: lambda job, _: landing.process(job.payload["listing_id"]),
    Task.DOCUMENT: lambda job, _: documents.process(job.payload["document_id"]),
    Task.CONTENT_FILE: lambda job, _: attachments.process(job.payload["file_id"]),
    Task.FORWARD: lambda job, _: forwarding.deliver(job),
    Task.BILLING: lambda job, _: running.go_on(job),
    Task.INSIGHT: lambda job, _: insight.go_on(job),
    Task.EXAM: exam.go_on,
}
    Task.FIGURES: lambda job, _: counting.count(),

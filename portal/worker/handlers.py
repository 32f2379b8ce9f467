"""What each kind of outbox row asks for.

A handler may be called again for a row that it has done already. What it leaves in the session is committed with the
verdict; it holds no transaction open while it sends, scans or draws.
"""

from collections.abc import Callable, Mapping

from portal.build import proofs
from portal.config import Settings
from portal.connect import work as connect
from portal.exam import work as exam
from portal.exports import erasing
from portal.exports import work as exports
from portal.extensions import db
from portal.files import service as files
from portal.grow import attachments
from portal.launch import documents, landing
from portal.leads import crm
from portal.mail import delivery as mail
from portal.models.exam import Exam
from portal.models.outbox import Task
from portal.notifications import delivering as status_changes
from portal.outbox import Job
from portal.payments import reading as insight
from portal.payments import running
from portal.staff import counting
from portal.webhooks import forwarding

Handler = Callable[[Job, Settings], None]


def _exam(job: Job, settings: Settings) -> None:
    """What a check said is seen at once beside the questions that it proves."""
    exam.go_on(job, settings)
    made = db.session.get(Exam, job.payload["exam"])
    if made is not None:
        _looked_at(made.partner_id)


def _looked_at(partner_id: int) -> None:
    proofs.refresh(partner_id)


HANDLERS: Mapping[Task, Handler] = {
    Task.MAIL: mail.deliver,
    Task.FILE: lambda job, _: files.process(job.payload["file_id"]),
    Task.CRM: crm.deliver,
    Task.CONNECT: connect.go_on,
    Task.LANDING: lambda job, _: landing.process(job.payload["listing_id"]),
    Task.DOCUMENT: lambda job, _: documents.process(job.payload["document_id"]),
    Task.CONTENT_FILE: lambda job, _: attachments.process(job.payload["file_id"]),
    Task.EXPORT: exports.make,
    Task.ERASE: lambda job, _: erasing.erase(job),
    Task.STATUS: lambda job, _: status_changes.deliver(job),
    Task.FORWARD: lambda job, _: forwarding.deliver(job),
    Task.FIGURES: lambda job, _: counting.count(),
    Task.BILLING: lambda job, _: running.go_on(job),
    Task.INSIGHT: lambda job, _: insight.go_on(job),
    Task.EXAM: _exam,
    Task.PROOFS: lambda job, _: _looked_at(job.payload["partner"]),
}

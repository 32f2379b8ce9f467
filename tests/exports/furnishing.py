"""An export that is ready, an address for status changes with a message, and choices of mails, in a partner's own words."""

from datetime import timedelta

from portal import clock
from portal.exports import archive
from portal.extensions import db
from portal.models.export import Export
from portal.models.notification import Choice, DigestItem, StatusHook, StatusMessage
from portal.notifications import unsubscribing
from portal.status import ExportKind, ExportState, MailChoice, StatusState
from portal.storage import current as storage

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def taken_out(mark, partner, admin, review):
    data = f"%PDF {mark}".encode()
    export = Export(
        partner_id=partner.id, round_id=review.id if review else None, kind=ExportKind.DOCUMENT, state=ExportState.READY,
        name=archive.safe(f"{mark}.pdf"), storage_key=storage().put(data), size=len(data), asked_by_id=admin.id,
        ready_at=clock.now(), expires_at=clock.now() + timedelta(days=7),
    )  # fmt: skip
    hook = StatusHook(
        partner_id=partner.id,
        url=f"https://{mark}.example.com/status",
        types=["grow.opened"],
        secret=SECRET,
        created_by_id=admin.id,
    )
    db.session.add_all((export, hook, Choice(user_id=admin.id, kind="mentions", choice=MailChoice.DIGEST)))
    db.session.flush()
    tried = {"at": clock.now().isoformat(), "status": 500, "error": f"{mark} answered 500", "milliseconds": 12.0}
    message = StatusMessage(
        partner_id=partner.id, hook_id=hook.id, type="section.approved", body=f'{{"data": "{mark}"}}', tries=[tried],
        state=StatusState.LOST,
    )  # fmt: skip
    told = DigestItem(
        user_id=admin.id, partner_id=partner.id, kind="mentions", subject=f"{mark} was mentioned", text=f"{mark}!"
    )
    db.session.add_all((message, told))
    db.session.flush()
    return {
        "export_key": export.key,
        "status_hook_key": hook.key,
        "status_message_key": message.key,
        "digest_token": unsubscribing.token(admin),
    }

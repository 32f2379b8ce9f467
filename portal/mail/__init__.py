"""Mail: written in the transaction that causes it, rendered from a text and an HTML template, delivered by the worker.

Everybody chooses which kinds come at once, once a day, or not at all: portal.mail.kinds.
"""

from collections.abc import Iterable, Mapping

from portal import outbox
from portal.extensions import db
from portal.mail.address import Recipient, one_line
from portal.mail.choosing import chosen
from portal.mail.kinds import BY_TEMPLATE
from portal.mail.links import link
from portal.mail.recipients import person, staff, team
from portal.mail.rendering import content, render
from portal.models.event import Event
from portal.models.notification import DigestItem
from portal.models.outbox import Outbox, Task
from portal.status import MailChoice

__all__ = ["Recipient", "link", "person", "send", "staff", "team"]
NO_HEADERS: Mapping[str, str] = {}


def send(
    template: str,
    *,
    to: Iterable[Recipient],
    subject: str,
    event: Event | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    **context: object,
) -> list[Outbox]:
    """Store one mail a recipient, from templates/mail/<template>.txt and .html; they also get `recipient` and `subject`.

    Nothing leaves before the open transaction is committed. `event` is the happening that causes the mail. Who chose a
    digest gets it there; who chose nothing gets nothing. The rows that are stored come back.
    """
    recipients, words = list(to), one_line(subject)
    choices, sent = chosen(template, recipients), []
    for one in recipients:
        match choices.get(one.user_id or 0, MailChoice.AT_ONCE):
            case MailChoice.AT_ONCE:
                sent.append(_send(template, one, words, event, headers, context))
            case MailChoice.DIGEST:
                _keep(template, one, words, event, context)
    return sent


def _send(
    template: str,
    recipient: Recipient,
    subject: str,
    event: Event | None,
    headers: Mapping[str, str],
    context: dict[str, object],
) -> Outbox:
    words = {**context, "recipient": recipient, "subject": subject}
    payload = {
        "to": recipient.email,
        "name": recipient.name,
        "subject": subject,
        "text": render(f"mail/{template}.txt", words, zone=recipient.zone),
        "html": render(f"mail/{template}.html", words, zone=recipient.zone),
        "headers": dict(headers),
    }
    title = f"{recipient.email}: {subject}"
    return outbox.enqueue(Task.MAIL, payload, title=title, event=event, partner_id=recipient.partner_id)


def _keep(template: str, recipient: Recipient, subject: str, event: Event | None, context: dict[str, object]) -> None:
    """For the daily digest: what the mail says, without its frame."""
    words = {**context, "recipient": recipient, "subject": subject}
    db.session.add(
        DigestItem(
            user_id=recipient.user_id, partner_id=event.partner_id if event else recipient.partner_id,
            kind=BY_TEMPLATE[template].code, subject=subject,
            text=content(f"mail/{template}.txt", words, zone=recipient.zone),
        )
    )  # fmt: skip

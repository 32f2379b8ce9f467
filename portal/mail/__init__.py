"""Mail: written in the transaction that causes it, rendered from a text and an HTML template, delivered by the worker."""

from collections.abc import Iterable

from portal import outbox
from portal.mail.address import Recipient, one_line
from portal.mail.links import link
from portal.mail.recipients import staff, team
from portal.mail.rendering import render
from portal.models.event import Event
from portal.models.outbox import Outbox, Task

__all__ = ["Recipient", "link", "send", "staff", "team"]


def send(
    template: str, *, to: Iterable[Recipient], subject: str, event: Event | None = None, **context: object
) -> list[Outbox]:
    """Store one mail a recipient, from templates/mail/<template>.txt and .html; they also get `recipient` and `subject`.

    Nothing leaves before the open transaction is committed. `event` is the happening that causes the mail.
    """
    return [_send(template, one, one_line(subject), event, context) for one in to]


def _send(template: str, recipient: Recipient, subject: str, event: Event | None, context: dict[str, object]) -> Outbox:
    words = {**context, "recipient": recipient, "subject": subject}
    payload = {
        "to": recipient.email,
        "name": recipient.name,
        "subject": subject,
        "text": render(f"mail/{template}.txt", words, zone=recipient.zone),
        "html": render(f"mail/{template}.html", words, zone=recipient.zone),
    }
    return outbox.enqueue(Task.MAIL, payload, title=f"{recipient.email}: {subject}", event=event)

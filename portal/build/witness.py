"""What runs and webhooks have shown about a section: the newest row, beside the answers that speak of the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from portal.connect import verification
from portal.extensions import rows
from portal.models.delivery import Delivery
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.status import Environment, Look, RunKind, look
from portal.webhooks.lines import event_words


@dataclass(frozen=True, slots=True)
class Subject:
    """What a section is shown: its title, what is said while there is nothing, and where and how a row comes to be.

    `page` is the endpoint of the row's own page and `key` the name of its key there; `begin` is where a partner makes the next.
    """

    title: str
    nothing: str
    page: str
    key: str
    link: str
    begin: str
    button: str
    statement: Select[Any]


@dataclass(frozen=True, slots=True)
class Witness:
    """The newest row of a subject; without one `key` is empty."""

    subject: Subject
    key: str = ""
    look: Look | None = None
    words: str = ""
    at: datetime | None = None
    environment: Environment | None = None


def _runs(kind: RunKind) -> Select[Any]:
    return (
        select(Run.key, Run.status, Run.words, Run.started_at.label("at"), PartnerApp.environment)
        .join(Run.app)
        .where(Run.partner_id == bindparam("partner"), Run.kind == kind)
        .order_by(Run.id.desc())
        .limit(1)
    )


_CONNECTION = (
    select(
        Connection.key, Connection.verification_status.label("status"), Connection.creditor_name.label("words"),
        Connection.checked_at.label("at"), PartnerApp.environment,
    )
    .join(Connection.app)
    .where(Connection.partner_id == bindparam("partner"))
    .order_by(Connection.id.desc())
    .limit(1)
)  # fmt: skip
_DELIVERY = (
    select(
        Delivery.key,
        Delivery.signature.label("status"),
        Delivery.summary,
        Delivery.received_at.label("at"),
        PartnerApp.environment,
    )
    .join(Delivery.app)
    .where(Delivery.partner_id == bindparam("partner"))
    .order_by(Delivery.id.desc())
    .limit(1)
)
_PAYMENT = Subject(
    "Payment run", "A payment run asks a payer for a mandate and a payment, and shows every step of it.",
    "runs.show", "run_key", "Open the run", "payments.index", "Run it now", _runs(RunKind.BILLING_REQUEST),
)  # fmt: skip
SUBJECTS: Mapping[str, Subject] = {
    "oauth": Subject(
        "Connect test", "A connect test plays a merchant who allows your app, and shows every step of OAuth.",
        "runs.show", "run_key", "Open the run", "connect.show", "Run it now", _runs(RunKind.CONNECT),
    ),
    "verification": Subject(
        "Verification status", "Connect a merchant, and what GoCardless says about their verification is shown here.",
        "connect.connection", "connection_key", "Open the merchant", "connect.show", "Run it now", _CONNECTION,
    ),
    "mandates": _PAYMENT,
    "payments": _PAYMENT,
    "webhooks": Subject(
        "Last webhook", "The last webhook that came in is shown here, with what the check of its signature said.",
        "webhooks.delivery", "delivery_key", "Open the webhook", "webhooks.index", "Open the log", _DELIVERY,
    ),
}  # fmt: skip
"""By the key of a section (catalog/certification). Other sections have no witness."""


def witness(partner_id: int, section_key: str) -> Witness | None:
    """One statement for a section that has a witness, none for the others; never kept, so that it is never stale."""
    subject = SUBJECTS.get(section_key)
    if subject is None:
        return None
    row = rows(subject.statement, {"partner": partner_id}).first()
    return _seen(subject, row) if row else Witness(subject)


def _seen(subject: Subject, row: Row[Any]) -> Witness:
    words = event_words(str(row.summary.get("event") or "")) if subject.statement is _DELIVERY else row.words
    return Witness(subject, row.key, _look(subject, row.status), words, row.at, row.environment)


def _look(subject: Subject, status: Any) -> Look:
    """A run's or a signature's own look; a verification status is GoCardless's text."""
    if subject.statement is not _CONNECTION:
        return look(status)
    said = verification.status(status)
    return Look(said.words, said.tone, "")

"""What goes into the archive of all data: which table is which file, and what is left out and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Table

from portal.extensions import Base
from portal.models.columns import Encrypted
from portal.models.event import Audience
from portal.status import RemarkKind

SECRET_NAMES = frozenset(
    {
        "password", "token_hash", "fs_uniquifier", "fs_webauthn_user_handle", "tf_totp_secret", "tf_last_counter",
        "mf_recovery_codes", "tf_primary_method", "hook_key", "previous_until",
    }
)  # fmt: skip
OURS = frozenset({"version", "sort_name", "likeness", "waiting_for", "found_by", "request_id"})
"""How the portal works inside."""
Only = Callable[[Table], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Noun:
    """A table as it goes into the archive. `without` are columns that only staff may read; `only` are the rows that others may."""

    file: str
    without: frozenset[str] = frozenset()
    only: Only | None = None


def _of_partner(table: Table) -> ColumnElement[bool]:
    return table.c.audience == Audience.PARTNER


def _said(table: Table) -> ColumnElement[bool]:
    return table.c.internal.is_(False)


def _sent(table: Table) -> ColumnElement[bool]:
    return table.c.sent_at.is_not(None)


def _sent_remark(table: Table) -> ColumnElement[bool]:
    return (table.c.kind != RemarkKind.INTERNAL) & table.c.sent_at.is_not(None)


def _own(table: Table) -> ColumnElement[bool]:
    return table.c.by_staff.is_(False)


NOUNS: Mapping[str, Noun] = {
    "profile": Noun("my-account"),
    "contact": Noun("contacts"),
    "users": Noun("people"),
    "membership": Noun("team"),
    "user_session": Noun("devices"),
    "invitation": Noun("invitations"),
    "registration": Noun("registrations"),
    "mail_choice": Noun("mail-choices"),
    "integration": Noun("integration"),
    "section": Noun("sections"),
    "answer": Noun("answers"),
    "file": Noun("files"),
    "round": Noun("rounds", without=frozenset({"assigned_to_id", "reminded_at"})),
    "round_section": Noun("submissions"),
    "remark": Noun("remarks", only=_sent_remark),
    "verdict": Noun("verdicts", only=_sent),
    "certificate": Noun("certificate"),
    "event": Noun("happenings", only=_of_partner),
    "listing": Noun("listing"),
    "logo": Noun("logos"),
    "support_document": Noun("support-documents"),
    "partner_app": Noun("apps"),
    "connection": Noun("merchants"),
    "run": Noun("runs"),
    "run_step": Noun("run-steps"),
    "exam": Noun("integration-checks"),
    "check_result": Noun("integration-check-results"),
    "exam_settings": Noun("integration-check-settings"),
    "forwarding": Noun("forwarding"),
    "payment_fact": Noun("payments"),
    "payout_fact": Noun("payouts"),
    "delivery": Noun("webhooks"),
    "delivery_event": Noun("webhook-events"),
    "forward": Noun("webhooks-passed-on"),
    "lead": Noun("leads", without=frozenset({"likeness"})),
    "lead_update": Noun("lead-updates", only=_said),
    "support_case": Noun("cases", without=frozenset({"assigned_to_id"})),
    "case_message": Noun("case-messages", only=_said),
    "case_file": Noun("case-files"),
    "api_key": Noun("api-keys"),
    "status_hook": Noun("status-addresses"),
    "status_message": Noun("status-messages"),
    "export": Noun("exports", only=_own),
    "content_done": Noun("content-done"),
}
LEFT_OUT: Mapping[str, str] = {
    "webauthn": "passkeys: only the device that has one can use it",
    "feed_read": "how far each person has read",
    "content_read": "what each person has opened",
    "feed_key": "the secret address of the product updates' feed",
    "presence": "who of the staff has a page open",
    "digest_item": "mails that wait for somebody's digest: what they tell is in the other files",
    "outbox": "what the portal has still to do",
    "event_word": "an index over the happenings",
    "delivery_value": "an index over the webhooks",
    "case_word": "an index over the cases",
    "directory_entry": "the published listing once more, for searching",
    "directory_facet": "the same",
    "payment_figure": "sums over the payments",
    "payment_reading": "when the payments were read",
}
"""Tables with rows of partners that are not in the archive; the archive says so, and why."""


def columns(noun: Noun, table: Table) -> list[Column[object]]:
    """What of a row is told: no secrets, no numbers of rows, nothing that only staff may read."""
    return [column for column in table.columns if not _hidden(noun, column)]


def _hidden(noun: Noun, column: Column[object]) -> bool:
    return (
        column.name in SECRET_NAMES | OURS | noun.without
        or isinstance(column.type, Encrypted)
        or (column.name == "id" and column.primary_key)
    )


def secrets_of(table: Table) -> list[str]:
    """The names of what is left out because it is secret."""
    return [column.name for column in table.columns if isinstance(column.type, Encrypted) or column.name in SECRET_NAMES]


def tables() -> list[tuple[Noun, Table]]:
    return [(noun, Base.metadata.tables[name]) for name, noun in NOUNS.items()]

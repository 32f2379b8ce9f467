"""My Account as the page shows it, whether it comes from the database or from a form that could not be taken."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.account.fields import CONTACT_TEXTS, FIELDS, Field
from portal.account.service import picture
from portal.models.partner import Profile


@dataclass(frozen=True, slots=True)
class Sheet:
    """Values by field, contact rows (one empty row more than there are), and the version they belong to."""

    values: dict[str, Any]
    contacts: list[dict[str, Any]]
    version: int
    complete: bool
    updated_at: Any

    def words(self, field: Field) -> str:
        """The value in words, for a reader."""
        value = self.values[field.name]
        offered = dict(field.options())
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(offered.get(code, code)) for code in chosen if code) or "–"


NO_CONTACT: dict[str, Any] = {**dict.fromkeys(CONTACT_TEXTS, ""), "roles": [], "review_mails": True, "wants_login": False}


def sheet_of(profile: Profile) -> Sheet:
    values = picture(profile)
    contacts = [*values.pop("contacts"), NO_CONTACT]
    return Sheet(values, contacts, profile.version, profile.complete, profile.updated_at if profile.updated_by_id else None)


def sheet_typed(posted: MultiDict[str, str]) -> Sheet:
    """Exactly what was typed, whatever it is."""
    values = {field.name: posted.getlist(field.name) if field.several else posted.get(field.name, "") for field in FIELDS}
    rows = sorted({name.split("-")[1] for name in posted if name.startswith("contact-") and name.count("-") >= 2})[:50]
    contacts = [_row(posted, row) for row in rows] or [NO_CONTACT]
    return Sheet(values, contacts, posted.get("version", 0, type=int), complete=False, updated_at=None)


def _row(posted: MultiDict[str, str], row: str) -> dict[str, Any]:
    texts: dict[str, Any] = {name: posted.get(f"contact-{row}-{name}", "") for name in CONTACT_TEXTS}
    ticks = {name: bool(posted.get(f"contact-{row}-{name}")) for name in ("review_mails", "wants_login")}
    return {**texts, **ticks, "roles": posted.getlist(f"contact-{row}-roles")}

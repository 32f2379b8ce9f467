"""What a partner declares of an app's own side for the checks: looked at, and kept."""

import re
from dataclasses import dataclass, field

from portal import clock, outgoing, timeline
from portal.exam import proof, reading
from portal.extensions import db
from portal.models.exam import ExamSettings
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.outgoing import NotSent
from portal.refusals import Invalid, StaleDraft
from portal.runs import masking
from portal.timeline.exams import ExamSettingsChanged

LONGEST = 2048
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}", re.ASCII)
"""Of a header (RFC 9110, 5.6.2)."""
RESERVED = frozenset(
    {"webhook-signature", "cookie", "host", "content-length", "content-type", "connection", "transfer-encoding"}
)
"""Headers that the checks send themselves."""
ADDRESSES = ("connect_url", "login_url", "action_url")
STALE = "Somebody else changed these settings since you opened them. Nothing of theirs was overwritten."


@dataclass(frozen=True, slots=True)
class Typed:
    """The form. An empty `header_value` leaves the one that is kept, unless `drop_header`."""

    connect_url: str = ""
    login_url: str = ""
    action_url: str = ""
    link: str = ""
    header_name: str = ""
    header_value: str = field(default="", repr=False)
    drop_header: bool = False
    version: int = 0


def save(app: PartnerApp, typed: Typed, *, by: User) -> bool:
    """Keep the settings; False when nothing differs. Raises Invalid, StaleDraft."""
    kept = reading.settings_of(app)
    if problems := faults(typed, kept):
        raise Invalid(problems)
    if kept is not None and typed.version != kept.version:
        raise StaleDraft(STALE)
    before = _plain(kept)
    after = _store(app, kept, typed)
    if before == after and not typed.header_value:
        return False
    proof.settings_changed(app)
    after.setdefault("header_value", "")
    changed = [name for name in after if after[name] != before.get(name, "")] or ["header_value"]
    said = ExamSettingsChanged(
        app.name, {name: before.get(name, "") for name in changed}, {name: after[name] for name in changed}
    )
    timeline.record(said, by=by, partner=db.session.get_one(Partner, app.partner_id))
    return True


def _store(app: PartnerApp, kept: ExamSettings | None, typed: Typed) -> dict[str, str]:
    row = kept or ExamSettings(app_id=app.id)
    for name in (*ADDRESSES, "link"):
        _set(row, name, getattr(typed, name))
    _set(row, "header_name", "" if typed.drop_header else typed.header_name)
    if typed.drop_header or not typed.header_name:
        _set(row, "header_value", None)
    elif typed.header_value:
        row.header_value = typed.header_value
    if row in db.session.dirty or kept is None:
        row.updated_at = clock.now()
    db.session.add(row)
    return _plain(row)


def _set(row: ExamSettings, name: str, value: str | None) -> None:
    """Only what differs: an untouched row keeps its version."""
    if getattr(row, name) != value:
        setattr(row, name, value)


def _plain(row: ExamSettings | None) -> dict[str, str]:
    """What the happening may say: of the header's value only that there is one."""
    if row is None:
        return {}
    plain = {name: getattr(row, name) or "" for name in (*ADDRESSES, "header_name")}
    return plain | {"link": masking.url(row.link or ""), "header_value": "kept" if row.header_value else ""}


def faults(typed: Typed, kept: ExamSettings | None) -> dict[str, str]:
    """What is wrong, by field."""
    found = {name: _address(getattr(typed, name)) for name in ADDRESSES}
    found["link"] = _link(typed.link)
    found |= {} if typed.drop_header else _header(typed, kept)
    return {name: words for name, words in found.items() if words}


def _address(url: str) -> str:
    if not url:
        return ""
    try:
        outgoing.check(url)
    except NotSent as refused:
        return str(refused)
    return ""


def _link(link: str) -> str:
    """It is read, never called: a portal of ours need not reach it."""
    if len(link) > LONGEST:
        return f"This has more than {LONGEST:,} characters."
    if link and not re.match(r"https?://\S+\Z", link):
        return "Paste the whole address, beginning with https:// and without spaces."
    return ""


def _header(typed: Typed, kept: ExamSettings | None) -> dict[str, str]:
    name, value = typed.header_name, typed.header_value
    found = {}
    if name and not NAME.fullmatch(name):
        found["header_name"] = "A header's name has letters, digits and hyphens, such as X-Portal-Check."
    elif name.lower() in RESERVED:
        found["header_name"] = f"The checks send {name} themselves. Choose another name."
    if value and (len(value) > LONGEST or not value.isascii() or not value.isprintable()):
        found["header_value"] = f"A header's value has at most {LONGEST:,} letters, digits and signs of the keyboard."
    if name and not value and not (kept and kept.header_value):
        found["header_value"] = "Enter the value that your product expects in this header."
    if value and not name:
        found["header_name"] = "Enter the name of the header that carries this value."
    return found

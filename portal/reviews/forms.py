"""What reviewers post and ask for, as plain values; nothing here touches the database."""

from dataclasses import dataclass, field
from typing import cast

from werkzeug.datastructures import MultiDict

from portal.refusals import Invalid
from portal.reviews.queue import PARTNER_TEXT, Filters, Who
from portal.status import RemarkKind, RoundStatus

SECTION = "-"
"""Stands for the whole section where questions go by their key."""


@dataclass(frozen=True, slots=True)
class Composer:
    """A remark that is being written: about which question (None: the whole section), and what is wrong with it."""

    about: str | None
    kind: str = RemarkKind.BLOCKING
    text: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return self.about or SECTION

    def remark_kind(self) -> RemarkKind:
        """Raises Invalid for a kind that the page does not offer."""
        try:
            return RemarkKind(self.kind)
        except ValueError as error:
            raise Invalid({"kind": "Choose what kind of remark this is."}) from error


def composer(typed: MultiDict[str, str]) -> Composer:
    """What was posted, as it was typed."""
    about = typed.get("about", "")
    return Composer(
        about=None if about in ("", SECTION) else about,
        kind=typed.get("kind", ""),
        text=typed.get("text", "").replace("\r\n", "\n"),
    )


def opened(asked: MultiDict[str, str]) -> Composer | None:
    """The empty composer that a link asks for; None when no link did."""
    about = asked.get("about")
    if about is None:
        return None
    fallback = RemarkKind.SUGGESTION if about == SECTION else RemarkKind.BLOCKING
    return Composer(None if about == SECTION else about, asked.get("kind", fallback))


def filters(asked: MultiDict[str, str]) -> Filters:
    """What the reader wants to see; what is no filter of ours is left out."""
    status, who = asked.get("status", ""), asked.get("who", "")
    return Filters(
        status=RoundStatus(status) if status in set(RoundStatus) else RoundStatus.OPEN,
        who=cast("Who", who if who in ("mine", "nobody") else ""),
        overdue=asked.get("overdue") == "y",
        partner=plain(asked.get("partner", "")).strip()[:PARTNER_TEXT],
        section=plain(asked.get("section", ""))[:64],
    )


def plain(text: str) -> str:
    """Without zero bytes, which PostgreSQL does not take."""
    return text.replace("\x00", "")


def in_url(seen: Filters, **other: str) -> dict[str, str]:
    """The filters as they stand in the URL, with some of them changed; what is the default is left out."""
    now = {
        "status": seen.status.value,
        "who": seen.who,
        "overdue": "y" if seen.overdue else "",
        "partner": seen.partner,
        "section": seen.section,
    }
    return {name: value for name, value in (now | other).items() if value and (name, value) != ("status", "open")}

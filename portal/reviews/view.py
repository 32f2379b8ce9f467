"""A round as reviewers see it: each section with what stands on it, and what would be sent; worked out without a query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.catalog import Catalog, Section
from portal.reviews.reading import Part, Said
from portal.reviews.sending import Decision, decisions
from portal.status import SECTION, Look, RemarkKind, SectionStatus


@dataclass(frozen=True, slots=True)
class Line:
    """One section on the page of a round."""

    section: Section
    part: Part
    look: Look
    corrections: int
    suggestions: int
    notes: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What would be sent now."""

    approved: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]
    """Titles, with the number of questions to correct."""
    suggestions: int
    waiting: int
    """Sections that are not decided yet, and suggestions do not go out before their section is."""
    held: int

    @property
    def ready(self) -> bool:
        return bool(self.approved or self.asked)


DRAFTED = Look("Approved, not sent", "success", "check-lg")
MOVED_ON = Look("With the partner", "warning", "send")


def lines(catalog: Catalog, parts: Iterable[Part], said: Sequence[Said], round_id: int) -> list[Line]:
    """Every section of the round with what stands on it."""
    own = [remark for remark in said if remark.round_id == round_id]
    return [_line(catalog.section(part.section_key), part, own) for part in parts]


def look_of(part: Part) -> Look:
    if part.drafted:
        return DRAFTED
    return MOVED_ON if part.moved_on and part.status is SectionStatus.UNDER_REVIEW else SECTION[part.status]


def _line(section: Section, part: Part, said: Sequence[Said]) -> Line:
    kinds = [remark.kind for remark in said if remark.section_key == section.key]
    counts = (kinds.count(kind) for kind in (RemarkKind.BLOCKING, RemarkKind.SUGGESTION, RemarkKind.INTERNAL))
    return Line(section, part, look_of(part), *counts)


def bar(catalog: Catalog, parts: Sequence[Part], said: Iterable[Said], round_id: int) -> Bar:
    """Worked out by the same rule as sending."""
    open_ = [one for one in said if one.round_id == round_id and one.kind is not RemarkKind.INTERNAL and not one.resolved_at]
    waiting = {part.section_key for part in parts if part.waiting}
    approved = {part.section_key for part in parts if part.drafted}
    outgoing: list[Decision[Said]] = decisions(catalog, waiting, approved=approved, remarks=open_)
    decided = {decision.section.key for decision in outgoing}
    return Bar(
        approved=tuple(decision.section.title for decision in outgoing if decision.approved),
        asked=tuple((decision.section.title, len(decision.flagged)) for decision in outgoing if not decision.approved),
        suggestions=sum(one.kind is RemarkKind.SUGGESTION and one.section_key in decided for one in open_),
        waiting=len(waiting - decided),
        held=sum(one.section_key in waiting - decided for one in open_),
    )

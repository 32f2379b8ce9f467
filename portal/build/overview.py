"""The ten tiles, and what happens next: frozen values for the overview of Build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal import clock, office
from portal.build import reading
from portal.build.draft import catalog_of
from portal.build.feed import unread_by_section
from portal.catalog import Catalog, CatalogChanges, Section, certification, compare, versions
from portal.models.integration import Integration
from portal.models.people import User
from portal.models.review import Place, Round, place_in_queue, usual_days, waiting_rounds
from portal.status import SECTION, IntegrationStatus, Look, SectionStatus

YOURS = frozenset({SectionStatus.NOT_STARTED, SectionStatus.IN_PROGRESS, SectionStatus.ATTENTION_NEEDED})
"""Whose turn it is: the partner's."""


@dataclass(frozen=True, slots=True)
class Tile:
    section: Section
    status: SectionStatus
    look: Look
    answered: int
    total: int
    unread: int
    corrected: bool
    """Attention Needed, marked as corrected, and not sent yet."""

    @property
    def needs_you(self) -> bool:
        return (self.status in YOURS and not self.corrected) or self.unread > 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round that the reviewers have; `left` are working days."""

    round: Round
    left: int


@dataclass(frozen=True, slots=True)
class Overview:
    tiles: tuple[Tile, ...]
    status: IntegrationStatus
    confirmed: bool
    waiting: tuple[Waiting, ...]
    place: Place | None
    usual_days: int | None
    offer: CatalogChanges | None
    """What a newer version of the certification would change, while it can be taken."""
    offered: str

    @property
    def complete(self) -> int:
        return sum(tile.status not in YOURS for tile in self.tiles)

    @property
    def approved(self) -> int:
        return sum(tile.status is SectionStatus.APPROVED for tile in self.tiles)

    @property
    def corrected(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.corrected]

    @property
    def attention(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.status is SectionStatus.ATTENTION_NEEDED]

    @property
    def needs_you(self) -> int:
        return sum(tile.needs_you for tile in self.tiles)


def overview(integration: Integration, *, reader: User) -> Overview:
    """Two statements for a draft, five while rounds wait."""
    catalog = catalog_of(integration)
    rows = reading.section_rows(integration)
    rounds = waiting_rounds(integration.id) if integration.submitted_at else ()
    running = [one for one in rounds if one.minutes_left is None]
    offered = versions()[-1]
    return Overview(
        tiles=_tiles(catalog, rows, unread_by_section(integration, reader=reader)),
        status=integration.status,
        confirmed=integration.confirmed_at is not None,
        waiting=tuple(Waiting(one, clock.working_days_left(clock.now(), one.due_at, office.current())) for one in rounds),
        place=place_in_queue(running[0]) if running else None,
        usual_days=usual_days(clock.now(), first=running[0].number == 1) if running else None,
        offer=compare(catalog, certification(offered)) if may_move(integration, rows) else None,
        offered=offered,
    )


def _tiles(catalog: Catalog, rows: Sequence[Row[Any]], unread: Mapping[str | None, int]) -> tuple[Tile, ...]:
    return tuple(
        Tile(
            section=catalog.section(row.key),
            status=row.status,
            look=SECTION[row.status],
            answered=row.answered,
            total=row.total or len(catalog.section(row.key).questions),
            unread=unread.get(row.key, 0),
            corrected=row.status is SectionStatus.ATTENTION_NEEDED and row.marked_at is not None,
        )
        for row in rows
    )


def may_move(integration: Integration, rows: Sequence[Row[Any]]) -> bool:
    """A newer certification can be taken while nothing is with the reviewers."""
    reviewed = any(row.status is SectionStatus.UNDER_REVIEW for row in rows)
    return integration.catalog_version < versions()[-1] and not reviewed

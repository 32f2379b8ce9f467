"""What may follow what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from portal.refusals import IllegalMove
from portal.status.codes import (
    Ball,
    CaseStatus,
    ContentStatus,
    IntegrationStatus,
    LeadStatus,
    ListingStatus,
    RoundStatus,
    SectionStatus,
)

S = SectionStatus
SECTION_MOVES: Mapping[SectionStatus, frozenset[SectionStatus]] = {
    S.NOT_STARTED: frozenset({S.IN_PROGRESS, S.COMPLETE}),
    S.IN_PROGRESS: frozenset({S.NOT_STARTED, S.COMPLETE}),
    S.COMPLETE: frozenset({S.IN_PROGRESS, S.NOT_STARTED, S.UNDER_REVIEW}),
    S.UNDER_REVIEW: frozenset({S.ATTENTION_NEEDED, S.APPROVED}),
    S.ATTENTION_NEEDED: frozenset({S.UNDER_REVIEW, S.APPROVED}),
    S.APPROVED: frozenset({S.ATTENTION_NEEDED, S.UNDER_REVIEW}),
}
I = IntegrationStatus
INTEGRATION_MOVES: Mapping[IntegrationStatus, frozenset[IntegrationStatus]] = {
    I.DRAFT: frozenset({I.SUBMITTED}),
    I.SUBMITTED: frozenset({I.CHANGES_REQUESTED, I.LIVE}),
    I.CHANGES_REQUESTED: frozenset({I.SUBMITTED, I.LIVE}),
    I.LIVE: frozenset({I.CHANGES_REQUESTED, I.SUBMITTED}),
}
R = RoundStatus
ROUND_MOVES: Mapping[RoundStatus, frozenset[RoundStatus]] = {
    R.OPEN: frozenset({R.PAUSED, R.CLOSED}),
    R.PAUSED: frozenset({R.OPEN, R.CLOSED}),
    R.CLOSED: frozenset({R.OPEN}),
}
L = ListingStatus
LISTING_MOVES: Mapping[ListingStatus, frozenset[ListingStatus]] = {
    L.DRAFT: frozenset({L.READY}),
    L.READY: frozenset({L.DRAFT, L.PUBLISHED, L.WITHDRAWN}),
    L.PUBLISHED: frozenset({L.UPDATE_PENDING, L.WITHDRAWN}),
    L.UPDATE_PENDING: frozenset({L.PUBLISHED, L.WITHDRAWN}),
    L.WITHDRAWN: frozenset({L.READY}),
}
C = CaseStatus
CASE_MOVES: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    C.NEW: frozenset({C.OPEN, C.WAITING_PARTNER, C.RESOLVED}),
    C.OPEN: frozenset({C.WAITING_PARTNER, C.RESOLVED}),
    C.WAITING_PARTNER: frozenset({C.OPEN, C.WAITING_GOCARDLESS, C.RESOLVED}),
    C.WAITING_GOCARDLESS: frozenset({C.OPEN, C.WAITING_PARTNER, C.RESOLVED}),
    C.RESOLVED: frozenset({C.WAITING_GOCARDLESS, C.CLOSED}),
    C.CLOSED: frozenset({C.WAITING_GOCARDLESS}),
}
BALL: Mapping[CaseStatus, Ball] = {
    C.NEW: Ball.GOCARDLESS,
    C.OPEN: Ball.GOCARDLESS,
    C.WAITING_GOCARDLESS: Ball.GOCARDLESS,
    C.WAITING_PARTNER: Ball.PARTNER,
    C.RESOLVED: Ball.NOBODY,
    C.CLOSED: Ball.NOBODY,
}
LD = LeadStatus
LEAD_MOVES: Mapping[LeadStatus, frozenset[LeadStatus]] = {
    LD.DRAFT: frozenset({LD.SUBMITTED, LD.WITHDRAWN}),
    LD.SUBMITTED: frozenset({LD.ACCEPTED, LD.REJECTED, LD.WITHDRAWN}),
    LD.ACCEPTED: frozenset({LD.CONTACTED, LD.REJECTED, LD.WITHDRAWN}),
    LD.CONTACTED: frozenset({LD.QUALIFIED, LD.LOST, LD.WITHDRAWN}),
    LD.QUALIFIED: frozenset({LD.PROPOSAL, LD.WON, LD.LOST, LD.WITHDRAWN}),
    LD.PROPOSAL: frozenset({LD.WON, LD.LOST, LD.WITHDRAWN}),
    LD.WON: frozenset({LD.LIVE, LD.LOST}),
    LD.LIVE: frozenset(),
    LD.LOST: frozenset(),
    LD.REJECTED: frozenset(),
    LD.WITHDRAWN: frozenset(),
}
CT = ContentStatus
CONTENT_MOVES: Mapping[ContentStatus, frozenset[ContentStatus]] = {
    CT.DRAFT: frozenset({CT.SCHEDULED, CT.PUBLISHED}),
    CT.SCHEDULED: frozenset({CT.DRAFT, CT.PUBLISHED}),
    CT.PUBLISHED: frozenset({CT.ARCHIVED}),
    CT.ARCHIVED: frozenset({CT.DRAFT}),
}

Code = TypeVar("Code", bound=StrEnum)


def move(before: Code, after: Code, moves: Mapping[Code, frozenset[Code]]) -> Code:
    """The next status; staying is always allowed. Raises IllegalMove when `after` may not follow `before`."""
    if after != before and after not in moves[before]:
        raise IllegalMove(f"{before.value} cannot become {after.value}.")
    return after

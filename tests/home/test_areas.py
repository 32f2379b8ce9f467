"""Home's cards and the one next step, for every place where a partner can stand."""

from dataclasses import replace

import pytest

from portal.home.areas import areas, next_step
from portal.journey import Stage, grow_reasons, launch_reasons
from portal.status import IntegrationStatus, ListingStatus

FRESH = Stage(
    account_complete=False,
    status=IntegrationStatus.DRAFT,
    confirmed=False,
    total=10,
    done=0,
    approved=0,
    attention=0,
    started=0,
)
SUBMITTED = replace(FRESH, account_complete=True, status=IntegrationStatus.SUBMITTED, confirmed=True, done=10, started=10)
CERTIFIED = replace(SUBMITTED, status=IntegrationStatus.LIVE, approved=10)


@pytest.mark.parametrize(
    ("now", "endpoint"),
    [
        (FRESH, "account.show"),
        (replace(FRESH, account_complete=True), "build.overview"),
        (replace(FRESH, started=3), "build.overview"),
        (replace(FRESH, started=10, done=10, account_complete=True), "build.summary"),
        (replace(FRESH, started=10, done=10), "account.show"),
        (replace(FRESH, started=10, done=10, confirmed=True), "account.show"),
        (SUBMITTED, "launch.show"),
        (replace(SUBMITTED, status=IntegrationStatus.CHANGES_REQUESTED, attention=1), "build.overview"),
        (CERTIFIED, "launch.show"),
        (replace(CERTIFIED, attention=1, approved=9), "build.overview"),
    ],
)
def test_the_next_step(now, endpoint):
    assert next_step(now).endpoint == endpoint


@pytest.mark.parametrize("now", [FRESH, SUBMITTED, CERTIFIED])
def test_four_areas_in_order(now):
    assert [area.title for area in areas(now)] == ["My Account", "Build", "Launch", "Grow"]


def test_grow_says_everything_that_locks_it():
    assert [reason.endpoint for reason in grow_reasons(FRESH)] == ["account.show", "build.overview", "launch.show"]
    assert [reason.endpoint for reason in grow_reasons(CERTIFIED)] == ["launch.show"]
    assert grow_reasons(replace(CERTIFIED, listing=ListingStatus.PUBLISHED)) == []
    assert areas(FRESH)[3].locked
    assert not areas(replace(CERTIFIED, listing=ListingStatus.PUBLISHED))[3].locked


def test_launch_opens_for_editing_with_the_submission():
    assert launch_reasons(FRESH)
    assert launch_reasons(SUBMITTED) == []


def test_build_counts_complete_sections_first_and_approved_ones_after_submission():
    assert areas(replace(FRESH, started=7, done=7))[1].progress == "7 of 10 sections complete"
    assert areas(replace(SUBMITTED, approved=4))[1].progress == "4 of 10 sections approved"

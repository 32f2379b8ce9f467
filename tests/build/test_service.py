"""Build's verbs against a real database: saving, marking, sending, coming back."""

import pytest

from portal.build import service, submission
from portal.build.progress import section_progress
from portal.build.typed import NOTE, Stored, TypedAnswer
from portal.catalog.versions import FOLDER, configure
from portal.extensions import db
from portal.models.event import Event
from portal.models.review import Round, RoundSection
from portal.refusals import IllegalMove, NotReady, Sealed
from portal.status import FileState, IntegrationStatus, SectionStatus
from portal.transaction import writing
from tests.build.acts import approve_all, attach, complete_all, decide, fill, row, say, stored, submitted
from tests.statements import counted
from tests.world import complete_profile

S = SectionStatus


@pytest.fixture
def acme(app, world):
    with app.app_context(), writing():
        yield world.integration("acme")


@pytest.fixture
def team(acme, world):
    return world.user("alice"), world.user("bob")


def events(kind):
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id).all()


def test_what_was_typed_is_stored_whether_it_is_valid_or_not(acme, team):
    say(acme, "post_onboarding_url", "not an address", by=team[0], comment="later")
    assert stored(acme, "post_onboarding_url").value == "not an address"
    assert stored(acme, "post_onboarding_url").comment == "later"
    assert (row(acme, "app-setup").status, row(acme, "app-setup").answered) == (S.IN_PROGRESS, 0)


def test_saving_counts_and_records_before_and_after(acme, team):
    say(acme, "app_profile_complete", "yes", by=team[0])
    say(acme, "app_profile_complete", "no", by=team[0])
    assert row(acme, "app-setup").answered == 1
    last = events("draft_saved")[-1].payload
    assert last["before"]["app_profile_complete"]["value"] == "yes"
    assert last["after"]["app_profile_complete"]["value"] == "no"


def test_saving_the_same_again_changes_nothing(acme, team):
    first = say(acme, "app_profile_complete", "yes", by=team[0])
    version = stored(acme, "app_profile_complete").version
    again = say(acme, "app_profile_complete", "yes", by=team[1], base="0.")
    assert first.taken
    assert not again.taken
    assert not again.refused
    assert stored(acme, "app_profile_complete").version == version
    assert len(events("draft_saved")) == 1


def test_two_people_do_not_overwrite_each_other(acme, team):
    alice, bob = team
    shown = stored(acme, "app_public_name").token
    say(acme, "app_public_name", "Acme", by=alice)
    outcome = say(acme, "app_public_name", "Acme Ltd", by=bob, base=shown)
    assert [one.key for one in outcome.conflicts] == ["app_public_name"]
    assert (outcome.conflicts[0].stored.value, outcome.conflicts[0].stored_by) == ("Acme", alice.name)
    assert stored(acme, "app_public_name").value == "Acme"


def test_what_does_not_conflict_is_saved_beside_what_does(acme, team):
    alice, bob = team
    name, profile = stored(acme, "app_public_name").token, stored(acme, "app_profile_complete").token
    say(acme, "app_public_name", "Acme", by=alice)
    section = service.catalog_of(acme).section("app-setup")
    typed = {"app_public_name": TypedAnswer("Acme Ltd", "", name), "app_profile_complete": TypedAnswer("yes", "", profile)}
    outcome = service.save_draft(acme, section, typed, by=bob)
    assert set(outcome.taken) == {"app_profile_complete"}
    assert stored(acme, "app_profile_complete").value == "yes"


def test_a_field_that_was_not_touched_never_conflicts(acme, team):
    """Bob's form still shows the old text; he changed another answer, not this one."""
    alice, bob = team
    say(acme, "app_public_name", "Old", by=alice)
    shown = stored(acme, "app_public_name").token
    say(acme, "app_public_name", "New", by=alice)
    outcome = say(acme, "app_public_name", "Old", by=bob, base=shown)
    assert not outcome.refused
    assert stored(acme, "app_public_name").value == "New"


def test_a_choice_after_a_conflict_is_taken_once(acme, team):
    alice, bob = team
    shown = stored(acme, "app_public_name").token
    say(acme, "app_public_name", "Acme", by=alice)
    conflict = say(acme, "app_public_name", "Acme Ltd", by=bob, base=shown).conflicts[0]
    assert say(acme, "app_public_name", "Acme Ltd", by=bob, base=conflict.stored.token).taken
    assert stored(acme, "app_public_name").value == "Acme Ltd"


def test_additional_comments_are_guarded_like_answers(acme, team):
    alice, bob = team
    section = service.catalog_of(acme).section("oauth")
    empty = Stored().token
    service.save_draft(acme, section, {NOTE: TypedAnswer(None, "From Alice", empty)}, by=alice)
    outcome = service.save_draft(acme, section, {NOTE: TypedAnswer(None, "From Bob", empty)}, by=bob)
    assert [one.key for one in outcome.conflicts] == [NOTE]
    assert (row(acme, "oauth").comment, row(acme, "oauth").status) == ("From Alice", S.IN_PROGRESS)


def test_a_section_with_gaps_is_not_complete_and_every_gap_is_named(acme, team):
    with pytest.raises(NotReady) as refusal:
        service.mark_complete(acme, "app-setup", by=team[0])
    anchors = [reason.anchor for reason in refusal.value.missing]
    assert anchors[0] == "answer-app_public_name"
    assert "answer-post_onboarding_url" not in anchors


def test_a_passing_answer_needs_its_file_and_another_one_its_comment(acme, team):
    def gaps():
        section = service.catalog_of(acme).section("oauth")
        return {one.anchor for one in section_progress(service.catalog_of(acme), section, service.draft(acme)).missing}

    say(acme, "oauth_only", "yes", by=team[0])
    assert "files-oauth_only" in gaps()
    attach(acme, "oauth_only", by=team[0], state=FileState.CHECKING)
    assert "files-oauth_only" in gaps()
    attach(acme, "oauth_only", by=team[0])
    assert not {"files-oauth_only", "answer-oauth_only"} & gaps()
    say(acme, "initial_views", ("signup",), by=team[0])
    assert {"files-initial_views", "comment-initial_views"} & gaps()


def test_marking_complete_twice_is_one_mark(acme, team):
    fill(acme, "app-setup", by=team[0])
    assert service.mark_complete(acme, "app-setup", by=team[0]) is False
    service.mark_complete(acme, "app-setup", by=team[1])
    assert row(acme, "app-setup").status is S.COMPLETE
    assert len(events("section_marked_complete")) == 1


def test_the_mark_falls_when_the_section_is_not_valid_any_more(acme, team):
    fill(acme, "app-setup", by=team[0])
    service.mark_complete(acme, "app-setup", by=team[0])
    say(acme, "app_public_name", None, by=team[1])
    assert (row(acme, "app-setup").status, row(acme, "app-setup").marked_at) == (S.IN_PROGRESS, None)
    assert "Question 1" in events("section_reopened")[0].payload["reason"]


def test_the_last_mark_says_so(acme, team):
    sections = list(service.catalog_of(acme))
    for section in sections:
        fill(acme, section.key, by=team[0])
    marks = [service.mark_complete(acme, section.key, by=team[0]) for section in sections]
    assert marks == [False] * 9 + [True]


def test_a_hidden_answer_is_kept_and_ignored(acme, team):
    say(acme, "monetisation", "app_fees", by=team[0])
    say(acme, "account_verified", "verified", by=team[0])
    counted = row(acme, "app-setup").answered
    say(acme, "monetisation", "neither", by=team[0])
    assert row(acme, "app-setup").answered == counted - 1
    assert stored(acme, "account_verified").value == "verified"
    say(acme, "monetisation", "app_fees", by=team[0])
    assert row(acme, "app-setup").answered == counted


def test_confirming_needs_ten_complete_sections(acme, team):
    with pytest.raises(NotReady) as refusal:
        submission.confirm(acme, by=team[0])
    assert len(refusal.value.missing) == 10


def test_a_changed_answer_makes_the_confirmation_void(acme, team):
    complete_all(acme, by=team[0])
    submission.confirm(acme, by=team[0])
    assert acme.confirmed_at
    say(acme, "app_public_name", "Another name", by=team[1])
    assert acme.confirmed_at is None
    assert row(acme, "app-setup").status is S.COMPLETE


def test_a_submission_freezes_all_ten_and_starts_the_clock(acme, team):
    sent = submitted(acme, by=team[0])
    assert (sent.number, len(sent.sections)) == (1, 10)
    assert {row(acme, part.section_key).status for part in sent.sections} == {S.UNDER_REVIEW}
    assert acme.status is IntegrationStatus.SUBMITTED
    assert sent.due_at > sent.submitted_at
    frozen = next(part for part in sent.sections if part.section_key == "oauth").snapshot
    assert frozen["answers"]["oauth_only"]["value"] == "yes"
    assert [file["name"] for file in frozen["answers"]["oauth_only"]["files"]] == ["screen.png"]


def test_nothing_is_submitted_twice(acme, team):
    submitted(acme, by=team[0])
    with pytest.raises(IllegalMove):
        submission.submit(acme, ["app-setup"], by=team[1])
    submission.confirm(acme, by=team[1])
    assert db.session.query(Round).count() == 1


def test_a_sent_section_is_sealed(acme, team):
    submitted(acme, by=team[0])
    outcome = say(acme, "app_public_name", "Other", by=team[0])
    assert [one.key for one in outcome.sealed] == ["app_public_name"]
    assert stored(acme, "app_public_name").value != "Other"
    with pytest.raises(Sealed):
        service.mark_complete(acme, "app-setup", by=team[0])


def test_attention_needed_opens_the_flagged_questions_only(acme, team):
    submitted(acme, by=team[0])
    decide(acme, {"oauth": ["oauth_only"], "webhooks": S.APPROVED})
    assert service.may_edit(acme, "oauth", "oauth_only")
    assert not service.may_edit(acme, "oauth", "oauth_scope")
    assert not service.may_edit(acme, "webhooks", "duplicates")
    assert say(acme, "oauth_only", "no", by=team[0], comment="Not yet.").taken
    assert say(acme, "oauth_scope", "read_only", by=team[0]).sealed


def test_corrected_sections_go_back_in_a_round_of_their_own(acme, team):
    submitted(acme, by=team[0])
    decide(acme, {"oauth": ["oauth_only"], "webhooks": ["duplicates"], "app-setup": S.APPROVED})
    say(acme, "oauth_only", "no", by=team[0], comment="Not yet.")
    second = submission.resubmit(acme, ["oauth"], by=team[0])
    assert (second.number, [part.section_key for part in second.sections]) == (2, ["oauth"])
    assert row(acme, "oauth").status is S.UNDER_REVIEW
    assert row(acme, "app-setup").status is S.APPROVED
    assert acme.status is IntegrationStatus.CHANGES_REQUESTED
    assert submission.resubmit(acme, ["oauth"], by=team[1]) is None
    submission.resubmit(acme, ["webhooks"], by=team[0])
    assert acme.status is IntegrationStatus.SUBMITTED


def test_a_correction_with_a_gap_is_not_sent(acme, team):
    submitted(acme, by=team[0])
    decide(acme, {"oauth": ["oauth_only"]})
    say(acme, "oauth_only", "no", by=team[0])
    with pytest.raises(NotReady) as refusal:
        submission.resubmit(acme, ["oauth"], by=team[0])
    assert [one.anchor for one in refusal.value.missing] == ["comment-oauth_only"]


def test_newly_asked_questions_open_and_close_again(acme, team):
    submitted(acme, by=team[0])
    approve_all(acme)
    decide(acme, {"refunds-sending": ["refunds"]})
    say(acme, "refunds", "yes", by=team[0])
    opened = row(acme, "refunds-sending").open_questions
    assert opened[0] == "refunds"
    assert {"refund_types", "refund_permission"} <= set(opened)
    say(acme, "refunds", "no", by=team[0], comment="Because.")
    assert row(acme, "refunds-sending").open_questions == ["refunds"]


@pytest.fixture
def strict_catalog(tmp_path):
    """The certification with one change: what is asked about several currencies is mandatory."""
    before, rest = (FOLDER / "2026-11.toml").read_text().split('key = "fx_handled"')
    rest = rest.replace('level = "recommended"', 'level = "mandatory"\nunproven = "No check yet."', 1).replace(
        "answer_required = false", "answer_required = true", 1
    )
    (tmp_path / "2026-11.toml").write_text(before + 'key = "fx_handled"' + rest)
    configure(tmp_path)
    yield
    configure(None)


def more_currencies(integration, by):
    integration.partner.profile.schemes = ["bacs", "sepa_core"]
    db.session.flush()
    service.reconcile(integration, by=by, mandatory_only=True)


def test_my_account_asks_mandatory_questions_in_approved_sections(strict_catalog, acme, team):
    submitted(acme, by=team[0])
    approve_all(acme)
    acme.status = IntegrationStatus.LIVE
    more_currencies(acme, team[0])
    section = row(acme, "reconciliation")
    assert (section.status, section.open_questions) == (S.ATTENTION_NEEDED, ["fx_handled"])
    assert acme.status is IntegrationStatus.CHANGES_REQUESTED
    assert "My Account" in events("section_reopened")[-1].payload["reason"]
    acme.partner.profile.schemes = ["bacs"]
    db.session.flush()
    service.reconcile(acme, by=team[0], mandatory_only=True)
    assert (row(acme, "reconciliation").status, row(acme, "reconciliation").open_questions) == (S.APPROVED, [])


def test_my_account_does_not_reopen_for_recommended_questions(acme, team):
    submitted(acme, by=team[0])
    approve_all(acme)
    more_currencies(acme, team[0])
    assert row(acme, "reconciliation").status is S.APPROVED
    decide(acme, {"oauth": ["oauth_only"]})
    say(acme, "oauth_only", "no", by=team[0], comment="Not yet.")
    assert row(acme, "reconciliation").status is S.APPROVED


def test_a_section_under_review_comes_back_when_more_is_asked(strict_catalog, acme, team):
    submitted(acme, by=team[0])
    more_currencies(acme, team[0])
    part = db.session.query(RoundSection).filter_by(section_key="reconciliation").one()
    assert row(acme, "reconciliation").status is part.status is S.ATTENTION_NEEDED


def test_an_answer_in_one_section_reopens_another(acme, team):
    """Fees that were not asked for before: app_fee_transparency is asked in another section than monetisation."""
    complete_profile(acme.partner)
    complete_all(acme, by=team[0])
    say(acme, "monetisation", "neither", by=team[0])
    submission.submit(acme, [section.key for section in service.catalog_of(acme)], by=team[0])
    approve_all(acme)
    decide(acme, {"app-setup": ["monetisation"]})
    say(acme, "monetisation", "app_fees", by=team[0])
    assert (row(acme, "reconciliation").status, row(acme, "reconciliation").open_questions) == (
        S.ATTENTION_NEEDED,
        ["app_fee_transparency"],
    )
    assert row(acme, "app-setup").open_questions == ["monetisation", "account_verified"]
    assert "Partner app and account" in events("section_reopened")[-1].payload["reason"]


def test_the_kept_columns_agree_with_progress(acme, team):
    complete_profile(acme.partner)
    for key in ("app-setup", "oauth", "reconciliation"):
        fill(acme, key, by=team[0])
    catalog, now = service.catalog_of(acme), service.draft(acme)
    for section in catalog:
        progress = section_progress(catalog, section, now)
        kept = row(acme, section.key)
        assert (kept.answered, kept.total) == (progress.answered, progress.total)


def test_a_draft_is_read_in_four_statements(acme, team):
    fill(acme, "oauth", by=team[0])
    db.session.flush()
    with counted() as ran:
        now = service.draft(acme)
    assert len(ran) <= 4
    assert now.evidence["oauth_only"] == 1

"""Build's pages as people use them: does it work, does it say what went wrong, may a teammate, may a stranger."""

import pytest

from portal.build import service
from portal.extensions import db
from portal.models.integration import Answer, Section
from portal.models.review import Round
from portal.status import SectionStatus
from portal.transaction import writing
from tests.build.acts import complete_all, decide, fill, say, stored, submitted
from tests.statements import MOST, statements_of

S = SectionStatus
PAGE = "/build/app-setup"


@pytest.fixture
def inside(app, world):
    """Runs an act on Acme's integration as Alice, and stores it."""

    def run(act, *args, **kwargs):
        with app.app_context(), writing():
            return act(world.integration("acme"), *args, by=world.user("alice"), **kwargs)

    return run


@pytest.fixture
def of_acme(app, world):
    """Reads something of Acme's integration."""

    def read(what):
        with app.app_context():
            found = what(world.integration("acme"))
            db.session.rollback()
            return found

    return read


@pytest.fixture
def token(of_acme):
    return lambda key: of_acme(lambda acme: stored(acme, key)).token


def answer_of(of_acme, key):
    return of_acme(lambda acme: stored(acme, key))


def status_of(of_acme, key):
    return of_acme(lambda acme: db.session.query(Section).filter_by(integration_id=acme.id, key=key).one().status)


def form(token, **answers):
    """What a browser would post for these questions."""
    posted = {}
    for key, value in answers.items():
        posted |= {f"answer-{key}": value, f"comment-{key}": "", f"version-{key}": token(key)}
    return posted


def test_the_overview_shows_ten_sections_and_what_to_do(alice):
    page = alice.get("/build/").get_data(as_text=True)
    assert page.count('class="p-tile"') == 10
    assert "0 of 10 sections are complete" in page


def test_needs_you_leaves_out_what_waits_for_others(alice, inside, world, app):
    inside(submitted)
    with app.app_context(), writing():
        decide(world.integration("acme"), {"oauth": ["oauth_only"], "webhooks": S.APPROVED})
    page = alice.get("/build/?show=needs-you").get_data(as_text=True)
    assert "/build/oauth" in page
    assert "/build/webhooks" not in page.split('id="sections"')[1]


@pytest.mark.parametrize("person", ["alice", "bob"])
def test_any_member_of_the_team_saves(person, world, token, of_acme):
    client = world.client(person)
    answer = client.post(PAGE, data=form(token, app_public_name="Acme", app_profile_complete="yes"))
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert answer_of(of_acme, "app_public_name").value == "Acme"
    assert "Acme" in client.get(PAGE).get_data(as_text=True)


def test_what_is_not_valid_is_saved_and_named(alice, token):
    assert alice.post(PAGE, data=form(token, post_onboarding_url="nonsense")).status_code == 303
    page = alice.get(PAGE).get_data(as_text=True)
    assert "nonsense" in page
    assert "Begin the address with" in page


def test_a_stranger_never_sees_or_changes_anothers_answers(carol, inside, of_acme, token):
    inside(say, "app_public_name", "Secret name of Acme")
    assert "Secret name" not in carol.get(PAGE).get_data(as_text=True)
    carol.post(PAGE, data={"answer-app_public_name": "Mine"})
    assert answer_of(of_acme, "app_public_name").value == "Secret name of Acme"


@pytest.mark.parametrize("url", ["/build/", PAGE, "/build/summary", PAGE + "/feed"])
def test_nobody_and_staff_do_not_get_in(url, nobody, rita):
    assert nobody.get(url).status_code == 302
    assert rita.get(url).status_code == 403


@pytest.mark.parametrize("url", ["/build/no-such-section", "/build/no-such-section/feed"])
def test_what_does_not_exist_is_404(url, alice):
    assert alice.get(url).status_code == 404
    assert alice.post(url).status_code == 404


def test_mark_complete_names_every_gap_and_keeps_the_draft(alice, token, of_acme):
    answer = alice.post(PAGE + "/complete", data=form(token, app_public_name="Acme"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert 'href="#files-app_public_name"' in page
    assert 'href="#answer-app_profile_complete"' in page
    assert answer_of(of_acme, "app_public_name").value == "Acme"
    for target in page.split('class="p-summary"')[1].split("</div>")[0].split('href="#')[1:]:
        assert f'id="{target.split(chr(34))[0]}"' in page


def test_a_complete_section_is_marked(alice, inside, of_acme):
    inside(fill, "app-setup")
    answer = alice.post(PAGE + "/complete")
    assert (answer.status_code, answer.location) == (303, "/build/")
    assert status_of(of_acme, "app-setup") is S.COMPLETE


def test_two_editors_see_both_texts_and_choose(alice, bob, token, of_acme):
    shown = token("app_public_name")
    alice.post(PAGE, data=form(token, app_public_name="From Alice"))
    posted = {"answer-app_public_name": "From Bob", "comment-app_public_name": "", "version-app_public_name": shown}
    posted |= {"answer-app_profile_complete": "yes", "version-app_profile_complete": token("app_profile_complete")}
    answer = bob.post(PAGE, data=posted)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "From Alice" in page
    assert "From Bob" in page
    assert answer_of(of_acme, "app_public_name").value == "From Alice"
    assert answer_of(of_acme, "app_profile_complete").value == "yes"
    chosen = posted | {"version-app_public_name": token("app_public_name"), "choose-app_public_name": "mine"}
    assert bob.post(PAGE, data=chosen).status_code == 303
    assert answer_of(of_acme, "app_public_name").value == "From Bob"


def test_choosing_theirs_changes_nothing(alice, bob, token, of_acme):
    shown = token("app_public_name")
    alice.post(PAGE, data=form(token, app_public_name="From Alice"))
    posted = {"answer-app_public_name": "From Bob", "version-app_public_name": shown, "choose-app_public_name": "theirs"}
    assert bob.post(PAGE, data=posted).status_code == 303
    assert answer_of(of_acme, "app_public_name").value == "From Alice"


def test_a_replayed_post_is_harmless(alice, token, of_acme):
    posted = form(token, app_public_name="Acme")
    assert [alice.post(PAGE, data=posted).status_code for _ in range(3)] == [303, 303, 303]
    assert answer_of(of_acme, "app_public_name").version == 1


AUTOSAVE = {"HX-Request": "true"}


def test_autosave_answers_with_the_new_versions(alice, token, of_acme):
    answer = alice.post(PAGE, data=form(token, app_public_name="Acme", post_onboarding_url="nonsense"), headers=AUTOSAVE)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Saved" in text
    assert f'value="{token("app_public_name")}"' in text
    assert "Begin the address with" in text
    assert "<html" not in text


def test_autosave_tells_of_a_conflict_and_saves_the_rest(alice, bob, token, of_acme):
    shown = token("app_public_name")
    alice.post(PAGE, data=form(token, app_public_name="From Alice"))
    posted = form(token, app_profile_complete="no") | {"answer-app_public_name": "From Bob", "version-app_public_name": shown}
    answer = bob.post(PAGE, data=posted, headers=AUTOSAVE)
    assert answer.status_code == 409
    assert "Nothing was overwritten" in answer.get_data(as_text=True)
    assert answer_of(of_acme, "app_public_name").value == "From Alice"
    assert answer_of(of_acme, "app_profile_complete").value == "no"


def test_a_lost_session_says_that_what_was_typed_is_kept(nobody):
    assert nobody.post(PAGE, data={"answer-app_public_name": "Acme"}).status_code == 401


BAD = {
    "too long": ("app_public_name", "x" * 81),
    "a megabyte": ("app_public_name", "x" * 1_000_000),
    "control characters": ("app_public_name", "Acme\x00\x07"),
    "tampered option": ("app_profile_complete", "maybe"),
    "tampered choice": ("monetisation", "<script>"),
    "two answers": ("monetisation", ["app_fees", "stolen"]),
}


@pytest.mark.parametrize("headers", [{}, AUTOSAVE], ids=["page", "autosave"])
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_stored_is_refused_in_words_and_the_rest_is_saved(name, headers, alice, token, of_acme):
    key, value = BAD[name]
    posted = form(token, contact_details_current="yes") | form(token, **{key: value})
    answer = alice.post(PAGE, data=posted, headers=headers)
    assert answer.status_code == 422
    assert answer_of(of_acme, key).value is None
    assert answer_of(of_acme, "contact_details_current").value == "yes"
    if not headers:
        page = answer.get_data(as_text=True)
        assert f'href="#answer-{key}"' in page
        if isinstance(value, str) and key == "app_public_name":
            assert value.replace("\x00", "").replace("\x07", "")[:60] in page.replace("\x00", "").replace("\x07", "")


def test_what_was_refused_can_be_corrected_and_saved(alice, token, of_acme):
    alice.post(PAGE, data=form(token, app_public_name="x" * 81))
    page = alice.post(PAGE, data=form(token, app_public_name="x" * 81)).get_data(as_text=True)
    shown = page.split('name="version-app_public_name" value="')[1].split('"')[0]
    posted = {"answer-app_public_name": "x" * 80, "comment-app_public_name": "", "version-app_public_name": shown}
    assert alice.post(PAGE, data=posted).status_code == 303
    assert answer_of(of_acme, "app_public_name").value == "x" * 80


@pytest.mark.parametrize(
    "text", ["\u05e9\u05dc\u05d5\u05dd", "\U0001f469\u200d\U0001f4bb Acme", "\u202eevil", "a\u0301", "<b>&amp;</b>"]
)
def test_any_writing_is_kept_as_it_is(text, alice, token, of_acme):
    assert alice.post(PAGE, data=form(token, app_public_name=text)).status_code == 303
    assert answer_of(of_acme, "app_public_name").value == text
    assert "<b>&amp;</b>" not in alice.get(PAGE).get_data(as_text=True)


def test_an_unknown_question_is_named_and_nothing_else_is_lost(alice, token, of_acme):
    posted = form(token, app_public_name="Acme") | {"answer-no_such_question": "x", "answer-oauth_only": "yes"}
    answer = alice.post(PAGE, data=posted)
    assert answer.status_code == 422
    assert "not part of the section" in answer.get_data(as_text=True)
    assert answer_of(of_acme, "app_public_name").value == "Acme"
    assert answer_of(of_acme, "oauth_only").value is None


def test_missing_fields_change_nothing(alice, inside, of_acme):
    inside(say, "app_public_name", "Acme", comment="why")
    assert alice.post(PAGE, data={}).status_code == 303
    alice.post(PAGE, data={"comment-app_public_name": "other", "version-app_public_name": "x" * 500})
    assert answer_of(of_acme, "app_public_name").value == "Acme"


def test_more_than_a_form_may_hold_is_413(alice):
    answer = alice.post(PAGE, data={"answer-app_public_name": "x" * 20_000_000})
    assert answer.status_code == 413


def test_a_sealed_question_is_refused_and_the_text_shown(alice, inside, of_acme):
    inside(submitted)
    answer = alice.post(PAGE, data={"answer-app_public_name": "My other name", "version-app_public_name": "1.x"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "My other name" in page
    assert answer_of(of_acme, "app_public_name").value != "My other name"
    assert alice.post(PAGE + "/complete").status_code == 409


def test_a_section_under_review_is_only_read(alice, inside):
    inside(submitted)
    page = alice.get(PAGE).get_data(as_text=True)
    assert "With the reviewers" in page
    assert 'name="answer-' not in page


def test_corrections_open_only_what_was_flagged(alice, inside, app, world, of_acme, token):
    inside(submitted)
    with app.app_context(), writing():
        decide(world.integration("acme"), {"oauth": ["oauth_only"]})
    page = alice.get("/build/oauth").get_data(as_text=True)
    assert 'name="answer-oauth_only"' in page
    assert 'name="answer-oauth_scope"' not in page
    assert "Sealed" in page
    assert alice.post("/build/oauth/send", data=form(token, oauth_only="no")).status_code == 422
    fixed = form(token, oauth_only="no") | {"comment-oauth_only": "We add it in March."}
    assert alice.post("/build/oauth/send", data=fixed).status_code == 303
    assert status_of(of_acme, "oauth") is S.UNDER_REVIEW


def test_all_corrected_sections_go_together(alice, inside, app, world, of_acme):
    inside(submitted)
    with app.app_context(), writing():
        decide(world.integration("acme"), {"oauth": ["oauth_only"], "webhooks": ["duplicates"], "payments": ["open_banking"]})
    for key in ("oauth", "webhooks"):
        assert alice.post(f"/build/{key}/complete").status_code == 303
    assert "Send all corrected sections" in alice.get("/build/").get_data(as_text=True)
    assert alice.post("/build/send").status_code == 303
    assert [status_of(of_acme, key) for key in ("oauth", "webhooks", "payments")] == [
        S.UNDER_REVIEW,
        S.UNDER_REVIEW,
        S.ATTENTION_NEEDED,
    ]
    assert of_acme(lambda acme: db.session.query(Round).count()) == 2
    assert alice.post("/build/send").status_code == 303
    assert of_acme(lambda acme: db.session.query(Round).count()) == 2


def test_from_the_tenth_section_to_the_submission(alice, inside, app, world, of_acme):
    from tests.world import complete_profile

    inside(complete_all)
    with app.app_context(), writing():
        acme = world.integration("acme")
        complete_profile(acme.partner)
        acme.partner.profile.complete = True
        last = db.session.query(Section).filter_by(integration_id=acme.id, key="readiness").one()
        last.marked_at, last.status = None, S.IN_PROGRESS
    answer = alice.post("/build/readiness/complete")
    assert (answer.status_code, answer.location) == (303, "/build/summary")
    assert "Confirm and send for review" in alice.get("/build/summary").get_data(as_text=True)
    assert alice.post("/build/summary").status_code == 303
    assert alice.post("/build/summary").status_code == 303
    assert of_acme(lambda acme: db.session.query(Round).count()) == 1
    page = alice.get("/build/").get_data(as_text=True)
    assert "With the reviewers" in page
    assert "working day" in page


def test_the_summary_is_not_confirmed_too_early(alice, of_acme):
    assert alice.post("/build/summary").status_code == 422
    assert of_acme(lambda acme: acme.confirmed_at) is None


def test_the_summary_waits_for_my_account(alice, inside, of_acme):
    inside(complete_all)
    alice.post("/build/summary")
    assert of_acme(lambda acme: acme.confirmed_at) is not None
    assert "as soon as My Account is complete" in alice.get("/build/").get_data(as_text=True)
    assert of_acme(lambda acme: db.session.query(Round).count()) == 0


@pytest.mark.parametrize("url", ["/build/", PAGE, "/build/reconciliation", "/build/summary", PAGE + "/feed"])
def test_pages_take_few_statements_whatever_the_data(url, alice, inside, app, world):
    alice.get(url)
    few = statements_of(alice, url)
    inside(submitted)
    with app.app_context(), writing():
        acme, alice_ = world.integration("acme"), world.user("alice")
        for n in range(30):
            service.post_message(acme, service.catalog_of(acme).section("app-setup"), text=f"Message {n}", by=alice_)
        decide(acme, {"app-setup": ["app_public_name"], "reconciliation": ["late_failures"]})
    many = statements_of(alice, url)
    assert few <= MOST
    assert many <= MOST


def test_a_get_changes_nothing(alice, of_acme):
    for url in ("/build/", PAGE, "/build/summary", PAGE + "/feed"):
        alice.get(url)
    assert of_acme(lambda acme: db.session.query(Answer).count()) == 0

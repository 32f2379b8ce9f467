"""Every button of the desk: it works, it says what went wrong, and nothing typed is lost."""

import pytest

from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.outbox import Outbox
from portal.models.review import Remark, Round, SavedReply, Verdict
from portal.status import IntegrationStatus, RoundStatus, SectionStatus
from tests.reviews.sent import SIMPLE

QUESTION = SIMPLE["webhooks"]
REMARK = {"about": QUESTION, "kind": "blocking", "text": "Show the check."}
VERBS = [
    "{round}/take", "{round}/assign", "{round}/release", "{round}/send", "{round}/resume", "{round}/approve-rest",
    "{round}/webhooks/approve", "{round}/webhooks/undo", "{round}/webhooks/pause", "{round}/webhooks/remarks",
    "{round}/webhooks/insert", "{round}/webhooks/message", "{round}/remarks/nope/withdraw",
]  # fmt: skip


@pytest.fixture
def url(sent):
    return lambda place="": f"/staff/reviews/{sent}{'/' if place else ''}{place}"


@pytest.fixture
def ruth(world):
    return world.client("ruth")


@pytest.fixture
def stored(app):
    """One value of a query, read in a context of its own."""

    def read(of):
        with app.app_context():
            return of(db.session)

    return read


def one(session):
    return session.query(Round).one()


def counted(of):
    return lambda session: session.query(of).count()


@pytest.mark.parametrize("verb", [*VERBS, "../queue/next", "../replies", "../replies/nope", "../replies/nope/delete"])
def test_only_reviewers_act(alice, sam, pam, nobody, sent, verb):
    here = f"/staff/reviews/{verb.format(round=sent)}".replace("/reviews/..", "")
    for client in (alice, sam, pam):
        assert client.post(here).status_code == 403
    assert nobody.post(here).status_code in (302, 401)


@pytest.mark.parametrize("verb", VERBS)
def test_a_round_that_does_not_exist_is_404(rita, world, verb):
    assert rita.post(f"/staff/reviews/{verb.format(round='nope')}").status_code == 404


@pytest.mark.parametrize("verb", ["take", "send", "webhooks/approve", "webhooks/remarks", "presence"])
def test_a_forged_post_changes_nothing(rita, url, stored, verb):
    before = stored(counted(Event))
    assert rita.post(url(verb), data=REMARK, csrf=False).status_code == 400
    assert (stored(counted(Event)), stored(counted(Remark))) == (before, 0)


def test_a_whole_review_ends_in_a_certificate(rita, url, stored):
    for section in stored(lambda session: [part.section_key for part in one(session).sections])[:3]:
        assert rita.post(url(f"{section}/approve")).status_code == 303
    page = rita.get(url("approve-rest"))
    assert page.text.count('name="section"') == 7
    rest = [part.split('"')[0] for part in page.text.split('name="section" value="')[1:]]
    assert rita.post(url("approve-rest"), data={"section": rest}).status_code == 303
    answer = rita.post(url("send"), follow_redirects=True)
    assert "Feedback on 10 sections is sent. This round is answered." in answer.text
    assert stored(lambda session: one(session).status) is RoundStatus.CLOSED
    assert stored(lambda session: session.query(Integration).join(Round).one().status) is IntegrationStatus.LIVE
    titles = stored(lambda session: [row.title for row in session.query(Outbox)])
    assert any("10 sections approved" in title for title in titles)
    assert any("certified" in title for title in titles)


def test_undoing_after_the_certificate_takes_it_back(rita, url, stored):
    test_a_whole_review_ends_in_a_certificate(rita, url, stored)
    page = rita.get(url("webhooks")).text
    assert "Undo: put it under review again" in page
    answer = rita.post(url("webhooks/undo"), follow_redirects=True)
    assert "is under review again" in answer.text
    assert "Taken back by Rita Example" in answer.text
    assert stored(lambda session: one(session).status) is RoundStatus.OPEN
    assert stored(lambda session: session.query(Integration).join(Round).one().status) is IntegrationStatus.SUBMITTED


def test_a_remark_is_written_sent_and_read_by_the_partner(rita, alice, url, stored):
    answer = rita.post(url("webhooks/remarks"), data=REMARK)
    assert answer.location.endswith(f"/webhooks#q-{QUESTION}")
    assert "Show the check." not in alice.get("/build/webhooks").text
    assert rita.post(url("send")).status_code == 303
    assert "Show the check." in alice.get("/build/webhooks").text


def test_an_internal_note_never_reaches_the_partner(rita, alice, url):
    rita.post(url("webhooks/remarks"), data={**REMARK, "kind": "internal", "text": "Between us."})
    rita.post(url("webhooks/remarks"), data=REMARK)
    rita.post(url("send"))
    for place in ("/build/webhooks", "/build/", "/", "/build/webhooks/feed"):
        assert "Between us." not in alice.get(place).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "Write something first"),
        ({"text": "x" * 1_000_000}, "Use at most 5,000 characters"),
        ({"text": "a\x07b"}, "control characters"),
        ({"text": "a\x00b"}, "control characters"),
        ({"kind": "praise"}, "Choose what kind of remark this is"),
        ({"kind": ""}, "Choose what kind of remark this is"),
        ({"about": "no_such_question"}, ""),
        ({"about": SIMPLE["app-setup"]}, ""),
        ({"about": "-"}, "Choose the question that must be corrected"),
    ],
)
def test_a_refused_remark_keeps_what_was_typed(rita, url, stored, change, words):
    typed = {**REMARK, **change}
    answer = rita.post(url("webhooks/remarks"), data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert stored(counted(Remark)) == 0
    if change.keys() == {"kind"}:
        assert "Show the check." in answer.text


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "🙂 emoji 👩‍💻", "\u202eright to left", "<b>bold</b>", "{{ 7 * 7 }}"])
def test_any_words_come_back_as_they_were(rita, url, text):
    rita.post(url("webhooks/remarks"), data={**REMARK, "text": text})
    page = rita.get(url("webhooks")).text
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page


def test_a_remark_on_a_section_that_was_decided_meanwhile_is_not_lost(rita, ruth, url):
    ruth.post(url("webhooks/approve"))
    ruth.post(url("send"))
    answer = rita.post(url("webhooks/remarks"), data={**REMARK, "text": "My long thoughts."})
    assert answer.status_code == 409
    assert "My long thoughts." in answer.text
    assert "Undo the decision first" in answer.text


def test_approving_what_a_colleague_just_blocked_is_refused(rita, ruth, url, stored):
    ruth.post(url("webhooks/remarks"), data=REMARK)
    answer = rita.post(url("webhooks/approve"))
    assert answer.status_code == 409
    assert "asks for a correction" in answer.text
    assert stored(counted(Verdict)) == 0


def test_a_confirmation_that_became_old_approves_nothing(rita, ruth, url, stored):
    rest = [part.split('"')[0] for part in rita.get(url("approve-rest")).text.split('name="section" value="')[1:]]
    ruth.post(url("webhooks/remarks"), data=REMARK)
    assert rita.post(url("approve-rest"), data={"section": rest}).status_code == 409
    assert rita.post(url("approve-rest"), data={"section": ["nope"]}).status_code == 409
    assert stored(counted(Verdict)) == 0


def test_every_double_click_does_one_thing(rita, url, stored):
    for _ in range(2):
        assert rita.post(url("webhooks/remarks"), data=REMARK).status_code == 303
        assert rita.post(url("oauth/approve")).status_code == 303
        assert rita.post(url("take")).status_code == 303
    assert stored(counted(Remark)) == 1
    assert stored(counted(Verdict)) == 1
    assert rita.post(url("send")).status_code == 303
    again = rita.post(url("send"))
    assert again.status_code == 409
    assert "nothing to send" in again.text
    assert rita.post(url("webhooks/undo")).status_code == 303
    assert rita.post(url("webhooks/undo")).status_code == 409


def test_withdrawing_a_remark(rita, url, stored):
    rita.post(url("webhooks/remarks"), data=REMARK)
    key = stored(lambda session: session.query(Remark).one().key)
    assert rita.post(url(f"remarks/{key}/withdraw")).status_code == 303
    assert rita.post(url(f"remarks/{key}/withdraw")).status_code == 303
    assert "Show the check." not in rita.get(url("webhooks")).text.split('id="feed"')[0]


def test_pausing_asks_the_partner_whose_message_starts_the_clock(rita, bob, url, stored):
    answer = rita.post(url("webhooks/pause"), data={"reason": "Which plan?"}, follow_redirects=True)
    assert "Paused, waiting for the partner" in answer.text
    assert bob.post("/build/webhooks/feed", data={"text": "The yearly one."}).status_code == 303
    assert stored(lambda session: one(session).status) is RoundStatus.OPEN


def test_a_pause_can_be_ended_by_hand_and_says_why_it_was_refused(rita, url, stored):
    answer = rita.post(url("webhooks/pause"), data={"reason": "x" * 1001})
    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    rita.post(url("webhooks/pause"), data={"reason": "Which plan?"})
    twice = rita.post(url("oauth/pause"), data={"reason": "And this?"})
    assert twice.status_code == 409
    assert rita.post(url("resume")).status_code == 303
    assert rita.post(url("resume")).status_code == 303
    assert stored(lambda session: one(session).status) is RoundStatus.OPEN


def test_handing_over(rita, url, world, stored):
    key = stored(lambda session: world.user("ruth").key)
    assert "Ruth Example" in rita.post(url("assign"), data={"reviewer": key}, follow_redirects=True).text
    for bad in ("", "nope", "a\x00b", stored(lambda session: world.user("alice").key)):
        refused = rita.post(url("assign"), data={"reviewer": bad})
        assert refused.status_code == 422
        assert "Choose one of the solutions engineers." in refused.text
    assert rita.post(url("release")).status_code == 303
    assert stored(lambda session: one(session).assigned_to_id) is None


def test_taking_what_a_colleague_has(rita, ruth, url):
    assert ruth.post(url("take")).status_code == 303
    answer = rita.post(url("take"))
    assert answer.status_code == 409
    assert "Ruth Example took this review" in answer.text


def test_take_next_and_then_nothing_is_left(rita, url):
    assert rita.post("/staff/queue/next").location == url()
    answer = rita.post("/staff/queue/next", follow_redirects=True)
    assert "Nothing is waiting for a reviewer." in answer.text


def test_a_message_into_the_feed(rita, alice, url):
    assert rita.post(url("webhooks/message"), data={"text": "We look at it today."}).status_code == 303
    assert "We look at it today." in alice.get("/build/webhooks").text
    refused = rita.post(url("webhooks/message"), data={"text": " "})
    assert refused.status_code == 422


def test_reading_the_feed_takes_its_mark_away(rita, alice, url):
    alice.post("/build/webhooks/feed", data={"text": "Any news?"})
    page = rita.get(url("webhooks")).text
    seen = page.split("/read?up-to=")[1].split('"')[0]
    assert " new</span>" in page
    assert rita.post(url(f"webhooks/read?up-to={seen}")).status_code == 303
    assert " new</span>" not in rita.get(url("webhooks")).text


class TestReplies:
    GOOD = {"title": "Show it", "text": "Please show the check.", "question_key": QUESTION}

    @pytest.fixture
    def reply(self, rita, stored, sent):
        rita.post("/staff/replies", data=self.GOOD)
        return stored(lambda session: session.query(SavedReply).one().key)

    def test_saved_and_inserted_into_what_was_typed_already(self, rita, url, reply):
        page = rita.get(url(f"webhooks?about={QUESTION}&kind=blocking")).text
        assert "Show it" in page
        filled = rita.post(url("webhooks/insert"), data={**REMARK, "text": "Hello.", "reply": reply})
        assert filled.status_code == 200
        assert "Hello.\n\nPlease show the check.</textarea>" in filled.text
        fragment = rita.post(url("webhooks/insert"), data={**REMARK, "reply": reply}, headers={"HX-Request": "true"})
        assert "<html" not in fragment.text
        assert "Please show the check.</textarea>" in fragment.text

    def test_without_a_choice_it_says_so_and_keeps_the_text(self, rita, url, reply):
        for bad in ("", "nope", "\x00"):
            answer = rita.post(url("webhooks/insert"), data={**REMARK, "reply": bad})
            assert "Choose a saved reply first." in answer.text
            assert "Show the check." in answer.text

    def test_a_reply_about_another_question_is_not_offered(self, rita, url, reply):
        assert "Show it" not in rita.get(url("webhooks?about=duplicates&kind=blocking")).text

    def test_changed_and_deleted(self, rita, reply):
        assert rita.get(f"/staff/replies/{reply}").status_code == 200
        assert rita.post(f"/staff/replies/{reply}", data={**self.GOOD, "title": "Prove it"}).status_code == 303
        assert "Prove it" in rita.get("/staff/replies").text
        assert rita.post(f"/staff/replies/{reply}/delete").status_code == 303
        assert rita.post(f"/staff/replies/{reply}/delete").status_code == 404

    def test_mistakes_keep_what_was_typed(self, rita, reply):
        for place in ("/staff/replies", f"/staff/replies/{reply}"):
            answer = rita.post(place, data={"title": "", "text": "Kept words", "question_key": "nope"})
            assert answer.status_code == 422
            assert "Kept words" in answer.text
            assert "There is a problem" in answer.text


def test_a_partner_whose_sections_were_asked_for_sees_only_its_own(app, world, rita, alice, carol, url):
    rita.post(url("webhooks/remarks"), data=REMARK)
    rita.post(url("send"))
    assert "Attention Needed" in alice.get("/build/webhooks").text
    assert "Show the check." not in carol.get("/build/webhooks").text
    with app.app_context():
        statuses = {section.status for section in world.integration("birch").sections}
    assert statuses == {SectionStatus.NOT_STARTED}

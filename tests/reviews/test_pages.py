import pytest

from portal.build import submission
from portal.catalog import certification
from portal.extensions import db
from portal.models.review import Round
from portal.reviews import service
from portal.status import RemarkKind
from portal.transaction import writing
from tests.reviews.sent import SIMPLE, answer, attach, submit

QUESTION = SIMPLE["webhooks"]


@pytest.fixture
def in_round(app, world, sent):
    """Do something with the stored round, as rita, and keep it."""

    def run(verb, **values):
        with app.app_context(), writing():
            review = db.session.query(Round).filter_by(key=values.pop("key", sent)).one()
            return verb(review, by=world.user(values.pop("by", "rita")), **values)

    return run


def ask(review, *, by, text="Show the check."):
    service.write_remark(review, "webhooks", by=by, kind=RemarkKind.BLOCKING, text=text, question_key=QUESTION)


def send(review, *, by):
    service.send_feedback(review, by=by)


def test_the_queue_leads_to_the_round_and_its_sections(rita, sent):
    queue = rita.get("/staff/queue")
    assert queue.status_code == 200
    assert f"/staff/reviews/{sent}" in queue.text
    assert "Acme Billing" in queue.text
    page = rita.get(f"/staff/reviews/{sent}")
    assert page.status_code == 200
    for section in certification():
        assert f"/staff/reviews/{sent}/{section.key}" in page.text
        assert rita.get(f"/staff/reviews/{sent}/{section.key}").status_code == 200


def test_a_section_shows_what_is_wanted_and_what_was_answered(app, world, rita):
    with app.app_context(), writing():
        attach(world.integration("acme"), "app_public_name")
        sent = submit(world, "acme", answers={"app_public_name": "Acme <Pay>"}).key
    page = rita.get(f"/staff/reviews/{sent}/app-setup").text
    question = certification().question("app_public_name")
    assert "Acme &lt;Pay&gt;" in page
    assert "A real product name that merchants would recognise" in page
    assert question.text in page
    assert "consent.png" in page
    assert "Answer passes" in page
    assert "Only what moved" not in page


def test_a_later_round_shows_old_beside_new_and_only_that_if_wanted(app, world, rita, sent, in_round):
    in_round(ask)
    in_round(send)
    with app.app_context(), writing():
        integration, bob = world.integration("acme"), world.user("bob")
        answer(integration, QUESTION, "no", by=bob, comment="Since <today>")
        later = submission.resubmit(integration, ["webhooks"], by=bob).key
    page = rita.get(f"/staff/reviews/{later}/webhooks").text
    assert "Sent before" in page
    assert "Since &lt;today&gt;" in page
    assert "1 answer moved" in page
    assert "Show the check." in page
    moved = rita.get(f"/staff/reviews/{later}/webhooks?moved=y").text
    assert f'id="q-{QUESTION}"' in moved
    assert 'id="q-duplicates"' not in moved
    assert 'id="q-duplicates"' in page


def test_notes_are_for_staff_and_everything_said_is_there(rita, sam, sent, in_round):
    in_round(ask)
    in_round(lambda review, by: service.write_remark(review, "webhooks", by=by, kind=RemarkKind.INTERNAL, text="Ask sales."))
    for reader in (rita, sam):
        page = reader.get(f"/staff/reviews/{sent}/webhooks").text
        assert "Ask sales." in page
        assert "only staff see it" in page
        assert "not sent yet" in page


def test_what_is_said_of_one_section_as_a_whole_is_not_shown_with_another(rita, sent, in_round):
    in_round(service.write_remark, section_key="webhooks", kind=RemarkKind.INTERNAL, text="Ask them about payouts.")
    assert "Ask them about payouts." in rita.get(f"/staff/reviews/{sent}/webhooks").text
    assert "Ask them about payouts." not in rita.get(f"/staff/reviews/{sent}/oauth").text


def test_the_bar_says_what_is_sent_to_whom(rita, sent, in_round):
    assert "Nothing to send yet" in rita.get(f"/staff/reviews/{sent}").text
    in_round(ask)
    in_round(lambda review, by: service.approve_section(review, "oauth", by=by))
    for url in (f"/staff/reviews/{sent}", f"/staff/reviews/{sent}/mandates"):
        page = rita.get(url).text
        assert "1 section is approved." in page
        assert "Webhooks and events goes back with 1 question to correct." in page
        assert "8 sections stay under review." in page
        assert "Alice Example, Bob Example at Acme Billing get one mail each." in page


def test_other_staff_read_without_buttons(sam, sent):
    for url in ("/staff/queue", f"/staff/reviews/{sent}", f"/staff/reviews/{sent}/webhooks"):
        page = sam.get(url)
        assert page.status_code == 200
        for words in ("Take next", "Approve", "Ask for a correction", "Send the feedback", "Hand over", "stop the clock"):
            assert words not in page.text


@pytest.mark.parametrize("url", ["/staff/queue", "/staff/reviews/{key}", "/staff/reviews/{key}/webhooks", "/staff/replies"])
def test_partners_and_strangers_stay_outside(alice, carol, nobody, sent, url):
    here = url.format(key=sent)
    assert alice.get(here).status_code == 403
    assert carol.get(here).status_code == 403
    answer = nobody.get(here)
    assert answer.status_code == 302
    assert "sign-in" in answer.location or "login" in answer.location
    assert "Acme Billing" not in carol.get(here).text
    assert carol.get(url.format(key="no-such-round")).status_code == 403


@pytest.mark.parametrize(
    "url", ["/staff/reviews/nope", "/staff/reviews/nope/webhooks", "/staff/reviews/{key}/nope", "/staff/replies/nope"]
)
def test_what_is_not_there_is_404(rita, sent, url):
    assert rita.get(url.format(key=sent)).status_code == 404


def test_a_section_outside_the_round_is_404(app, world, rita):
    with app.app_context(), writing():
        key = submit(world, "acme", sections=["webhooks"]).key
    assert rita.get(f"/staff/reviews/{key}/oauth").status_code == 404


def test_the_composer_opens_where_it_is_asked_for(rita, sent):
    url = f"/staff/reviews/{sent}/webhooks?about={QUESTION}&kind=suggestion"
    page = rita.get(url).text
    assert f'action="/staff/reviews/{sent}/webhooks/remarks"' in page
    fragment = rita.get(url, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert "autofocus" in fragment.text
    assert rita.get(f"/staff/reviews/{sent}/webhooks?about=nope", headers={"HX-Request": "true"}).status_code == 404


def test_the_feed_is_polled_and_paged(rita, sent, in_round):
    url = f"/staff/reviews/{sent}/webhooks/feed"
    fetch = {"X-Requested-With": "fetch"}
    news = rita.get(url, headers=fetch)
    assert "sent 10 sections" in news.text.lower()
    newest = max(int(part.split('"')[0]) for part in news.text.split('data-key="')[1:])
    assert rita.get(f"{url}?after={newest}", headers=fetch).status_code == 204
    assert rita.get(url).status_code == 200
    for bad in ("x", "-1", "9" * 30, "١"):
        assert rita.get(f"{url}?after={bad}").status_code == 404


def test_who_else_is_looking(rita, ruth_client, sent):
    assert ruth_client.post(f"/staff/reviews/{sent}/presence").status_code == 303
    assert "Ruth Example" in rita.get(f"/staff/reviews/{sent}").text
    assert "Ruth Example" in rita.get("/staff/queue").text
    fragment = rita.post(f"/staff/reviews/{sent}/presence", headers={"HX-Request": "true"})
    assert "<strong>Ruth Example</strong> is looking at this review too." in " ".join(fragment.text.split())


@pytest.fixture
def ruth_client(world):
    return world.client("ruth")

"""Support cases from the first question to the end, from both sides, and what must not be seen or lost."""

import io
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.models.case import Case, CaseFile, CaseMessage, CaseWord
from portal.models.delivery import Delivery
from portal.models.evidence import File
from portal.models.partner_app import PartnerApp
from portal.models.people import Invitation
from portal.status import BALL, Ball, CaseStatus, Environment, FileState, Signature
from portal.support import handling
from portal.transaction import writing
from portal.worker.delivery import drain
from tests.files.samples import png

ASKED = {"category": "integration", "subject": "Signature differs", "text": "We answer 498 to everything."}


@pytest.fixture
def opened(world, alice):
    """A case of Acme, as its address for the partner and for staff."""
    return open_case(alice)


def open_case(client, **other):
    answer = client.post("/support/new", data=ASKED | other)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location.rsplit("/", 1)[-1]


def delivered(inbox):
    """What each address got, as one text."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(inbox.iterdir())]
    told = {}
    for one in mails:
        words = f"{one['Subject']}\n{one.get_body(('plain',)).get_content()}"
        told[one["To"].addresses[0].addr_spec] = told.get(one["To"].addresses[0].addr_spec, "") + words
    return told


def stored(app, key):
    with app.app_context():
        return db.session.scalars(select(Case).where(Case.key == key)).one()


def test_the_account_of_a_merchant_is_helped_elsewhere_before_there_is_a_case(world, alice, app):
    page = alice.get("/support/new?category=account").get_data(as_text=True)
    assert "help@gocardless.com" in page
    assert "<textarea" not in page
    answer = alice.post("/support/new", data=ASKED | {"category": "account"})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Case)).all() == []


def test_a_case_goes_from_new_to_resolved_and_back(world, app, alice, rita, inbox):
    key = open_case(alice)
    assert stored(app, key).status is CaseStatus.NEW
    drain(app)
    told = delivered(inbox)
    assert "Acme Billing, case 1: Signature differs" in told["rita@example.com"]
    assert "ruth@example.com" in told
    rita.post(f"/staff/cases/{key}/assign", data={"to": world.users["rita"]})
    assert stored(app, key).status is CaseStatus.OPEN
    rita.post(f"/staff/cases/{key}/answer", data={"text": "Compare the raw bytes.", "then": "wait"})
    case = stored(app, key)
    assert (case.status, case.ball) == (CaseStatus.WAITING_PARTNER, Ball.PARTNER)
    assert case.first_answered_at is not None
    drain(app)
    assert "Compare the raw bytes." in delivered(inbox)["alice@example.com"]
    alice.post(f"/support/cases/{key}/reply", data={"text": "We parsed it first. Thank you."})
    assert stored(app, key).status is CaseStatus.WAITING_GOCARDLESS
    alice.post(f"/support/cases/{key}/resolve")
    assert stored(app, key).status is CaseStatus.RESOLVED
    assert alice.post(f"/support/cases/{key}/resolve").status_code == 409
    rita.post(f"/staff/cases/{key}/reopen")
    assert stored(app, key).status is CaseStatus.WAITING_GOCARDLESS


def test_a_resolved_case_is_closed_after_two_weeks_and_opened_by_writing(world, app, alice, opened):
    alice.post(f"/support/cases/{opened}/resolve")
    with app.app_context(), clock.at(clock.now() + timedelta(days=15)), writing():
        handling.close_old()
    assert stored(app, opened).status is CaseStatus.CLOSED
    alice.post(f"/support/cases/{opened}/reply", data={"text": "It came back."})
    case = stored(app, opened)
    assert (case.status, case.ended_at) == (CaseStatus.WAITING_GOCARDLESS, None)


@pytest.mark.parametrize("status", CaseStatus)
def test_the_ball_of_every_status_is_known(status):
    assert BALL[status] in set(Ball)


def test_internal_notes_are_not_for_the_partner_nor_found_by_it(world, app, alice, rita, opened):
    rita.post(f"/staff/cases/{opened}/note", data={"note": "Their proxy rewrites xylophone bodies."})
    assert "xylophone" in rita.get(f"/staff/cases/{opened}").get_data(as_text=True)
    assert "xylophone" not in alice.get(f"/support/cases/{opened}").get_data(as_text=True)
    assert "Signature differs" not in alice.get("/support?q=xylophone").get_data(as_text=True)
    assert "Signature differs" in rita.get("/staff/cases?q=xylophone&which=all").get_data(as_text=True)


def test_another_partner_sees_nothing(world, carol, rita, opened):
    for method, address in (("get", ""), ("post", "/reply"), ("post", "/resolve"), ("post", "/reopen")):
        assert getattr(carol, method)(f"/support/cases/{opened}{address}").status_code == 404
    assert "Signature differs" not in carol.get("/support").get_data(as_text=True)
    assert "Signature differs" not in carol.get("/support?q=signature").get_data(as_text=True)
    assert "Case 1" not in carol.get(f"/support/new?category=other&run={opened}&delivery={opened}").get_data(as_text=True)


def test_a_case_about_a_webhook_links_it_for_both_sides_and_for_nobody_else(world, app, alice, carol, rita):
    key = received(world, app)
    assert "is linked" in alice.get(f"/support/new?category=integration&delivery={key}").get_data(as_text=True)
    case = open_case(alice, delivery=key)
    for client, address in ((alice, "/support/cases/"), (rita, "/staff/cases/")):
        assert f"/developers/webhooks/{key}" in client.get(f"{address}{case}").get_data(as_text=True)
    assert "is linked" not in carol.get(f"/support/new?category=integration&delivery={key}").get_data(as_text=True)
    assert stored(app, open_case(carol, delivery=key)).delivery_id is None
    assert f"delivery={key}" in alice.get(f"/developers/webhooks/{key}").get_data(as_text=True)


def received(world, app):
    with app.app_context(), writing():
        made = PartnerApp(partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="Sandbox app")
        db.session.add(made)
        db.session.flush()
        came = Delivery(
            partner_id=made.partner_id, app_id=made.id, signature=Signature.INVALID, answer=498, headers=[], body=b"{}", size=2
        )
        db.session.add(came)
        db.session.flush()
        return came.key


def test_numbers_count_within_a_partner(world, app, alice, carol):
    open_case(alice)
    assert stored(app, open_case(alice, subject="Another")).number == 2
    assert stored(app, open_case(carol)).number == 1


def test_what_is_sent_twice_is_there_once(world, app, alice):
    assert open_case(alice) == open_case(alice)
    key = open_case(alice)
    for _ in range(2):
        alice.post(f"/support/cases/{key}/reply", data={"text": "And again."})
    with app.app_context():
        assert len(db.session.scalars(select(CaseMessage)).all()) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subject": ""}, "Give it a subject"),
        ({"subject": "x" * 151}, "at most 150"),
        ({"text": " "}, "Write a message first"),
        ({"text": "y" * 10_001}, "at most 10,000"),
        ({"category": "login", "login_name": "", "login_email": "nobody"}, "Enter a name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, alice, wrong, words):
    answer = alice.post("/support/new", data=ASKED | wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert (ASKED | wrong)["text"].strip()[:20] in page


def test_an_empty_message_and_a_bad_file_change_nothing(world, app, alice, rita, opened):
    assert alice.post(f"/support/cases/{opened}/reply", data={"text": ""}).status_code == 422
    bad = alice.post(f"/support/cases/{opened}/reply", data={"text": "Look", "files": (io.BytesIO(b"MZ..."), "virus.exe")})
    assert bad.status_code == 422
    assert "virus.exe" in bad.get_data(as_text=True)
    assert ">\nLook</textarea>" in bad.get_data(as_text=True)
    assert rita.post(f"/staff/cases/{opened}/answer", data={"text": "x", "then": "delete"}).status_code == 422
    assert rita.post(f"/staff/cases/{opened}/note", data={"note": ""}).status_code == 422
    with app.app_context():
        assert len(db.session.scalars(select(CaseMessage)).all()) == 1
        assert db.session.scalars(select(CaseFile)).all() == []


def test_files_go_through_the_checks_of_evidence(world, app, alice, bob, carol, opened):
    answer = alice.post(f"/support/cases/{opened}/reply", data={"text": "A picture", "files": (io.BytesIO(png()), "shot.png")})
    assert answer.status_code == 303
    drain(app)
    with app.app_context():
        file = db.session.scalars(select(File)).one()
        assert file.state is FileState.READY
        key = file.key
    assert "shot.png" in bob.get(f"/support/cases/{opened}").get_data(as_text=True)
    assert bob.get(f"/files/{key}").status_code == 200
    assert carol.get(f"/files/{key}").status_code == 404
    assert alice.post(f"/files/{key}/remove").status_code == 409


def test_a_contact_gets_a_sign_in_with_one_click(world, app, alice, pam, rita):
    key = open_case(alice, category="login", login_name="Nora New", login_email="nora@example.com")
    assert rita.post(f"/staff/cases/{key}/login").status_code == 403
    assert "Give this contact a login" in pam.get(f"/staff/cases/{key}").get_data(as_text=True)
    assert pam.post(f"/staff/cases/{key}/login").status_code == 303
    assert pam.post(f"/staff/cases/{key}/login").status_code == 410
    with app.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        assert (invitation.email, invitation.partner_id) == ("nora@example.com", world.partners["acme"])
    assert stored(app, key).status is CaseStatus.RESOLVED


def test_a_sign_in_that_cannot_be_given_says_why_and_changes_nothing(world, app, alice, pam):
    key = open_case(alice, category="login", login_name="Bob Again", login_email="bob@example.com")
    answer = pam.post(f"/staff/cases/{key}/login")
    assert answer.status_code == 422
    assert stored(app, key).login_given_at is None


def test_the_queue_by_time_filters_and_pages(world, app, alice, carol, rita):
    with app.app_context():
        start = clock.now()
    for number in range(35):
        with clock.at(start + timedelta(minutes=number)):
            open_case(alice, subject=f"Question {number:02}", text=f"Number {number}")
    first = rita.get("/staff/cases").get_data(as_text=True)
    assert first.index("Question 00") < first.index("Question 29")
    assert "Question 30" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Question 30" in rita.get(following).get_data(as_text=True)
    assert "Question 34" in rita.get("/staff/cases?which=all").get_data(as_text=True)
    assert "Question 07" in rita.get("/staff/cases?q=question+07").get_data(as_text=True)
    assert "No case fits" in rita.get("/staff/cases?whose=mine").get_data(as_text=True)
    assert "No case fits" in rita.get("/staff/cases?category=lead").get_data(as_text=True)
    with clock.at(start + timedelta(days=4)):
        assert "Question 00" in rita.get("/staff/cases?overdue=y").get_data(as_text=True)


@pytest.mark.parametrize("text", ['"', "a AND b", "x* OR 1=1 --", "%", "\x00", "é" * 200, "()"])
def test_search_words_are_only_words(world, alice, rita, opened, text):
    assert alice.get("/support", query_string={"q": text}).status_code == 200
    assert rita.get("/staff/cases", query_string={"q": text}).status_code == 200


def test_bad_cursors_are_the_first_page(world, rita, opened):
    for cursor in ("x", "2026-01-01~1", "~", "9" * 40, "2026-01-01T00:00:00+00:00~99999999999999"):
        assert "Signature differs" in rita.get("/staff/cases", query_string={"after": cursor}).get_data(as_text=True)


def test_words_are_kept_once_for_each_side(world, app, alice, opened):
    alice.post(f"/support/cases/{opened}/reply", data={"text": "signature SIGNATURE Signature"})
    with app.app_context():
        assert len(db.session.scalars(select(CaseWord).where(CaseWord.word == "signature")).all()) == 2

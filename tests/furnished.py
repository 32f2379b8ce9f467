"""Two partners with one of everything that a URL can name, in words that tell whose they are; and staff with words of their own.

Everything that Acme owns says "zebra", everything of Birch "walrus", and what only staff may read "pelican".
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import timedelta

from flask_security import hash_password
from sqlalchemy import update

from portal import clock
from portal.build import messages, submission
from portal.catalog import QuestionType, certification
from portal.extensions import db
from portal.mail import files
from portal.models.api_key import ApiKey, digest
from portal.models.delivery import Delivery, Forward
from portal.models.evidence import File
from portal.models.integration import Answer
from portal.models.outbox import Beat, Outbox, Task
from portal.models.partner import Registration
from portal.models.partner_app import Connection, PartnerApp
from portal.models.payment import PaymentFact, PaymentFigure, PaymentReading, Unit
from portal.models.people import Invitation, Membership, PartnerRole, StaffRole, User, UserSession
from portal.models.review import SavedReply
from portal.models.run import Run, RunStep
from portal.payments.figures import start_of
from portal.reviews import service as reviews
from portal.status import (
    CaseCategory,
    CaseStatus,
    Environment,
    FileState,
    OutboxState,
    ReadingStatus,
    RemarkKind,
    RunKind,
    RunStatus,
    StepStatus,
)
from portal.storage import current as storage
from portal.support import talking
from portal.transaction import writing
from portal.webhooks import reading, receiving
from portal.webhooks.endpoints import Endpoint
from portal.worker.delivery import drain
from tests.build import acts
from tests.exam.furnishing import exam_of
from tests.exports.furnishing import taken_out
from tests.grow.furnishing import content_of
from tests.launch.furnishing import launch_of
from tests.stored import everything, put_back
from tests.world import PEOPLE, build_world

MARKS = {"acme": "zebra", "birch": "walrus"}
STAFF_ONLY = "pelican"
TEAMS = {"acme": ("alice", "bob"), "birch": ("carol", "cyril")}
FLAGGED, NOTED, APPROVED, DRAFTED = "oauth", "webhooks", "app-setup", "verification"
"""What the reviewers did with these sections: asked for a correction, wrote an internal note, approved, and drafted."""
EVERYBODY = (*PEOPLE, "cyril", "dora")
"""Dora belongs to no team any more."""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f0005000107fe0291d50000000049454e44ae426082"
)


@dataclass
class Furnished:
    """The world with values for every URL parameter, by house; `staff` names colleagues and their invitations."""

    world: object
    ids: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    stored: dict = field(default_factory=dict)

    def client(self, name):
        """A client signed in as this person on the device that every test finds; `nobody` is signed out."""
        client = self.world.app.test_client()
        if name != "nobody":
            client.set_cookie("portal_session", self.cookies[name], domain="localhost")
        return client

    def put_back(self):
        put_back(self.world.app, self.stored)


def furnish(app, *, houses=("acme", "birch")):
    """Build it, and remember all of it; the houses named here have sent their integration for review."""
    made = Furnished(build_world(app))
    with app.app_context(), writing():
        _more_people(made.world)
        made.ids["staff"] = _staff_things(made.world)
        for house in MARKS:
            made.ids[house] = _house(made.world, house, sent=house in houses)
    drain(app)
    with app.app_context():
        reading.catch_up()
    with app.app_context(), writing():
        db.session.add(Beat(name="worker", at=clock.now() + timedelta(days=1)))
        dead = Outbox(task=Task.MAIL, title="to nobody", payload="{}", state=OutboxState.DEAD, last_error="no such mailbox")
        db.session.add(dead)
        db.session.flush()
        letter = next(files.folder(app.settings).glob("*.eml")).name
        for values in made.ids.values():
            values |= {
                "outbox_key": dead.key,
                "name": letter,
                "version": certification().version,
                "question_key": "oauth_only",
                "figure": "clock",
            }
    for name in EVERYBODY:
        made.cookies[name] = made.world.client(name).get_cookie("portal_session").value
    _devices(app, made)
    with app.app_context(), writing():  # nobody's "last seen" is so old in these tests that it is noted anew
        db.session.execute(update(UserSession).values(seen_at=clock.now() + timedelta(days=1)))
    made.stored = everything(app)
    return made


def _more_people(world):
    """Birch gets a second person; Dora has an account and no team."""
    for name, house in (("cyril", "birch"), ("dora", None)):
        user = User(
            email=f"{name}@example.com",
            username=name,
            name=f"{name} Example",
            fs_uniquifier=f"unique-{name}",
            password=hash_password("x" * 20),
        )
        if house:
            user.membership = Membership(partner_id=world.partners[house], role=PartnerRole.MEMBER)
        db.session.add(user)
        db.session.flush()
        world.users[name] = user.id


def _staff_things(world):
    reply = SavedReply(title=f"{STAFF_ONLY} reply", text="Please show the page.", question_key=None)
    invitation = Invitation(
        **_letter("staff"),
        email="new@staff.example.com",
        username="new.staff",
        name=f"New {STAFF_ONLY}",
        staff_role=StaffRole.SALES,
    )
    db.session.add_all((reply, invitation))
    db.session.flush()
    return {
        "user_key": world.user("ruth").key,
        "invitation_key": invitation.key,
        "reply_key": reply.key,
        "token": "staff-token",
    }


def _letter(whose):
    """The secret of an invitation and how long it holds."""
    return {"token_hash": hashlib.sha256(f"{whose}-token".encode()).hexdigest(), "expires_at": clock.now() + timedelta(days=3)}


def _house(world, house, *, sent):
    mark, partner, integration = MARKS[house], world.partner(house), world.integration(house)
    admin, member = (world.user(name) for name in TEAMS[house])
    _name_all(mark, partner, admin, member)
    acts.complete_profile(partner)
    partner.profile.description, partner.profile.complete = (
        f"{mark} sends invoices to small firms and reminds them kindly.",
        True,
    )
    partner.profile.contacts[0].email = f"contact@{mark}.example.com"
    acts.complete_all(integration, by=admin)
    file = _file(mark, integration, admin)
    _say(mark, integration)
    review = _send(integration, admin) if sent else None
    values = _letters(mark, house, partner) | {
        "file_key": file.key,
        "partner_key": partner.key,
        "user_key": member.key,
        "section_key": FLAGGED,
        "token": f"{house}-token",
    }
    _talk(mark, integration, world, by=admin)
    values |= _asked(mark, integration, world, by=admin) | _app(mark, partner) | launch_of(mark, partner, admin, picture=PNG)
    values |= content_of(mark, integration, world.user("pam"), admin, staff_only=STAFF_ONLY, picture=PNG)
    values |= taken_out(mark, partner, admin, review)
    return values | (_reviewed(mark, review, world) if sent else {})


def _send(integration, by):
    submission.confirm(integration, by=by)
    return submission.submit(integration, [section.key for section in certification()], by=by)


def _name_all(mark, partner, *people):
    partner.name = partner.profile.trading_name = f"{mark.capitalize()} House"
    for person in people:
        person.name, person.email = f"{person.username} {mark}", f"{person.username}@{mark}.example.com"


def _say(mark, integration):
    """The partner's mark in every text and comment, in the draft and in what was sent."""
    catalog = certification()
    texts = {question.key: question for section in catalog for question in section.questions}
    for answer in db.session.query(Answer).filter_by(integration_id=integration.id):
        answer.comment = f"{mark} comments on {answer.question_key}"
        limits = texts[answer.question_key].limits
        if texts[answer.question_key].type is QuestionType.TEXT and not limits.max_lines:
            answer.value = f"{mark} {answer.value}"[: limits.max_length]
    for section in integration.sections:
        section.comment = f"{mark} adds a note to {section.key}"
    for file in db.session.query(File).filter_by(integration_id=integration.id):
        file.original_name, file.storage_key, file.size = f"{mark}-{file.original_name}", storage().put(PNG), len(PNG)


def _file(mark, integration, by):
    file = File(
        partner_id=integration.partner_id, integration_id=integration.id, section_key=FLAGGED, question_key="oauth_only",
        original_name="connect.png", media_type="image/png", size=len(PNG), sha256=hashlib.sha256(PNG).hexdigest(),
        storage_key=storage().put(PNG), thumbnail_key=storage().put(PNG), state=FileState.READY, uploaded_by_id=by.id, width=1, height=1,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    return file


def _letters(mark, house, partner):
    invitation = Invitation(
        **_letter(house), email=f"new@{mark}.example.com", username=f"new.{mark}", name=f"New {mark}",
        partner_id=partner.id, partner_role=PartnerRole.MEMBER,
    )  # fmt: skip
    registration = Registration(
        company=f"{mark} two", website=f"https://{mark}.example.com", country="GB", contact_name="Two",
        email=f"two@{mark}.example.com", about=f"More about {mark} and what it does.",
    )  # fmt: skip
    key = ApiKey(partner_id=partner.id, name=f"{mark} laptop", prefix="pk_0123456", token_hash=digest(f"pk_{mark}"))
    db.session.add_all((invitation, registration, key))
    db.session.flush()
    return {"invitation_key": invitation.key, "registration_key": registration.key, "api_key_key": key.key}


def _app(mark, partner):
    """Registered at the embedded sandbox, which need not be there."""
    app = PartnerApp(
        partner_id=partner.id, environment=Environment.EMBEDDED, name=f"{mark} app", description=f"What {mark} does with it.",
        redirect_uris=[f"https://{mark}.example.com/callback"], webhook_url=f"https://{mark}.example.com/webhooks",
        client_id=f"{mark}-client-id", client_secret=f"{mark}-client-secret", webhook_secret=f"{mark}-webhook-secret",
        logo_key=storage().put(PNG),
    )  # fmt: skip
    db.session.add(app)
    db.session.flush()
    return {"app_key": app.key, **_connected(mark, app), **_webhooks(mark, app)}


def _connected(mark, app):
    """A merchant's organisation, and the run that connected it, with one step that was answered."""
    connection = Connection(
        partner_id=app.partner_id, app_id=app.id, organisation_id=f"OR{mark}", email=f"owner@{mark}.example.com", scope="read_write",
        access_token=f"{mark}-access-token-of-the-merchant", creditor_id=f"CR{mark}", creditor_name=f"{mark} Bakery",
        verification_status="action_required",
    )  # fmt: skip
    db.session.add(connection)
    db.session.flush()
    run = Run(
        partner_id=app.partner_id, app_id=app.id, connection_id=connection.id, kind=RunKind.CONNECT, status=RunStatus.PASSED,
        words=f"{mark} Bakery is connected.", parameters={"scope": "read_write", "prefill": {}}, ended_at=clock.now(),
    )  # fmt: skip
    request = {"method": "GET", "url": f"https://{mark}.example.com/creditors", "headers": {}, "body": "", "curl": "curl"}
    response = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": f'{{"name": "{mark} Bakery"}}'}
    run.steps = [
        RunStep(position=0, code="creditor", status=StepStatus.PASSED, verdict=f"{mark} Bakery.", request=request, response=response,
                milliseconds=12.0, ended_at=clock.now()),
    ]  # fmt: skip
    db.session.add(run)
    db.session.flush()
    _payments(mark, connection)
    return {"connection_key": connection.key, "run_key": run.key, **exam_of(mark, app)}


def _payments(mark, connection):
    """What was read of the merchant's payments."""
    today = clock.now().date()
    state = {"status": ReadingStatus.READ, "finished_at": clock.now(), "read_until": "2026-11-20T10:00:00.000Z"}
    db.session.add_all(
        [
            PaymentReading(connection_id=connection.id, asked_at=clock.now(), **state),
            PaymentFact(
                connection_id=connection.id, payment_id=f"PM{mark}", created_at="2026-11-01T09:00:00.000Z", charge_date=today,
                currency="GBP", amount=1200, status="failed", failures=1, cause=f"{mark}_cause",
            ),
            *(
                PaymentFigure(
                    connection_id=connection.id, unit=unit, starts_on=start_of(today, unit), currency="GBP", outcome="failed",
                    cause=f"{mark}_cause", retried=False, payments=1, retries=0, amount=1200,
                )
                for unit in Unit
            ),
        ]
    )  # fmt: skip


def _webhooks(mark, app):
    """Two webhooks that hold the same event; what they say is read later, by what the worker does."""
    body = json.dumps(
        {"events": [{"id": f"EV{mark}", "resource_type": "payments", "action": "confirmed", "links": {"payment": mark}}]}
    )
    signature = hmac.new(app.webhook_secret.encode(), body.encode(), "sha256").hexdigest()
    endpoint = Endpoint(app.id, app.partner_id, app.webhook_secret.encode(), b"", None)
    headers = [("Content-Type", "application/json"), ("Webhook-Signature", signature), ("X-Request-Id", mark)]
    first, again = (Delivery(**receiving.row(endpoint, body.encode(), headers, at=clock.now())) for _ in range(2))
    db.session.add_all((first, again))
    db.session.flush()
    db.session.add(
        Forward(partner_id=app.partner_id, delivery_id=again.id, to=app.webhook_url, status=500, error=f"{mark} said 500")
    )
    return {"delivery_key": again.key, "other_key": first.key}


def _talk(mark, integration, world, *, by):
    section = certification().section(FLAGGED)
    messages.post_message(integration, section, text=f"{mark} asks a question", by=by)
    answer = f"@{by.username} {mark} gets an answer"
    messages.post_message(integration, section, text=answer, by=world.user("rita"), question_key="oauth_only")


def _asked(mark, integration, world, *, by):
    """A support case with an answer and a note for staff."""
    new = talking.NewCase(CaseCategory.INTEGRATION, f"{mark} asks support", f"{mark} wants to know why.", FLAGGED)
    case, rita = talking.open_case(integration, new, by=by), world.user("rita")
    talking.note(case, f"{STAFF_ONLY} {mark}: known since May", by=rita)
    talking.answer(case, f"{mark} should look again.", then=CaseStatus.WAITING_PARTNER, by=rita)
    return {"case_key": case.key}


def _reviewed(mark, review, world):
    """Decided in part: feedback was sent about two sections, a third has drafts, internal notes are everywhere."""
    rita = world.user("rita")
    note = f"{STAFF_ONLY} {mark}: watch this"
    asked = reviews.write_remark(
        review, FLAGGED, by=rita, kind=RemarkKind.BLOCKING, text=f"{mark} must correct this", question_key="oauth_only"
    )
    reviews.write_remark(review, FLAGGED, by=rita, kind=RemarkKind.INTERNAL, text=note, question_key="oauth_only")
    reviews.write_remark(review, NOTED, by=rita, kind=RemarkKind.INTERNAL, text=note)
    reviews.approve_section(review, APPROVED, by=rita)
    reviews.send_feedback(review, by=rita)
    draft = reviews.write_remark(review, DRAFTED, by=rita, kind=RemarkKind.SUGGESTION, text=f"{STAFF_ONLY} {mark} draft")
    db.session.flush()
    return {"round_key": review.key, "remark_key": draft.key, "sent_remark_key": asked.key}


def _devices(app, made):
    """Everybody has one more device than the one that tests use, to be signed out."""
    with app.app_context(), writing():
        for name in EVERYBODY:
            other = UserSession(
                user_id=made.world.users[name],
                token_hash=hashlib.sha256(name.encode()).hexdigest(),
                address="127.0.0.1",
                agent="other",
            )
            db.session.add(other)
            db.session.flush()
            made.ids.setdefault("devices", {})[name] = other.key

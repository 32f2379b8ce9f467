"""At most ten SQL statements on any page, as many with much data as with little."""

import pytest

from portal import clock
from portal.catalog import certification
from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.evidence import File
from portal.models.integration import Integration, Section
from portal.models.outbox import Outbox, Task
from portal.models.partner import Partner, Profile, Registration
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import Invitation, Membership, PartnerRole, StaffRole, User, UserSession
from portal.models.review import Remark, Round, RoundSection, SavedReply
from portal.models.run import Run, RunStep
from portal.status import ConnectionStatus, Environment, FileState, OutboxState, RemarkKind, StepStatus
from portal.transaction import writing
from tests.crawl import address, doors
from tests.expected_gates import expected
from tests.furnished import FLAGGED
from tests.reviews.rows import add_rounds
from tests.statements import MOST, counted

MANY = 120
PEOPLE = {"alice": "acme", "rita": "acme", "ada": "staff", "pam": "acme", "nobody": "acme"}
KINDS = {
    "message_posted": {"text": "More words.", "mentions": []},
    "profile_saved": {"before": {"website": "a"}, "after": {"website": "b"}},
    "draft_saved": {"before": {}, "after": {"oauth_only": "yes"}},
}


def pages_of(app, furnished, person, house):
    """All GET doors of this person, the review of a house for staff, and every section for partners."""
    values = {**furnished.ids["acme"], **furnished.ids[house], "token": f"{house}-token"}
    allowed = {endpoint: rule for endpoint, rule in doors(app).items() if person in expected()["GET", endpoint]}
    found = [address(app, rule, values) for endpoint, rule in allowed.items() if endpoint != "public.ready"]
    sections = [f"/build/{section.key}" for section in certification()] if person == "alice" else []
    return sorted({*filter(None, found), *sections})


def statements(client, urls):
    """By address, what it asked the database; only of answers that are pages."""
    found = {}
    for url in urls:
        with counted() as ran:
            answer = client.get(url)
        answer.close()
        if answer.status_code == 200:
            found[url] = [text for text in ran if not text.startswith(("PRAGMA", "BEGIN"))]
    return found


@pytest.mark.parametrize("person", PEOPLE)
def test_as_many_with_much_data_as_with_little(app, furnished, person):
    urls = pages_of(app, furnished, person, PEOPLE[person])
    little = statements(furnished.client(person), urls)
    with app.app_context(), writing():
        grow(furnished)
    much = statements(furnished.client(person), urls)
    assert len(little) > 5
    assert {url: len(ran) for url, ran in much.items() if len(ran) > MOST} == {}
    differing = {url: (len(ran), len(much[url])) for url, ran in little.items() if len(ran) != len(much[url])}
    assert differing == {}


def test_ten_at_most_while_drafting(app, drafting):
    sections = [f"/build/{section.key}" for section in certification()]
    ran = statements(drafting.client("carol"), ["/", "/account/", "/build/", "/build/summary", *sections])
    assert len(ran) == len(sections) + 4
    assert {url: len(texts) for url, texts in ran.items() if len(texts) > MOST} == {}


def grow(furnished):
    """A hundred and more of everything that any page lists, at Acme and around it."""
    world = furnished.world
    partner, integration = world.partner("acme"), world.integration("acme")
    people = [_person(n) for n in range(MANY)]
    db.session.add_all(people)
    db.session.flush()
    _around(partner, integration, people, world)
    db.session.add_all(_app(partner, n) for n in range(MANY))
    add_rounds(MANY)
    db.session.add_all(_happenings(partner, integration, people))
    _in_the_review(integration, world.users["rita"], furnished.ids["acme"]["round_key"])
    _at_the_sandbox(furnished.ids["acme"]["run_key"], world.users["alice"])


def _at_the_sandbox(run_key, starter):
    """Merchants, runs and steps of the app that there is."""
    one = db.session.query(Run).filter_by(key=run_key).one()
    for n in range(MANY):
        house = {"partner_id": one.partner_id, "app_id": one.app_id}
        merchant = Connection(**house, organisation_id=f"ORMANY{n}", creditor_name=f"M {n}", status=ConnectionStatus.REVOKED)
        known = {**house, "kind": one.kind, "status": one.status}
        one.steps.append(RunStep(position=n + 1, code="creditor", status=StepStatus.PASSED, verdict=f"Creditor {n}"))
        db.session.add_all((merchant, Run(**known, words=f"Run {n}", started_by_id=starter, connection_id=one.connection_id)))


def _app(partner, n):
    """Every third is retired, every other waits for its credentials."""
    return PartnerApp(
        partner_id=partner.id, environment=list(Environment)[n % 3], name=f"App {n}", client_id=f"client-id-{n}",
        client_secret=f"client-secret-{n}" if n % 2 else None, retired_at=clock.now() if n % 3 == 0 else None,
        redirect_uris=[f"https://example.com/{n}"],
    )  # fmt: skip


def _person(n):
    user = User(email=f"p{n}@many.example.com", username=f"many{n}", name=f"Many {n}", fs_uniquifier=f"many-{n}")
    user.staff_role = StaffRole.SOLUTIONS_ENGINEER if n % 4 == 0 else None
    return user


def _around(partner, integration, people, world):
    later = clock.now()
    for n, user in enumerate(people):
        if user.staff_role is None:
            db.session.add(Membership(user_id=user.id, partner_id=partner.id, role=PartnerRole.MEMBER))
        common = {
            "token_hash": f"{n:064}",
            "email": f"i{n}@x.example.com",
            "username": f"i{n}",
            "name": f"I {n}",
            "expires_at": later,
        }
        db.session.add(Invitation(**common, partner_id=partner.id, partner_role=PartnerRole.MEMBER))
        staff = {**common, "token_hash": f"s{n:063}", "username": f"s{n}"}
        db.session.add(Invitation(**staff, staff_role=StaffRole.SALES))
        db.session.add(UserSession(user_id=world.users["alice"], token_hash=f"u{n:063}", address="127.0.0.1", agent="many"))
        db.session.add(SavedReply(title=f"Reply {n}", text="Words."))
        db.session.add(Outbox(task=Task.MAIL, title=f"mail {n}", payload="{}", state=OutboxState.DEAD))
        db.session.add(
            Registration(
                company=f"R {n}",
                website="https://x.example.com",
                country="GB",
                contact_name="R",
                email=f"r{n}@x.example.com",
                about="x",
            )
        )
        other = Partner(name=f"Other {n}", profile=Profile())
        db.session.add(other)
        db.session.flush()
        made = Integration(partner_id=other.id, catalog_version=integration.catalog_version)
        made.sections = [Section(key="oauth", position=0)]
        db.session.add(made)


def _happenings(partner, integration, people):
    for n, user in enumerate(people):
        for kind, payload in KINDS.items():
            yield Event(
                kind=kind, audience=Audience.PARTNER, partner_id=partner.id, integration_id=integration.id,
                section_key=FLAGGED if n % 2 else None if kind == "profile_saved" else FLAGGED,
                question_key="oauth_only" if n % 3 == 0 and kind == "message_posted" else None,
                actor_id=user.id, actor_name=user.name, payload=payload,
            )  # fmt: skip


def _in_the_review(integration, author, round_key):
    review = db.session.query(Round).filter_by(key=round_key).one()
    for n in range(MANY):
        remark = Remark(
            integration_id=integration.id, round_id=review.id, section_key=FLAGGED, question_key="oauth_only",
            kind=RemarkKind.INTERNAL if n % 2 else RemarkKind.SUGGESTION, text=f"Remark {n}", author_id=author,
        )  # fmt: skip
        file = File(
            partner_id=integration.partner_id, integration_id=integration.id, section_key=FLAGGED, question_key="oauth_only",
            original_name=f"{n}.png", media_type="image/png", size=1, sha256=f"{n:064}", storage_key="x/y", state=FileState.READY,
            uploaded_by_id=author,
        )  # fmt: skip
        db.session.add_all((remark, file))
    for number in range(2, 12):
        more = Round(integration_id=integration.id, number=number, catalog_version=review.catalog_version, due_at=review.due_at)
        part = next(one for one in review.sections if one.section_key == FLAGGED)
        more.sections = [RoundSection(section_key=FLAGGED, snapshot=part.snapshot, status=part.status)]
        db.session.add(more)

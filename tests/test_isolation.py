"""Nothing of one partner is visible to another, and nothing of the staff's own to any partner (product.md P1)."""

import json

import pytest
from sqlalchemy import select

from portal.catalog import certification
from portal.extensions import db
from portal.mail import files
from portal.models.integration import Integration
from portal.models.outbox import Outbox, Task
from portal.models.people import User
from portal.transaction import writing
from tests.crawl import address, crawl, doors
from tests.expected_gates import expected
from tests.furnished import FLAGGED, MARKS, STAFF_ONLY, TEAMS

FOR_EVERYBODY = {"public.certificate", "public.certificate_json", "public.certificate_badge"}
"""What was certified is public."""
OTHER = {"acme": "birch", "birch": "acme"}
PEOPLE = [(name, house) for house, team in TEAMS.items() for name in team]
FILE_KEYS = (
    "file_key",
    "partner_key",
    "round_key",
    "invitation_key",
    "user_key",
    "remark_key",
    "registration_key",
    "app_key",
    "run_key",
    "connection_key",
)


def starts(app, furnished, person, house):
    """All doors that are open to this person, with what is theirs, and every section."""
    values = furnished.ids[house] | {"device_key": furnished.ids["devices"][person]}
    allowed = {endpoint: rule for endpoint, rule in doors(app).items() if person in expected()["GET", endpoint]}
    found = [address(app, rule, values) for endpoint, rule in allowed.items() if not endpoint.startswith("development.")]
    sections = [f"/build/{section.key}{tail}" for section in certification() for tail in ("", "/feed", "/feed?after=0")]
    return ["/", *filter(None, found), *sections]


def secrets_of(app, furnished, house):
    """Words and keys that only this house and the staff may see."""
    keys = {furnished.ids[house][name] for name in FILE_KEYS}
    with app.app_context():
        keys |= set(db.session.scalars(select(User.key).where(User.username.in_(TEAMS[house]))))
        keys.add(db.session.scalars(select(Integration.key).where(Integration.id == furnished.world.integrations[house])).one())
    return {MARKS[house], *keys}


def told(answer):
    """All that an answer says: body and headers, in small letters."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return answer.get_data().decode("utf-8", "replace") + headers


def found_in(answer, forbidden):
    text = told(answer)
    return [word for word in forbidden if word in text or (word.islower() and word in text.lower())]


@pytest.mark.parametrize(("person", "house"), PEOPLE)
def test_no_page_shows_anything_of_the_other_partner_or_of_the_staff(app, furnished, person, house):
    forbidden = {*secrets_of(app, furnished, OTHER[house]), STAFF_ONLY}
    leaks, own, addresses = [], 0, set()
    for url, answer in crawl(furnished.client(person), starts(app, furnished, person, house)):
        addresses.add(url)
        leaks += [f"{url} answers {answer.status_code} with {word!r}" for word in found_in(answer, forbidden)]
        own += MARKS[house] in told(answer).lower()
        assert answer.status_code < 500, url
    assert leaks == []
    assert len(addresses) > 60, "hardly anything was looked at"
    assert own > 40, "the own words are not found either"


@pytest.mark.parametrize(("person", "house"), [("carol", "birch"), ("alice", "acme"), ("dora", "acme"), ("nobody", "acme")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_asking_for_what_the_other_partner_has_tells_nothing(app, furnished, person, house, method):
    other = OTHER[house]
    forbidden = {*secrets_of(app, furnished, other), STAFF_ONLY}
    client, leaks = furnished.client(person), []
    for endpoint, rule in doors(app, method).items():
        url = address(app, rule, furnished.ids[other])
        if endpoint in FOR_EVERYBODY:
            continue
        if url is None or not rule.arguments or endpoint.startswith("development.") or "token" in rule.arguments:
            continue
        answer = client.open(url, method=method, data={"text": "x"} if method == "POST" else None)
        words = [word for word in found_in(answer, forbidden) if word not in url]
        leaks += [f"{method} {url} answers {answer.status_code} with {word!r}" for word in words]
        if method == "POST":
            furnished.put_back()
    assert leaks == []


def test_naming_somebody_of_another_team_tells_nothing_and_writes_to_nobody(app, furnished):
    """A mention, and an invitation to an address that has an account elsewhere."""
    carol, before = furnished.client("carol"), titles(app)
    said = carol.post(f"/build/{FLAGGED}/feed", data={"text": "@alice @bob @rita look"}, follow_redirects=True)
    typed = {"name": "Alice", "email": f"alice@{MARKS['acme']}.example.com", "role": "member"}
    invited = carol.post("/team/invite", data=typed, follow_redirects=True)
    plain = carol.post("/team/invite", data=typed | {"email": "unknown@elsewhere.example.com"}, follow_redirects=True)
    assert said.status_code == invited.status_code == plain.status_code == 200
    assert f"alice {MARKS['acme']}" not in said.text + invited.text
    to_acme = [title for title in titles(app)[len(before) :] if MARKS["acme"] in title]
    assert [title for title in to_acme if "mentioned you" in title] == []


def titles(app):
    with app.app_context():
        return list(db.session.scalars(select(Outbox.title).where(Outbox.task == Task.MAIL).order_by(Outbox.id)))


def test_every_mail_speaks_of_one_partner_only(app, furnished):
    """Those that left while the world was furnished, and those that everything here causes."""
    letters = [path.read_text() for path in files.folder(app.settings).glob("*.eml")] + waiting(app)
    partners = {mark: [text for text in letters if recipient_of(text, mark)] for mark in MARKS.values()}
    assert all(partners.values()), "no mail was written to a partner"
    for mark, texts in partners.items():
        other = next(one for one in MARKS.values() if one != mark)
        assert not [text for text in texts if other in text.lower() or STAFF_ONLY in text.lower()]


def waiting(app):
    with app.app_context(), writing():
        rows = db.session.scalars(select(Outbox).where(Outbox.task == Task.MAIL)).all()
        return [f"To: {mail['to']}\n{mail['text']}" for row in rows if (mail := json.loads(row.payload))]


def recipient_of(text, mark):
    return any(line.startswith("To:") and mark in line for line in text.splitlines())


def test_staff_see_both_partners_and_their_own_words(app, furnished):
    """The words that the other tests miss are there to be found."""
    rita, seen = furnished.client("rita"), ""
    for house in MARKS:
        key = furnished.ids[house]["round_key"]
        seen += rita.get(f"/staff/reviews/{key}").text + rita.get(f"/staff/reviews/{key}/{FLAGGED}").text
    assert all(word in seen.lower() for word in (*MARKS.values(), STAFF_ONLY))

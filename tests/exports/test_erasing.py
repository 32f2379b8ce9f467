"""All data of a partner, and its deletion: nothing is forgotten, nothing of anybody else is touched."""

import io
import json
import re
import zipfile

import pytest
from sqlalchemy import select

from portal.exports import belongings, nouns
from portal.extensions import Base, db
from portal.models.columns import Encrypted
from portal.models.directory import Count
from portal.models.event import Event
from portal.models.partner import Partner
from portal.models.people import User, UserSession
from portal.storage import KEY
from portal.storage import current as storage
from portal.worker.delivery import drain
from tests.exports.test_exports import asked, saved
from tests.furnished import MARKS, STAFF_ONLY
from tests.stored import everything


def test_of_every_table_it_is_said_whose_it_is_and_what_of_it_is_exported():
    """A new table: name it in belongings.NOBODYS if no row of it is a partner's; else in nouns.NOUNS, or in LEFT_OUT with the reason."""
    owned = {table.name for table in belongings.owned()}
    assert owned | belongings.NOBODYS | {"partner"} == {table.name for table in Base.metadata.sorted_tables}
    assert owned == set(nouns.NOUNS) | set(nouns.LEFT_OUT)
    assert not set(nouns.NOUNS) & set(nouns.LEFT_OUT)
    for name in belongings.NOBODYS:
        parents = {key.column.table.name for key in Base.metadata.tables[name].foreign_keys}
        assert parents <= belongings.NOBODYS | {"users"}, f"{name} belongs to {parents}"


def test_no_secret_is_told():
    for noun, table in nouns.tables():
        told = nouns.columns(noun, table)
        assert not [column.name for column in told if isinstance(column.type, Encrypted)]
        assert not [column.name for column in told if re.search("secret|password|token|hash|totp|recovery", column.name)]


def archive_of(app, furnished, person="alice", path="/exports/everything"):
    client = furnished.client(person)
    key = asked(client, path)
    drain(app)
    return zipfile.ZipFile(io.BytesIO(saved(client, key)))


def test_all_data_of_a_partner(app, furnished):
    with archive_of(app, furnished) as read:
        assert read.testzip() is None
        data = {name: json.loads(read.read(name)) for name in read.namelist() if name.startswith("data/")}
        text, about = (
            "".join(read.read(name).decode("utf-8", "replace") for name in read.namelist()),
            read.read("README.txt").decode(),
        )
        stored = [row["stored"] for document in data.values() for row in document["rows"] if row.get("stored")]
        assert stored
        assert set(stored) == {name for name in read.namelist() if name.startswith("files/")}
    assert len(data) == len(nouns.NOUNS)
    for word in (MARKS["birch"], STAFF_ONLY, "client-secret", "webhook-secret", "access-token", "whsec_", "acme-token"):
        assert word not in text.lower().replace("- apps: ", ""), word
    assert "client_secret" in about
    for noun in (
        "my-account",
        "people",
        "answers",
        "files",
        "submissions",
        "remarks",
        "happenings",
        "apps",
        "webhooks",
        "cases",
    ):
        assert data[f"data/{noun}.json"]["rows"], noun
    answer = data["data/answers.json"]["rows"][0]
    assert "id" not in answer
    assert answer["integration"]
    assert "zebra" in data["data/webhooks.json"]["rows"][0]["body"]


def marked(app, word):
    """Tables in which a word stands, in whatever row; but for what staff wrote for everybody to read."""
    return {
        name
        for name, rows in everything(app).items()
        for row in rows
        if word in json.dumps(row, default=repr).lower() and not name.startswith("content_") and not _about_content(row)
    }


def _about_content(row):
    return str(row.get("kind", "")).startswith("content_")


def stored_keys(app, partner_id):
    """Places of files, wherever they stand in a row of this partner: found without asking the code that deletes."""
    found = set()
    for rows in everything(app).values():
        for row in rows:
            if row.get("partner_id") == partner_id:
                found |= {value for value in row.values() if isinstance(value, str) and KEY.fullmatch(value)}
    return found


def deleted(app, furnished, house="acme"):
    ada, key = furnished.client("ada"), furnished.ids[house]["partner_key"]
    name = f"{MARKS[house].capitalize()} House"
    assert "name" in ada.post(f"/staff/partners/{key}/delete", data={"name": "Another House"}).text
    answer = ada.post(f"/staff/partners/{key}/delete", data={"name": name})
    assert answer.status_code == 303, answer.text
    return ada, key


def test_deletion_leaves_nothing(app, furnished):
    partner_id = furnished.world.partners["acme"]
    before, keys = everything(app), stored_keys(app, partner_id)
    assert keys
    ada, key = deleted(app, furnished)
    assert furnished.client("alice").get("/").status_code in (302, 401), "signed out at once"
    drain(app)
    assert ada.get(f"/staff/partners/{key}").status_code == 404
    after = everything(app)
    assert marked(app, "zebra") <= {"registration"}, "one that nobody has accepted is no partner yet"
    with app.app_context():
        of = belongings.House(partner_id, [furnished.world.users[name] for name in ("alice", "bob")])
        left = {
            table.name
            for table in belongings.owned()
            if db.session.execute(select(table).where(belongings.belongs(table, of))).first()
        }
        assert left == set()
        for place in keys:
            with pytest.raises(FileNotFoundError):
                storage().read(place)
        tombstone = db.session.scalars(select(Event).where(Event.kind == "partner_deleted")).one()
    assert tombstone.payload["partner"] == key
    assert tombstone.payload["rows"]["answer"] > 50
    assert "zebra" not in json.dumps(tombstone.payload)
    untouched(before, after, furnished)


def untouched(before, after, furnished):
    """Everything of the other partner, and everything of the staff."""
    birch = furnished.world.partners["birch"]
    for name, rows in before.items():
        kept = [row for row in rows if row.get("partner_id") == birch]
        assert [row for row in kept if row not in after[name]] == [], name
    names = {"carol", "cyril", "rita", "ruth", "pam", "sam", "ada", "dora"}
    assert {row["username"] for row in after["users"]} >= names


def test_the_directory_counts_anew(app, furnished):
    deleted(app, furnished)
    drain(app)
    with app.app_context():
        entries = len(everything(app)["directory_entry"])
        total = db.session.get(Count, ("all", ""))
        assert total is None or total.number == entries


def test_twice_is_the_same_as_once_and_a_dead_worker_is_no_harm(app, furnished):
    ada, key = deleted(app, furnished)
    name = f"{MARKS['acme'].capitalize()} House"
    assert ada.post(f"/staff/partners/{key}/delete", data={"name": name}).status_code == 303
    drain(app)
    drain(app)
    with app.app_context():
        assert db.session.scalars(select(Partner.key)).all() == [furnished.ids["birch"]["partner_key"]]
        assert len(db.session.scalars(select(Event).where(Event.kind == "partner_deleted")).all()) == 1


def test_nobody_else_may_delete_and_no_stale_sign_in(app, furnished):
    key = furnished.ids["acme"]["partner_key"]
    for person in ("alice", "rita", "pam", "sam"):
        assert furnished.client(person).post(f"/staff/partners/{key}/delete", data={"name": "Zebra House"}).status_code == 403
    ada = furnished.client("ada")
    with ada.session_transaction() as session:
        session["fs_paa"] = 1
        session.pop("fs_gexp", None)
    answer = ada.post(f"/staff/partners/{key}/delete", data={"name": "Zebra House"})
    assert "/sign-in/again" in answer.location
    with app.app_context():
        assert db.session.scalars(select(Partner.leaving_at).where(Partner.key == key)).one() is None


def test_while_it_is_being_deleted_nothing_can_be_taken_out(app, furnished):
    ada, key = deleted(app, furnished)
    assert ada.post(f"/staff/partners/{key}/exports/everything").status_code == 409
    with app.app_context():
        people = db.session.scalars(select(User).where(User.username.in_(("alice", "bob")))).all()
        assert [person.active for person in people] == [False, False]
        ended = select(UserSession.ended_at).where(UserSession.user_id.in_([person.id for person in people]))
        assert None not in set(db.session.scalars(ended))

"""Name, time zone and colours of a person."""

import pytest

GOOD = {"name": "Alice Martin", "time_zone": "America/New_York", "scheme": "dark"}


def save(client, **changes):
    return client.post("/settings", data={**GOOD, **changes})


def test_saving(app, world, alice):
    assert save(alice).location == "/settings"
    page = alice.get("/settings").text
    assert 'value="Alice Martin"' in page
    assert 'data-bs-theme="dark"' in page
    with app.app_context():
        assert world.user("alice").time_zone == "America/New_York"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "x" * 1_000_000}, "at most 120"),
        ({"time_zone": ""}, "Choose a time zone"),
        ({"time_zone": "Europe/Atlantis"}, "Choose a time zone"),
        ({"scheme": "neon"}, "Choose one of the three."),
    ],
)
def test_what_is_not_taken(app, world, alice, changes, words):
    answer = save(alice, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert world.user("alice").name == "Alice Example"


@pytest.mark.parametrize(
    "name", ["Zoë Müller", "李小龍", "🦦 Otter", "<script>alert(1)</script>", "O'Neil & Søn", "\u202eecilA", "a\x00b\x1bc"]
)
def test_names_as_people_have_them(alice, name):
    assert save(alice, name=name).status_code == 303
    page = alice.get("/settings").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\x00" not in page


def test_nothing_else_can_be_set(app, world, bob):
    save(bob, role="admin", staff_role="administrator", email="root@example.com", active="")
    with app.app_context():
        assert (world.user("bob").email, world.user("bob").staff_role) == ("bob@example.com", None)


def test_every_staff_member_has_them_too(rita):
    assert save(rita).status_code == 303


def test_fields_missing(alice):
    assert alice.post("/settings").status_code == 422

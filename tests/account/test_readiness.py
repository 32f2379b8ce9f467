"""My Account: what is missing, field by field."""

import pytest

from portal.account import readiness
from portal.account.fields import FIELDS, Kind, email_problem, phone_problem, problem
from portal.models.partner import Contact, Partner, Profile
from tests.world import complete_profile


@pytest.fixture
def profile():
    """A complete one, in no database."""
    partner = Partner(name="Acme")
    partner.profile = Profile(**{field.name: [] if field.kind is Kind.MANY else "" for field in FIELDS})
    complete_profile(partner)
    return partner.profile


def test_a_complete_profile_misses_nothing(profile):
    assert readiness.missing(profile) == []


@pytest.mark.parametrize("field", [field for field in FIELDS if field.required], ids=lambda field: field.name)
def test_each_required_field_is_missed_by_name(profile, field):
    setattr(profile, field.name, [] if field.several else "")
    assert [reason.anchor for reason in readiness.missing(profile)] == [field.name]


@pytest.mark.parametrize("field", [field for field in FIELDS if not field.required], ids=lambda field: field.name)
def test_optional_fields_may_stay_empty(profile, field):
    setattr(profile, field.name, [] if field.several else "")
    assert readiness.missing(profile) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("description", "too short"),
        ("description", "x" * 1001),
        ("website", "example.com"),
        ("website", "javascript:alert(1)"),
        ("head_office", "XX"),
        ("schemes", ["bacs", "carrier_pigeon"]),
        ("users_today", "many"),
        ("users_today", "-5"),
        ("users_today", "٣"),
        ("sandbox_email", "alice"),
        ("legal_name", "x" * 201),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_what_does_not_do_is_refused_in_words(profile, name, value):
    setattr(profile, name, value)
    assert [reason.anchor for reason in readiness.missing(profile)] == [name]
    assert readiness.missing(profile)[0].words


@pytest.mark.parametrize("number", ["1200", "1,200", "1 200", "0"])
def test_numbers_are_taken_as_people_write_them(number):
    field = next(field for field in FIELDS if field.name == "users_today")
    assert problem(field, number) == ""


def test_at_least_one_contact(profile):
    profile.contacts = []
    assert readiness.problems(profile) == {"contact-0-first_name": "Add at least one contact."}


def test_contacts_are_judged_row_by_row(profile):
    profile.contacts.append(Contact(first_name="", last_name="B", email="nowhere", phone="12", roles=["wizard"]))
    assert set(readiness.problems(profile)) == {f"contact-1-{name}" for name in ("first_name", "email", "phone", "roles")}


@pytest.mark.parametrize("address", ["alice@example.com", "ünï@example.org"])
def test_addresses_that_are_fine(address):
    assert email_problem(address) == ""


def test_a_phone_number_without_country_is_read_as_one_of_the_head_office():
    assert phone_problem("020 7183 8674", "GB") == ""
    assert phone_problem("020 7183 8674", "")

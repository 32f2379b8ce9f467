"""My Account in the browser: drafts, completing, two people at once, history, strangers."""

import re

import pytest

from portal.account.fields import FIELDS
from portal.models.partner import Profile
from tests.world import complete_profile

GOOD = {
    "legal_name": "Acme Billing Ltd",
    "trading_name": "Acme",
    "website": "https://acme.example.com",
    "description": "Acme sends invoices for small firms, reminds their customers and collects what is due on the right day.",
    "category": "invoicing",
    "use_cases": ["invoicing", "subscriptions"],
    "head_office": "GB",
    "time_zone": "Europe/London",
    "user_types": ["company"],
    "user_sizes": ["micro", "small"],
    "user_countries": ["GB", "IE"],
    "schemes": ["bacs", "sepa_core"],
    "contact-0-first_name": "Alice",
    "contact-0-last_name": "Martin",
    "contact-0-email": "alice@example.com",
    "contact-0-roles": ["primary", "technical"],
    "contact-0-review_mails": "y",
}


def version(page):
    return re.search(r'name="version" value="(\d+)"', page.text).group(1)


def save(client, **changes):
    data = {**GOOD, "version": version(client.get("/account/")), **changes}
    return client.post("/account/", data={name: value for name, value in data.items() if value is not None})


def stored(app, world, house="acme"):
    with app.app_context():
        return {field.name: getattr(world.partner(house).profile, field.name) for field in FIELDS}


def test_a_draft_is_kept_although_incomplete_and_invalid(app, world, alice):
    answer = save(alice, website="not an address", description="short", schemes=None)
    assert answer.status_code == 303
    kept = stored(app, world)
    assert (kept["website"], kept["description"], kept["schemes"]) == ("not an address", "short", [])


def test_completing_with_something_missing_names_it_links_it_and_keeps_the_draft(app, world, alice):
    answer = save(alice, complete="y", website="", schemes=None)
    assert answer.status_code == 422
    assert 'href="#website"' in answer.text
    assert 'href="#schemes"' in answer.text
    assert stored(app, world)["legal_name"] == "Acme Billing Ltd"
    with app.app_context():
        assert not world.partner("acme").profile.complete


def test_completing_leads_home(app, world, alice):
    answer = save(alice, complete="y")
    assert (answer.status_code, answer.location) == (303, "/")
    with app.app_context():
        assert world.partner("acme").profile.complete
        assert world.partner("acme").name == "Acme"


def test_a_complete_account_that_loses_a_field_is_complete_no_more(app, world, alice):
    save(alice, complete="y")
    save(alice, website="")
    with app.app_context():
        assert not world.partner("acme").profile.complete


def test_a_teammate_may(app, world, bob):
    assert save(bob).status_code == 303


def test_staff_may_not(rita):
    assert rita.get("/account/").status_code == 403
    assert rita.post("/account/", data=GOOD).status_code == 403


def test_nobody_is_led_to_sign_in(nobody):
    assert nobody.get("/account/").status_code == 302


def test_another_partner_sees_and_changes_only_its_own(app, world, alice, carol):
    save(alice, legal_name="Secret of Acme")
    assert "Secret of Acme" not in carol.get("/account/").text
    save(carol, legal_name="Birch Ltd")
    assert stored(app, world)["legal_name"] == "Secret of Acme"
    assert stored(app, world, "birch")["legal_name"] == "Birch Ltd"


def test_the_second_of_two_editors_sees_both_texts_and_chooses(app, world, alice, bob):
    opened = version(bob.get("/account/"))
    save(alice, legal_name="Alice was here")
    answer = save(bob, version=opened, legal_name="Bob was here")
    assert answer.status_code == 409
    assert "Alice was here" in answer.text
    assert "Bob was here" in answer.text
    assert stored(app, world)["legal_name"] == "Alice was here"
    chosen = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert bob.post("/account/", data=chosen).status_code == 303
    assert stored(app, world)["legal_name"] == "Bob was here"


def test_sending_the_same_form_twice_is_harmless(app, world, alice):
    opened = version(alice.get("/account/"))
    assert save(alice, version=opened).status_code == 303
    assert save(alice, version=opened).status_code == 303


def test_contacts_come_and_go(app, world, alice):
    save(alice, **{"contact-1-first_name": "Bea", "contact-1-email": "bea@example.com"})
    with app.app_context():
        assert [contact.first_name for contact in world.partner("acme").profile.contacts] == ["Alice", "Bea"]
    save(alice, **{"contact-0-remove": "y", "contact-1-first_name": "Bea", "contact-1-email": "bea@example.com"})
    with app.app_context():
        assert [contact.first_name for contact in world.partner("acme").profile.contacts] == ["Bea"]


@pytest.mark.parametrize(
    "typed",
    [
        {"legal_name": "مرحبا 👩‍💻 \u202eesrever"},
        {"category": "tampered"},
        {"schemes": ["bacs", "bacs", "nonsense"]},
        {"contact-x-first_name": "odd"},
        {"contact-9999999-first_name": "far"},
        {"description": "x" * 19_000},
        {"version": "many"},
    ],
)
def test_odd_input_is_kept_or_refused_never_a_failure(alice, typed):
    assert save(alice, **typed).status_code in (303, 409, 422)


def test_control_characters_are_dropped(app, world, alice):
    save(alice, legal_name="Ac\x00me\x1b Ltd")
    assert stored(app, world)["legal_name"] == "Acme Ltd"


def test_a_megabyte_in_a_field_is_refused_in_words_and_comes_back(app, world, alice):
    answer = save(alice, legal_name="x" * 1_000_000)
    assert answer.status_code == 422
    assert "far too long" in answer.text
    assert "x" * 1_000_000 in answer.text
    assert stored(app, world)["legal_name"] == ""


def test_history_tells_before_and_after_and_pages(app, world, alice, carol):
    for number in range(25):
        save(alice, legal_name=f"Name {number}")
    first = alice.get("/account/history")
    assert "Name 24" in first.text
    assert "Name 23" in first.text
    older = re.search(r'href="(/account/history\?before=\d+)"', first.text).group(1)
    assert "Name 3" in alice.get(older).text
    assert "Name" not in carol.get("/account/history").text.replace("First name", "").replace("Last name", "")


def test_company_profile_is_the_same_page(alice):
    assert alice.get("/account/company-profile").location == "/account/"


def test_a_get_changes_nothing(app, world, alice):
    with app.app_context():
        before = world.partner("acme").profile.version
    alice.get("/account/")
    alice.get("/account/history")
    with app.app_context():
        assert world.partner("acme").profile.version == before


def test_the_complete_profile_of_the_world_is_complete(app, world):
    from portal.account.readiness import missing
    from portal.transaction import writing

    with app.app_context(), writing():
        complete_profile(world.partner("acme"))
        assert missing(world.partner("acme").profile) == []
        assert isinstance(world.partner("acme").profile, Profile)

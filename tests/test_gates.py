"""Everybody at every door: who is let in, and what those hear who are not."""

import re
from urllib.parse import quote

import pytest

from tests.expected_gates import PARTNERS, expected
from tests.furnished import TEAMS

PEOPLE = ("nobody", "alice", "bob", "carol", "rita", "pam", "sam", "ada", "dora")
SAFE = {"HEAD", "OPTIONS"}
MADE_UP = "made-up-name"
HOUSES = ("acme", "birch", "staff", MADE_UP)
OWNED = {
    "partner_key",
    "file_key",
    "invitation_key",
    "user_key",
    "round_key",
    "remark_key",
    "token",
    "reply_key",
    "registration_key",
    "api_key_key",
    "app_key",
    "run_key",
    "connection_key",
    "delivery_key",
    "exam_key",
    "result_key",
    "other_key",
    "case_key",
    "logo_key",
    "document_key",
    "export_key",
    "status_hook_key",
    "status_message_key",
    "article_key",
    "content_file_key",
}
"""Arguments that name something of one house."""
GARBLED = re.compile(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|<meta name="csrf-token" content="[^"]*"')


def doors(app):
    """Every (method, endpoint) with the rule that leads there."""
    return {(method, rule.endpoint): rule for rule in app.url_map.iter_rules() for method in sorted(rule.methods - SAFE)}


def test_the_table_and_the_application_name_the_same_doors(app):
    assert set(doors(app)) == set(expected())


def test_every_view_of_ours_has_a_gate(app):
    """Those of the library are named in gates.LIBRARY; anything else is refused for everybody."""
    ours = {name for name in app.view_functions if not name.startswith("security.")}
    assert [name for name in sorted(ours) if not hasattr(app.view_functions[name], "gate")] == []


@pytest.fixture
def urls(app, furnished):
    """`urls(rule, house)`: the address of a rule with what this house owns; None when it has no such thing."""
    adapter = app.url_map.bind("localhost")

    def build(rule, house, person):
        values = {name: _value(furnished, rule, name, house, person) for name in rule.arguments}
        return None if None in values.values() else adapter.build(rule.endpoint, values)

    return build


def _value(furnished, rule, name, house, person):
    if house == MADE_UP:
        return MADE_UP
    if name == "device_key":
        return furnished.ids["devices"].get(person, MADE_UP)
    if name == "token" and rule.endpoint.startswith("security."):
        return MADE_UP
    return furnished.ids[house].get(name)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_at_every_door(app, furnished, urls, person):
    client, wrong = furnished.client(person), []
    for (method, endpoint), rule in doors(app).items():
        answers, asked = {}, set()
        for house in HOUSES:
            url = urls(rule, house, person)
            if url is None or url in asked:
                continue
            asked.add(url)
            answer = client.open(url, method=method)
            answers[house] = (answer.status_code, _words(answer, url))
            allowed = person in expected()[method, endpoint]
            if problem := _problem(rule, person, house, answer, allowed=allowed, method=method):
                wrong.append(f"{person}: {method} {url} ({endpoint}) answered {answer.status_code}, {problem}")
            if method == "POST" and answer.status_code < 400:
                furnished.put_back()
                client = furnished.client(person)
            answer.close()
        if person not in expected()[method, endpoint] and len(set(answers.values())) > 1:
            wrong.append(f"{person}: {method} {endpoint} tells by its answer what exists")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("asked_by", [{"X-Requested-With": "fetch"}, {"HX-Request": "true"}])
def test_a_script_whose_session_ended_is_told_so(app, furnished, urls, asked_by):
    """Not led to a sign-in page that it would put into the middle of another."""
    client = furnished.client("nobody")
    for (method, endpoint), rule in doors(app).items():
        url, who = urls(rule, "acme", "nobody"), expected()[method, endpoint]
        if url and who and not who & {"nobody", "a program"}:
            answer = client.open(url, method=method, headers=asked_by)
            assert (answer.status_code, "<h1" in answer.text) == (401, True), f"{method} {url}"


SETTING_UP = {
    "identity.security",
    "identity.second_factor",
    "identity.authenticator",
    "identity.set_up_authenticator",
    "security.verify",
    "security.wan_register",
    "security.wan_register_response",
}


@pytest.mark.parametrize("person", ["rita", "pam", "sam", "ada"])
def test_staff_without_a_second_step_only_get_to_where_it_is_set_up(app, furnished, urls, monkeypatch, person):
    monkeypatch.setattr(app, "settings", app.settings.model_copy(update={"staff_second_factor": "always"}))
    client, wrong = furnished.client(person), []
    for (method, endpoint), rule in doors(app).items():
        house = "staff" if rule.rule.startswith("/staff/people") else "acme"
        url, who = urls(rule, house, person), expected()[method, endpoint]
        if url and person in who and "nobody" not in who and endpoint not in SETTING_UP:
            answer = client.open(url, method=method)
            if answer.status_code != 302 or answer.location != "/security/second-step":
                wrong.append(f"{person}: {method} {url} answered {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _problem(rule, person, house, answer, *, allowed, method):
    """What is wrong with an answer, in words; None when it is as it should be."""
    status = answer.status_code
    if not expected()[method, rule.endpoint]:
        return None if status == 404 else "nobody may, as if it were not there"
    if "a program" in expected()[method, rule.endpoint]:
        return None if (status, answer.is_json) == (401, True) else "no person comes in with a cookie, so 401 as JSON"
    if not allowed:
        return _refused(person, method, answer)
    if house in wrong_houses(rule, person):
        return None if status == 404 or answer_of_the_library(rule) else "not theirs, so 404"
    return "must be let in" if status in (401, 403, 404) or status >= 500 else None


def _refused(person, method, answer):
    if person != "nobody":
        return None if answer.status_code == 403 else "not allowed, so 403"
    if method == "POST":
        return None if answer.status_code == 401 else "signed out, so 401"
    to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
    return None if to_sign_in else "signed out, so to the sign-in page"


def wrong_houses(rule, person):
    """Whose things are not there for this person, at a door that names things."""
    named = rule.arguments & OWNED
    if rule.arguments and not named and not rule.arguments & {"device_key"}:
        return {MADE_UP}
    if not named:
        return set()
    if "token" in named:
        return {MADE_UP}
    if person in PARTNERS:
        return {MADE_UP, "staff", *(house for house, team in TEAMS.items() if person not in team)}
    about_staff = rule.rule.startswith("/staff/people")
    return {MADE_UP, "acme", "birch"} if about_staff else {MADE_UP}


def answer_of_the_library(rule):
    """Its own tokens are never of a house: a made-up one leads back to the start."""
    return rule.endpoint.startswith("security.")


def _words(answer, url):
    """The answer without what differs every time."""
    if answer.is_streamed:
        return ""
    text = GARBLED.sub("", answer.get_data(as_text=True))
    for form in (url, quote(url, safe=""), quote(url)):
        text = text.replace(form, "")
    kept = {name: value for name, value in answer.headers if name in ("Content-Type", "Cache-Control", "Content-Disposition")}
    return f"{text}{sorted(kept.items())}"

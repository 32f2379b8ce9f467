"""Authenticator app and recovery codes: setting up, signing in, and every code once."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask_security import Security

from portal import clock, create_app
from portal.extensions import db
from portal.identity import second_factors
from portal.transaction import writing
from tests.world import PASSWORD

APP = "/security/authenticator-app"


def code_now(app, world, name="alice", *, ahead=0):
    """The code that the person's app would show."""
    with app.app_context():
        return _factory(app)._totp.from_source(world.user(name).tf_totp_secret).generate(_seconds(ahead)).token


def _seconds(ahead):
    return clock.now().timestamp() + ahead


def _factory(app):
    library: Security = app.extensions["security"]
    return library.totp_factory


def set_up(app, client):
    """Go through the page as a person does: scan, type the code."""
    key = re.search(r"<code>([A-Z0-9-]+)</code>", client.get(APP).text).group(1)
    code = _factory(app)._totp(key=key.replace("-", ""), format="base32").generate(_seconds(0)).token
    return client.post(APP, data={"code": code})


def make_codes(client):
    page = client.post("/security/recovery-codes", data={"generate_new_codes": "y"}).text
    return re.findall(r"[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}", html.unescape(page))


@pytest.fixture
def with_app(app, world, alice):
    """Alice, who set up her app some minutes ago."""
    assert set_up(app, alice).location == "/security/recovery-codes"
    with app.app_context(), writing():
        world.user("alice").tf_last_counter -= 10
    return alice


def test_setting_up(app, world, alice, events):
    page = alice.get(APP).text
    assert 'src="data:image/svg+xml' in page
    assert set_up(app, alice).status_code == 303
    assert "Remove the app" in alice.get("/security").text
    assert ("security_event", "Alice Example", "set up an authenticator app") in events()


def test_its_owner_hears_of_every_change(app, alice, mails):
    set_up(app, alice)
    make_codes(alice)
    alice.post(f"{APP}/remove")
    told = [re.search(r"most likely you, (.*?) for the account alice", mail["text"]).group(1) for mail in mails()]
    assert told == ["set up an authenticator app", "made new recovery codes", "removed the authenticator app"]
    assert {mail["to"] for mail in mails()} == {"alice@example.com"}


def test_staying_signed_in_is_remembered_over_both_steps(app, world, with_app, nobody, sign_in):
    sign_in(nobody, remember="y")
    answer = nobody.post("/sign-in/code", data={"code": code_now(app, world)})
    assert "Expires=" in "; ".join(answer.headers.getlist("Set-Cookie"))


def test_a_mistyped_code_does_not_mean_scanning_again(app, alice):
    before = re.search(r"<code>([A-Z0-9-]+)</code>", alice.get(APP).text).group(1)
    answer = alice.post(APP, data={"code": "000000"})
    assert answer.status_code == 422
    assert before in answer.text
    assert "This code is not right." in answer.text


@pytest.mark.parametrize("code", ["", "abc", "1" * 5000, "12 34\x0056", "-1"])
def test_codes_that_are_none(alice, code):
    alice.get(APP)
    assert alice.post(APP, data={"code": code}).status_code == 422


def test_nobody_can_post_a_code_for_a_key_never_shown(alice):
    assert alice.post(APP, data={"code": "123456"}).status_code == 422


def test_the_key_is_encrypted_at_rest(app, world, with_app):
    with app.app_context():
        kept = world.user("alice").tf_totp_secret
    assert '"enckey"' in kept
    assert len(kept) <= 255


def test_signing_in_takes_both(app, world, with_app, nobody, sign_in, is_signed_in):
    answer = sign_in(nobody, next="/settings")
    assert answer.location == "/sign-in/code?next=/settings"
    assert not is_signed_in(nobody)
    assert "Code of six digits" in nobody.get(answer.location).text
    assert nobody.post(answer.location, data={"code": code_now(app, world)}).location == "/settings"
    assert is_signed_in(nobody)


def test_a_wrong_code(app, world, with_app, nobody, sign_in, is_signed_in):
    sign_in(nobody)
    answer = nobody.post("/sign-in/code", data={"code": "000000"})
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    assert not is_signed_in(nobody)


def test_a_code_works_once(app, world, with_app, sign_in, is_signed_in):
    code = code_now(app, world)
    answers = []
    for _ in range(2):
        client = app.test_client()
        sign_in(client)
        client.post("/sign-in/code", data={"code": code})
        answers.append(is_signed_in(client))
    assert answers == [True, False]


def test_an_older_code_does_not_work_after_a_newer_one(app, world, with_app, sign_in):
    codes = [code_now(app, world), code_now(app, world, ahead=-30)]
    answers = []
    for code in codes:
        client = app.test_client()
        sign_in(client)
        answers.append(client.post("/sign-in/code", data={"code": code}).status_code)
    assert answers == [302, 422]


def test_codes_are_limited(app, world, with_app, sign_in):
    client = app.test_client()
    sign_in(client)
    answers = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
    again = app.test_client()
    sign_in(again)
    assert again.post("/sign-in/code", data={"code": code_now(app, world)}).status_code == 429


def test_a_new_start_with_the_password_does_not_reset_the_count(app, world, with_app, sign_in):
    answers = []
    for _ in range(7):
        client = app.test_client()
        sign_in(client)
        answers.append(client.post("/sign-in/code", data={"code": "000000"}).status_code)
    assert answers[-1] == 429


def test_the_second_step_without_the_first(nobody):
    for path in ("/sign-in/code", "/sign-in/recovery-code", "/sign-in/second-step"):
        assert nobody.get(path).location == "/sign-in"
        assert nobody.post(path, data={"code": "123456", "which": "authenticator"}).location == "/sign-in"


def test_a_half_signed_in_person_opens_nothing(app, world, with_app, nobody, sign_in):
    sign_in(nobody)
    for path in ("/security", "/team", "/account/", APP):
        assert nobody.get(path).status_code in (302, 308, 404)
        assert not nobody.get(path).location or "sign-in" in nobody.get(path).location or path == "/account/"


def test_removing_the_app(app, world, with_app, nobody, sign_in):
    assert with_app.post(f"{APP}/remove").location == "/security"
    assert sign_in(nobody).location == "/"


def test_recovery_codes_are_shown_once_and_kept_as_hashes(app, world, with_app, events):
    codes = make_codes(with_app)
    assert ("security_event", "Alice Example", "made new recovery codes") in events()
    assert len(set(codes)) == 10
    for path in ("/security/recovery-codes", "/security/recovery-codes?show_codes=y", "/security"):
        page = with_app.get(path).text
        assert not any(code in page for code in codes)
    with app.app_context():
        kept = world.user("alice").mf_recovery_codes
    assert kept == [second_factors.hashed(code) for code in codes]


def test_a_recovery_code_signs_in_once(app, world, with_app, sign_in, is_signed_in):
    code = make_codes(with_app)[3]
    answers = []
    for typed in (f" {code.upper().replace('-', ' ')} ", code):
        client = app.test_client()
        assert "recovery code" in client.get(sign_in(client).location).text
        client.post("/sign-in/recovery-code", data={"code": typed})
        answers.append(is_signed_in(client))
    assert answers == [True, False]
    assert "9 left" in with_app.get("/security").text


def test_wrong_recovery_codes(app, world, with_app, nobody, sign_in):
    make_codes(with_app)
    sign_in(nobody)
    for code in ("aaaa-bbbb-cccc-dddd", "", "x" * 5000):
        answer = nobody.post("/sign-in/recovery-code", data={"code": code})
        assert answer.status_code == 422


def test_new_codes_replace_the_old(app, world, with_app, nobody, sign_in):
    old = make_codes(with_app)[0]
    make_codes(with_app)
    sign_in(nobody)
    assert nobody.post("/sign-in/recovery-code", data={"code": old}).status_code == 422


def test_forgetting_the_password_does_not_take_the_second_step_away(app, world, with_app, nobody, mails, sign_in):
    nobody.post("/sign-in/forgotten-password", data={"email": "alice@example.com"})
    new = "violet otters read maps"
    nobody.post(mails()[-1]["link"], data={"password": new, "password_confirm": new})
    assert sign_in(nobody, password=new).location.startswith("/sign-in/code")


@pytest.fixture
def strict(settings, app, world):
    """The portal as in production: staff need a second factor."""
    other = create_app(settings.model_copy(update={"staff_second_factor": "always"}))
    other.test_client_class = app.test_client_class
    yield other
    with other.app_context():
        db.engine.dispose()


def test_staff_set_up_a_second_factor_first(strict, app, world, sign_in):
    client = strict.test_client()
    sign_in(client, "rita")
    for path in ("/staff/queue", "/settings", "/team"):
        assert client.get(path).location in ("/security/second-step", None)
    assert client.get("/staff/queue").location == "/security/second-step"
    assert "Staff see the work of every partner" in client.get("/security/second-step").text
    assert client.get("/security/passkeys").status_code == 200
    assert set_up(strict, client).status_code == 303
    assert client.get("/settings").status_code == 200
    assert client.get("/security/second-step").location == "/security"


def test_partners_are_free_to_choose(strict, world, sign_in):
    client = strict.test_client()
    sign_in(client, "alice")
    assert client.get("/settings").status_code == 200


def test_staff_may_sign_out_before(strict, world, sign_in):
    client = strict.test_client()
    sign_in(client, "rita")
    assert client.post("/sign-out").location == "/sign-in"


def test_production_is_strict_by_itself(settings):
    assert settings.model_copy(update={"environment": "production"}).staff_need_second_factor
    assert not settings.staff_need_second_factor


def test_the_clock_of_a_phone_may_be_half_a_minute_off(app, world, with_app, nobody, sign_in):
    sign_in(nobody)
    assert nobody.post("/sign-in/code", data={"code": code_now(app, world, ahead=25)}).status_code == 302


def test_a_code_of_yesterday(app, world, with_app, nobody, sign_in):
    code = code_now(app, world, ahead=-86400)
    sign_in(nobody)
    assert nobody.post("/sign-in/code", data={"code": code}).status_code == 422


def test_somebody_who_is_let_go_between_the_steps(app, world, with_app, nobody, sign_in, is_signed_in):
    sign_in(nobody)
    with app.app_context(), writing():
        world.user("alice").active = False
    nobody.post("/sign-in/code", data={"code": code_now(app, world)})
    assert not is_signed_in(nobody)


def test_long_after_the_password(app, world, with_app, nobody):
    with time_machine.travel(clock.now() - timedelta(hours=3), tick=True):
        nobody.post("/sign-in", data={"email": "alice", "password": PASSWORD})
    answer = nobody.post("/sign-in/code", data={"code": code_now(app, world)})
    assert answer.location == "/sign-in"

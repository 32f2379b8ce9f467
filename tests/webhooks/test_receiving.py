"""The receiving endpoint: what it answers, what it keeps, and what it never does."""

import io
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sql

from portal import clock
from portal.extensions import db
from portal.status import Signature
from portal.webhooks import bodies, endpoints, pace
from tests.statements import counted
from tests.webhooks.sending import SECRET, Hook, event, sign, webhook

RAW = webhook(event())


def test_a_webhook_is_stored_byte_for_byte_and_answered_204(hook):
    answer = hook.send(RAW)
    assert (answer.status_code, answer.data) == (204, b"")
    (stored,) = hook.deliveries()
    assert (stored.signature, stored.answer, stored.size) == (Signature.VALID, 204, len(RAW))
    assert (bodies.raw(stored), stored.app_id, stored.parsed_at) == (RAW, hook.id, None)


@pytest.mark.parametrize(
    ("raw", "secret", "header"),
    [
        (
            (
                b'{"events":[{"id":null,"created_at":"2018-08-03T12:00:00.000Z","action":"disconnected","resource_type":"organisations",'
                b'"links":{"organisation":"OR123"},"details":{"cause":"app_disconnected","origin":"gocardless","description":"Your app has '
                b'been has disconnected from this organisation"},"metadata":{}}]}'
            ),
            "my_webhook_secret",
            "0e8ff7133673d0b04f0edcc0e9e06647445676769ad6109814d49dfb25e8c07e",
        ),
    ],
)
def test_known_signatures_fit(app, world, raw, secret, header):
    hook = Hook(app, world.partners["acme"], secret=secret)
    assert hook.send(raw, header).status_code == 204


@pytest.mark.parametrize(
    ("header", "signature", "reason"),
    [
        (None, Signature.MISSING, "missing_header"),
        ("", Signature.MISSING, "empty_header"),
        ("0" * 64, Signature.INVALID, ""),
        (sign(RAW).upper(), Signature.INVALID, ""),
        ("é" * 64, Signature.INVALID, ""),
        (sign(RAW) + "," + sign(RAW), Signature.INVALID, ""),
    ],
)
def test_a_wrong_signature_is_kept_and_answered_498(hook, header, signature, reason):
    answer = hook.send(RAW, header)
    assert answer.status == "498 Token Invalid"
    (stored,) = hook.deliveries()
    assert (stored.signature, stored.reason, stored.answer, bodies.raw(stored)) == (signature, reason, 498, RAW)


def test_the_same_for_a_form_that_flask_would_have_read(hook):
    raw = b"a=1&csrf_token=x"
    assert hook.send(raw, content_type="application/x-www-form-urlencoded").status_code == 204
    assert bodies.raw(hook.deliveries()[0]) == raw


def test_an_unknown_key_and_a_retired_one_hear_the_same(hook, app, world):
    retired = Hook(app, world.partners["birch"], retired_at=clock.now())
    answers = [app.test_client().post(url, data=RAW) for url in (retired.url, "/hooks/nobody", "/hooks/", "/hooks/a/b")]
    said = {(answer.status, answer.data, tuple(sorted(set(answer.headers.keys())))) for answer in answers}
    assert len(said) == 1
    assert answers[0].status_code == 404
    assert hook.deliveries() == retired.deliveries() == []


def test_an_unknown_key_and_a_retired_one_ask_the_database_the_same(app, world):
    retired = Hook(app, world.partners["birch"], retired_at=clock.now())
    asked = []
    endpoints.forget()
    for url in (retired.url, "/hooks/nobody"):
        with counted() as ran:
            app.test_client().post(url, data=RAW)
        asked.append(ran)
    assert asked[0] == asked[1] != []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_told_so(hook, method):
    answer = hook.app.test_client().open(hook.url, method=method)
    assert answer.status_code == 405
    assert hook.deliveries() == []


def test_a_rotated_secret_counts_until_its_overlap_ends(hook):
    hook.change(webhook_secret="new", previous_webhook_secret=SECRET, previous_until=clock.now() + timedelta(hours=1))
    assert hook.send(RAW).status_code == 204
    assert hook.send(RAW, sign(RAW, "new")).status_code == 204
    hook.change(previous_until=clock.now() - timedelta(seconds=1))
    assert hook.send(RAW).status_code == 498
    assert [stored.signature for stored in hook.deliveries()] == [Signature.PREVIOUS, Signature.VALID, Signature.INVALID]


def test_an_overlap_that_ends_while_the_secret_is_remembered_ends_at_once(hook):
    hook.change(webhook_secret="new", previous_webhook_secret=SECRET, previous_until=clock.now() + timedelta(hours=1))
    assert hook.send(RAW).status_code == 204
    with clock.at(clock.now() + timedelta(hours=2)):
        assert hook.send(RAW).status_code == 498


def test_a_change_is_noticed_within_a_second_without_a_word(hook, monkeypatch):
    assert hook.send(RAW).status_code == 204
    kept = dict(endpoints._known)
    hook.change(retired_at=clock.now())
    endpoints._known.update(kept)
    assert hook.send(RAW).status_code == 204, "still remembered"
    monkeypatch.setattr(endpoints, "FRESH", 0)
    assert hook.send(RAW).status_code == 404


def test_many_invented_keys_are_not_remembered_for_ever(app, world, monkeypatch):
    monkeypatch.setattr(endpoints, "MOST", 5)
    for number in range(20):
        app.test_client().post(f"/hooks/invented-{number}")
    assert len(endpoints._known) <= 5


def test_an_app_without_a_secret_says_so(app, world):
    hook = Hook(app, world.partners["acme"], secret=None)
    assert hook.send(RAW).status_code == 498
    assert hook.deliveries()[0].reason == "no_secret"


def test_what_is_too_large_is_noted_without_its_body(hook):
    raw = b"x" * (bodies.LARGEST + 1)
    answer = hook.send(raw)
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    (stored,) = hook.deliveries()
    assert (stored.signature, stored.reason, stored.answer) == (Signature.UNCHECKED, "too_large", 413)
    assert (stored.size, stored.body, bodies.raw(stored)) == (len(raw), b"", b"")


def test_the_largest_body_is_taken(hook):
    assert hook.send(b"x" * bodies.LARGEST).status_code == 204


def chunked(hook, raw, **more):
    """As a server hands over a body that came in pieces, without a length."""
    environ = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": "", **more}
    return hook.app.test_client().post(hook.url, headers={"Webhook-Signature": sign(raw)}, environ_overrides=environ)


def test_a_body_in_pieces_has_the_same_limit(hook):
    assert chunked(hook, RAW).status_code == 204
    assert chunked(hook, b"x" * (bodies.LARGEST + 1)).status_code == 413
    assert bodies.raw(hook.deliveries()[0]) == RAW


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "٣", " 5", str(len(RAW) + 1)])
def test_a_length_that_is_none_is_refused(hook, length):
    assert chunked(hook, RAW, CONTENT_LENGTH=length).status_code == 400
    assert hook.deliveries() == []


def test_a_claimed_length_beyond_all_reason_is_not_believed(hook):
    assert chunked(hook, RAW, CONTENT_LENGTH="9" * 400).status_code == 413
    assert hook.deliveries()[0].size == 2**31 - 1


def test_a_sender_that_hangs_up_is_no_defect(hook):
    class Gone(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    assert chunked(hook, RAW, **{"wsgi.input": Gone()}).status_code == 400


def test_more_than_the_rate_is_told_to_wait(hook, monkeypatch):
    monkeypatch.setattr(hook.app, "settings", hook.app.settings.model_copy(update={"webhook_rate": 3}))
    monkeypatch.setattr(hook.app.extensions["hooks"], "_settings", hook.app.settings)
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1000.5)
    answers = [hook.send(RAW) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [204, 204, 204, 429, 429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert len(hook.deliveries()) == 3
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1001.5)
    assert hook.send(RAW).status_code == 204


def test_headers_are_kept_in_their_order_without_secrets_and_addresses(hook):
    sent = {
        "X-First": "1",
        "Authorization": "Bearer secret-token",
        "Cookie": "session=secret-cookie",
        "X-Forwarded-For": "203.0.113.9",
        "X-Long": "x" * 5_000,
        "X-Html": "<script>alert(1)</script>",
    }
    hook.send(RAW, headers=sent)
    kept = hook.deliveries()[0].headers
    named = dict(kept)
    assert [name for name, _ in kept if name.startswith("X-") and name != "X-Csrftoken"] == ["X-First", "X-Long", "X-Html"]
    assert (named["Authorization"], named["Cookie"], len(named["X-Long"])) == (bodies.MASK, bodies.MASK, 1_000)
    assert named["X-Html"] == "<script>alert(1)</script>"
    assert "secret-" not in str(kept)


def test_a_hundred_headers_are_cut(hook):
    hook.send(RAW, headers={f"X-Number-{number}": "1" for number in range(100)})
    assert len(hook.deliveries()[0].headers) == bodies.MOST_HEADERS


def test_a_large_body_is_kept_deflated_and_read_whole(hook):
    raw = webhook(*(event(id=f"EV{number}") for number in range(250)))
    hook.send(raw)
    (stored,) = hook.deliveries()
    assert len(stored.body) < len(raw) / 5
    assert (zlib.decompress(stored.body), bodies.raw(stored)) == (raw, raw)


def test_what_cannot_be_stored_is_not_promised(hook, app):
    def refuse(*_):
        raise OSError("the disk is full")

    with app.app_context():
        sql.listen(db.engine, "commit", refuse)
        try:
            answer = hook.send(RAW)
        finally:
            sql.remove(db.engine, "commit", refuse)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert hook.deliveries() == []
    assert hook.send(RAW).status_code == 204


def test_neither_session_nor_cookie_nor_page(hook):
    answer = hook.send(RAW, headers={"Cookie": "portal_session=forged"})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert len(answer.headers["X-Request-Id"]) == 16


def test_one_statement_stores_it(hook):
    hook.send(RAW)
    with counted() as ran:
        hook.send(RAW)
    assert len([statement for statement in ran if not statement.startswith("SELECT pg_advisory")]) == 1


def test_the_address_leads_to_the_same_door_through_flask(hook):
    """Whatever spelling the door in front does not take."""
    endpoint = hook.app.view_functions["hooks.receive"]
    with hook.app.test_request_context(hook.url, method="POST", data=RAW, headers={"Webhook-Signature": sign(RAW)}):
        assert endpoint(hook_key=hook.key).status_code == 204
    assert len(hook.deliveries()) == 1


def test_no_bytes_make_it_stumble(hook):
    """Only 204, 400, 413, 429 and 498, whatever is sent."""
    values = st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n\0"), max_size=80)

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        raw=st.binary(max_size=300) | st.just(RAW),
        header=st.none() | values | st.just(...),
        kind=values,
        length=st.none() | st.text("0123456789-+ ax", max_size=5),
    )
    def send(raw, header, kind, length):
        overrides = {"CONTENT_TYPE": kind} | ({"CONTENT_LENGTH": length} if length is not None else {})
        headers = {} if header is None else {"Webhook-Signature": sign(raw) if header is ... else header.strip()}
        answer = hook.app.test_client().post(
            hook.url, input_stream=io.BytesIO(raw), headers=headers, environ_overrides=overrides
        )
        assert answer.status_code in (204, 400, 413, 429, 498)

    send()
    hook.read()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60), method=st.sampled_from(["POST", "GET", "PUT", "OPTIONS", "DELETE"]))
def test_no_address_makes_it_stumble(app, path, method):
    answer = app.test_client().open("/hooks/" + path.replace("?", "").replace("#", ""), method=method)
    assert answer.status_code in (404, 405, 308)


def test_the_line_for_writers_lies_beside_the_database(hook, app):
    hook.send(RAW)
    with app.app_context():
        url = db.engine.url
    assert Path(f"{url.database}-turn").exists() is (url.get_backend_name() == "sqlite")

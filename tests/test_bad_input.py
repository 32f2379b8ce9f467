"""Whatever is sent to any form or put into any address, the answer has words and is never a failure of ours."""

import re
from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from portal.catalog import certification
from portal.extensions import limiter
from tests import forms
from tests.crawl import address, doors
from tests.expected_gates import expected

PEOPLE = {"alice": "acme", "carol": "birch", "rita": "acme", "pam": "acme", "ada": "staff", "nobody": "acme"}
"""Alice corrects what reviewers flagged, Carol still drafts."""
SIDES = (("alice",), ("carol",), ("rita", "pam", "ada"), ("nobody",))
"""Of each side one is enough: the first who may open the door. Carol opens those where a draft makes a difference."""
DRAFTED = {"account", "build", "files"}
ANSWERS = {302, 303, 400, 404, 409, 410, 413, 415, 422, 429}
PAGES = {
    "content.preview",
    "reviews.insert",
    "keys.create",
    "notifications.add_hook",
    "notifications.rotate_secret",
    "notifications.end_digest",
    "security.mf_recovery_codes",
    "security.wan_register",
    "security.wan_signin",
    "security.wan_verify",
}
"""POSTs that may answer with a page: they prepare something and store nothing that is shown."""
WITHOUT_SESSION = {"notifications.end_digest"}
"""Asked by mail programs (RFC 8058): the signed address is the proof, there is no session to forge."""
NEXT_DOOR = {"apps.create", "apps.save", "apps.rotate", "apps.end_overlap"}
"""POSTs that ask the embedded sandbox, which is not there: 503 with words. Were it there, a secret would be shown once (200)."""
ONCE = {"code", "fax"}
"""Never shown again: a code that holds for half a minute, and what only a machine fills in."""
TYPED = "typed with care"
TOO_MUCH = TYPED + " and much too long" * 2000
ONE_MEGABYTE = "long " * 210_000
STRANGE = {
    "empty": "",
    "control characters": "a\x00b\x07\x1b[31m\x7f\u2028\u0085c",
    "right to left and pictures": "\u202eתשובה\u202c 👩🏽‍🚀🏳️‍🌈 ﷽ \ufeff\u200b Z͑ͫ̓ͪ̂ͫ̽",
    "an option that is not there": "no-such-option",
    "a number": "9" * 400,
    "below zero": "-1",
    "a large number": "9" * 18,
    "markup": "<script>alert(1)</script>{{ 7*7 }}${7*7}' OR 1=1 --",
    "lines": "\r\n\r\nSubject: x\r\n.\r\n",
    "half a character": "\ud800",
}
IN_ADDRESSES = (
    "abc",
    "",
    "-1",
    "0",
    "9" * 18,
    "9" * 30,
    "9" * 400,
    "1e999",
    "\x00",
    "💥",
    "%",
    "' OR 1=1 --",
    "a" * 5000,
    "١٢",
)


def sent_by(person, method, endpoint):
    """Whether this person is the one of their side who tries this door."""
    if person == "carol" and endpoint.split(".")[0] not in DRAFTED:
        return False
    side = next(side for side in SIDES if person in side)
    return person == next((name for name in side if name in expected()[method, endpoint]), None)


@pytest.fixture
def half(drafting, app, monkeypatch):
    """Acme is under review with corrections to make, Birch is still drafting; requests note what they are asked for."""
    monkeypatch.setattr(app.request_class, "parameter_storage_class", forms.Noting)
    monkeypatch.setattr(limiter, "enabled", False)
    return drafting


def offered(app, world, person):
    """By endpoint, a form with its fields as the pages of this person offer it; doors without one are tried with nothing."""
    found = {path: fields for url, text in _pages(app, world, person) for path, fields in forms.forms_of(text, url)}
    adapter, by_endpoint = app.url_map.bind("localhost"), {}
    for path, fields in found.items():
        endpoint, _ = adapter.match(path, method="POST")
        if endpoint not in by_endpoint or len(fields) > len(by_endpoint[endpoint][1]):
            by_endpoint[endpoint] = (path, fields)
    bare = {endpoint: (url, MultiDict()) for endpoint, url in _addresses(app, world, person, "POST").items()}
    return bare | by_endpoint


def _pages(app, world, person):
    client = world.client(person)
    doors_of = {endpoint: url for endpoint, url in _addresses(app, world, person, "GET").items() if endpoint != "patterns.show"}
    for url in [*doors_of.values(), *_sections(person)]:
        answer = client.get(url)
        if answer.mimetype == "text/html" and not answer.is_streamed:
            yield url, answer.text
        answer.close()


def _addresses(app, world, person, method):
    values = {"token": "made-up", **world.ids[PEOPLE[person]], "device_key": world.ids["devices"].get(person, "x")}
    rules = {endpoint: rule for endpoint, rule in doors(app, method).items() if person in expected()[method, endpoint]}
    found = {endpoint: address(app, rule, values) for endpoint, rule in rules.items()}
    return {endpoint: url for endpoint, url in found.items() if url}


def _sections(person):
    if person not in ("alice", "carol"):
        return []
    return [f"/build/{section.key}" for section in certification()]


def variants(fields, names):
    """(what it is, how it is sent) of everything that may be wrong with a form."""
    known = {name: fields.getlist(name) or [""] for name in sorted({*fields, *names} - {"csrf_token"})}
    yield "nothing", {"data": {}}
    for words, value in STRANGE.items():
        yield words, {"data": _encoded({**dict.fromkeys(known, value)})}
    yield "one megabyte", {"data": {**{name: values[0] for name, values in known.items()}, _longest(known): ONE_MEGABYTE}}
    yield "every field twice", {"data": {name: [*values, "twice"] for name, values in known.items()}}
    yield "unknown fields", {"data": {**known, "answer-nope": "x", "comment-": "y", "__class__": "z", "n" * 3000: "w"}}
    yield "too many fields", {"data": {**known, **{f"n{n}": "x" for n in range(3000)}}}
    yield "files for words", {"data": {name: (BytesIO(b"file"), "a.png") for name in known} or {"x": (BytesIO(b""), "b")}}
    yield "json", {"json": {name: {"a": [1]} for name in known}}
    yield "not even text", {"data": b"\xff\xfe=%FF%C0&a=%", "content_type": "application/x-www-form-urlencoded"}
    yield "broken multipart", {"data": b"--x\r\nrubbish", "content_type": "multipart/form-data; boundary=x"}
    yield "as it stands", {"data": known}
    yield "the same once more", {"data": known}


def _longest(known):
    """The field that would take the most: a text, if there is one."""
    texts = [name for name in known if re.search("text|comment|about|description|reason|answer", name)]
    return (texts or list(known) or ["text"])[0]


def _encoded(values):
    """Lone surrogates travel as bytes that are no UTF-8."""
    return {name: value.encode("utf-8", "surrogatepass") if "\ud800" in value else value for name, value in values.items()}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", PEOPLE)
def test_no_form_fails_on_anything(app, half, person):
    wrong = []
    for endpoint, (path, fields) in sorted(offered(app, half, person).items()):
        if not sent_by(person, "POST", endpoint):
            continue
        half.put_back()
        forms.ASKED.clear()
        half.client(person).post(path, data=fields)
        names = {name for name in forms.ASKED if isinstance(name, str) and len(name) < 60}
        half.put_back()
        for words, sent in variants(fields, names):
            if endpoint == "identity.end_everywhere":
                half.put_back()  # it ends this client's session too
            answer = half.client(person).post(path, **sent)
            if problem := _problem(endpoint, answer):
                wrong.append(f"{person}: {words} to {path} ({endpoint}): {answer.status_code}, {problem}")
            if answer.status_code < 400 and words != "as it stands":
                half.put_back()
    assert not wrong, "\n".join(wrong)


def _problem(endpoint, answer):
    if answer.status_code == 200 and endpoint in PAGES:
        return None
    if answer.status_code not in (ANSWERS | {200, 503} if endpoint in NEXT_DOOR else ANSWERS):
        return "not one of the answers that we give"
    if answer.status_code in (302, 303):
        return None
    return None if len(re.sub("<[^>]*>", " ", answer.get_data(as_text=True)).split()) > 2 else "no words"


@pytest.mark.parametrize("person", ["alice", "carol", "rita", "pam", "ada", "nobody"])
def test_what_was_typed_comes_back_with_what_is_wrong(app, half, person):
    """Far too much in every text of a form: refused or taken, but never lost."""
    lost, refused, pages = [], 0, list(_pages(app, half, person))
    fields = {path: fields for url, text in pages for path, fields in forms.forms_of(text, url)}
    typed = {path: set(names) - ONCE for url, text in pages for path, names in forms.texts_of(text, url)}
    if person != "nobody":
        typed.pop("/sign-in/forgotten-password")  # whoever is signed in is shown their own address there
    for path, names in typed.items():
        half.put_back()
        answer = half.client(person).post(path, data={**fields[path].to_dict(flat=False), **dict.fromkeys(names, TOO_MUCH)})
        refused += answer.status_code == 422
        if names and answer.status_code in (409, 422) and TYPED not in answer.text.lower():
            lost.append(f"{person}: {path} answered {answer.status_code} without what was typed into {names}")
    assert not lost, "\n".join(lost)
    assert refused


@pytest.mark.parametrize("person", PEOPLE)
def test_no_form_is_taken_without_its_token(app, half, person):
    wrong = []
    for endpoint, (path, fields) in sorted(offered(app, half, person).items()):
        if endpoint in WITHOUT_SESSION:
            continue
        answer = half.client(person).post(path, data=fields, csrf=False)
        if answer.status_code != 400 or "older session" not in answer.text:
            wrong.append(f"{person}: {path} ({endpoint}) answered {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", PEOPLE)
def test_no_address_fails_on_anything(app, half, person):
    client, wrong = half.client(person), []
    for endpoint, url in sorted(_addresses(app, half, person, "GET").items()):
        if not sent_by(person, "GET", endpoint):
            continue
        forms.ASKED.clear()
        client.get(url).close()
        for name in sorted({name for name in forms.ASKED if isinstance(name, str)}):
            for value in IN_ADDRESSES:
                answer = client.get(url, query_string={name: value})
                if answer.status_code >= 500:
                    wrong.append(f"{person}: {url}?{name}={value[:20]!r} ({endpoint}): {answer.status_code}")
                answer.close()
    assert not wrong, "\n".join(wrong)

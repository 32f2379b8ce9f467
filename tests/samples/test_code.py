"""The code of the page is the code that runs: each language's files, filled in, against the embedded sandbox."""

import base64
import hashlib
import hmac
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.fernet import Fernet

from portal.samples.checked import How, checked, digest
from portal.samples.filling import Values
from portal.samples.languages import LANGUAGES, PARTS
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.samples import toolchains
from tests.sandbox.test_oauth import SIGN_UP, Browser

BACK = "https://partner.example.com/back?from=gocardless&x='y'"
OFFICIAL = (
    '{"events":[{"id":null,"created_at":"2018-08-03T12:00:00.000Z","action":"disconnected","resource_type":"organisations",'
    '"links":{"organisation":"OR123"},"details":{"cause":"app_disconnected","origin":"gocardless",'
    '"description":"Your app has been has disconnected from this organisation"},"metadata":{}}]}'
)
"""The documented event, with the secret my_webhook_secret signed as below."""
SIGNATURE = "0e8ff7133673d0b04f0edcc0e9e06647445676769ad6109814d49dfb25e8c07e"
UNICODE = '{"events":[{"id":"EV1"},{"id":"EV2 – Zoë"}]}'
NAMES = {language.key: language for language in LANGUAGES}


def sign(body):
    return hmac.new(b"my_webhook_secret", body.encode(), hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def registered(sandbox_server):  # noqa: F811 - the fixture
    body = {"name": "Samples", "redirect_uris": [BACK]}
    return requests.post(f"{sandbox_server.url}/_sandbox/apps", json=body, timeout=10).json()


@pytest.fixture(scope="module")
def values(registered, sandbox_server):  # noqa: F811 - the fixture
    return Values(sandbox_server.url, sandbox_server.url, registered["client_id"], BACK)


def secrets_of(key, registered):
    """Every language takes 32 bytes in base64; Python's library has an alphabet of its own."""
    return {
        "GOCARDLESS_CLIENT_SECRET": registered["client_secret"],
        "GOCARDLESS_WEBHOOK_SECRET": "my_webhook_secret",
        "TOKEN_KEY": Fernet.generate_key().decode() if key == "python" else base64.b64encode(bytes(range(32))).decode(),
    }


def come_back(base, link, email, decision="allow"):
    """What the merchant's browser brings back after signing up and deciding."""
    browser = Browser(base)
    entry = browser.http.get(link, allow_redirects=False, timeout=10)
    assert "Corner Shop &amp; Sons" in entry.text, "the name is filled in"
    consent = browser.follow(browser.send(entry, "sign-up", email=email, **SIGN_UP))
    back = browser.send(consent, "/oauth/authorize", decision=decision).headers["Location"]
    assert back.startswith((BACK, BACK.replace("'", "%27"))), back
    return {name: given[0] for name, given in parse_qs(urlsplit(back).query).items()}


@pytest.mark.parametrize("key", toolchains.found(toolchains.RUNS))
def test_it_connects_a_merchant_and_believes_nobody_else(key, tmp_path, registered, values):
    folder, secrets = toolchains.write(tmp_path, key, values), secrets_of(key, registered)
    begun = toolchains.drive(folder, key, secrets, "link")
    state = next(iter(begun["session"].values()))
    assert len(state) >= 40
    query = come_back(values.connect_url, begun["link"], f"{key}@example.com")
    session, other = begun["session"], dict.fromkeys(begun["session"], "another")
    facts = {
        "session": session,
        "query": query,
        "refused": [
            (other, query), ({}, query), ({}, {**query, "state": ""}), (session, {"code": query["code"]}),
            (session, {"state": state, "error": "access_denied", "error_description": "The user said no"}),
            (session, {"state": state, "error": "server_error"}),
            (session, query), (session, {"state": state}),
        ],
        "genuine": [(OFFICIAL, SIGNATURE), (UNICODE, sign(UNICODE))],
        "forged": [
            (OFFICIAL, sign(UNICODE)), (OFFICIAL, SIGNATURE.upper()), (OFFICIAL, None), (OFFICIAL, ""), (OFFICIAL, "é"),
            (OFFICIAL + "\n", SIGNATURE), (OFFICIAL, SIGNATURE[:-1]), ("", ""),
        ],
    }  # fmt: skip
    found = toolchains.drive(folder, key, secrets, "finish", facts)
    _check_token(found, values)
    _check_refusals(found)
    _check_store(found)
    if "verification" not in toolchains.WITHOUT_LIBRARY.get(key, ()):
        assert found["status"] == "action_required"
        assert found["advice"].startswith("Send the merchant")


def _check_token(found, values):
    headers = {"Authorization": f"Bearer {found['token']}", "GoCardless-Version": "2015-07-06"}
    assert requests.get(f"{values.api_url}/creditors", headers=headers, timeout=10).status_code == 200
    assert found["organisation"].startswith("OR")
    assert found["session"] == {}, "the state is good for one answer"


def _check_refusals(found):
    strangers, said, errors = found["refused"][:4], found["refused"][4:6], found["refused"][6:]
    assert all("does not belong to your session" in words for words in strangers)
    assert said == ["NotConnected: The user said no", "NotConnected: server_error"]
    assert all(words.startswith("NotConnected: ") for words in errors), "a code is exchanged once"
    assert found["events"] == [1, 2]
    assert all(words.startswith("InvalidSignature") for words in found["forged"])


def _check_store(found):
    [(organisation, sealed)] = found["rows"]
    assert organisation == found["organisation"]
    assert found["token"] not in sealed
    assert (found["kept"], found["forgotten"]) == (found["token"], None)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)")
    for sql, values in found.get("asked", ()):
        db.execute(sql.replace("$", "?"), values)
    db.close()


@pytest.mark.parametrize("key", toolchains.PARSES)
def test_its_syntax_is_right_where_that_can_be_asked(key, tmp_path, values):
    if key in toolchains.found(toolchains.PARSES):
        toolchains.parse(toolchains.write(tmp_path, key, values), key)


def test_java_compiles_where_there_is_a_compiler(tmp_path, values):
    """Elsewhere nothing is done: what was recorded where there was one holds for these very files, see below."""
    if toolchains.found({"java": ["javac"]}):
        toolchains.compile_java(toolchains.write(tmp_path, "java", values))


@pytest.mark.parametrize("key", NAMES)
def test_the_page_says_what_was_done_to_these_very_files(key):
    told = checked()[key]
    assert told.digest == digest(NAMES[key]), "the code was changed: prove it, then run `python -m tests.samples.toolchains`"
    assert told.how == toolchains.how(key)
    assert (told.tool == "") == (set(told.how.values()) == {How.READ})


def test_no_secret_and_no_other_value_stands_in_the_code():
    for language in LANGUAGES:
        text = "".join(language.source(part) for part in PARTS)
        assert text.count("{{") == text.count("}}") == 4
        assert all(f'"{{{{{name}}}}}"' in text for name in Values.__dataclass_fields__)
        assert all(name in text for name in ("GOCARDLESS_CLIENT_SECRET", "GOCARDLESS_WEBHOOK_SECRET", "TOKEN_KEY"))


NASTY = (
    'quo"te', "back\\slash", "end\\", '\\"; import os; os.abort() #', "apo'strophe", "$HOME ${x} {$x} $(id)", "#{1+1} #@a #$b",
    "line\nbreak\r\t\0\x1b\x7f", "\\u0022; \\x22 \\042", "\u2028\u2029", "Zoë 😀", '"""', "`tick`", "</script><!--", "%s %d {0} {{api_url}}",
    '"{{api_url}}"', "//comment /* x */ # -- ?> <?php",
)  # fmt: skip
PRINTERS = {
    "python": ("import json, settings\nprint(json.dumps(settings.REDIRECT_URI))", "print.py"),
    "node": ('import { REDIRECT_URI } from "./settings.mjs";\nconsole.log(JSON.stringify(REDIRECT_URI));', "print.mjs"),
    "php": ("<?php require 'settings.php'; echo json_encode(REDIRECT_URI);", "print.php"),
    "ruby": ('require "json"\nrequire_relative "settings"\nputs JSON.generate(REDIRECT_URI)', "print.rb"),
}
START = {"python": sys.executable, "node": "node", "php": "php", "ruby": "ruby"}


@pytest.mark.parametrize("key", [key for key in PRINTERS if shutil.which(START[key])])
def test_no_value_breaks_out_of_its_quotes(key, tmp_path):
    """All at once, because starting a language takes time: what comes out is what went in."""
    value = " | ".join(NASTY)
    folder = toolchains.write(tmp_path, key, Values("http://x.example.com", "http://y.example.com", "id", value))
    program, name = PRINTERS[key]
    (folder / name).write_text(program)
    environment = {"PATH": "/usr/bin:/bin", **secrets_of(key, {"client_secret": "s"})}
    done = subprocess.run(
        [START[key], name], cwd=folder, capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == value


def test_no_value_breaks_out_of_its_quotes_in_java(tmp_path):
    value = " | ".join(NASTY)
    folder = toolchains.write(tmp_path, "java", Values("http://x.example.com", "http://y.example.com", "id", value))
    shown = "import java.nio.charset.StandardCharsets; class Show { public static void main(String[] x) { "
    shown += "System.out.print(java.util.HexFormat.of().formatHex(Settings.REDIRECT_URI.getBytes(StandardCharsets.UTF_8))); } }"
    (folder / "Show.java").write_text(shown)
    if toolchains.found({"java": ["javac"]}):
        toolchains.run(["javac", "Settings.java", "Show.java"], folder)
        done = toolchains.run(["java", "-XX:TieredStopAtLevel=1", "Show"], folder)
        assert bytes.fromhex(done.stdout).decode() == value


@pytest.mark.parametrize("value", NASTY)
def test_java_never_writes_a_quote_that_its_first_pass_would_read(value):
    """\\u is replaced before a Java compiler sees quotes: what ASCII has is never written so."""
    quoted = NAMES["java"].quote(value)
    assert quoted.isascii()
    assert not re.search(r"(?<!\\)(\\\\)*\\u+00[0-7]", quoted)


@pytest.mark.parametrize("value", NASTY)
def test_dotnet_writes_a_text_as_javascript_does(value):
    """C# knows the same escapes: after a backslash only a quote, a backslash, or u with four digits."""
    quoted = NAMES["dotnet"].quote(value)
    assert json.loads(quoted) == value
    assert quoted.isascii()

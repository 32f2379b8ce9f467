"""Why a signature does not fit: mistakes made on purpose, each found and named; secrets are never told."""

import base64
import gzip
import hashlib
import hmac
import json
import secrets

import pytest

from portal.status import Environment, Signature
from portal.webhooks.explaining import explain
from portal.webhooks.mistakes import Key
from portal.webhooks.reasons import WORDS, Reason, sentences
from portal.webhooks.rewriting import bodies
from tests.webhooks.sending import SECRET, Hook, digest, event, sign, webhook

RAW = webhook(event(metadata={"note": "née <b> a/b"}))
PRETTY = json.dumps(json.loads(RAW), indent=2).encode()
CLIENT, BEFORE, OTHER, LIVE = "client-secret-of-ours", "secret-before-rotation", "secret-of-another-app", "secret-of-live"


def in_latin_1(raw):
    return json.dumps(json.loads(raw), ensure_ascii=False).encode("latin-1")


UTF8 = json.dumps(json.loads(RAW), ensure_ascii=False).encode()
MISTAKES = {
    "the header left out": (RAW, None, [Reason.MISSING_HEADER]),
    "an empty header": (RAW, "", [Reason.EMPTY_HEADER]),
    "a header of spaces": (RAW, "   ", [Reason.EMPTY_HEADER]),
    "something that cannot be seen, pasted along": (RAW, "\xa0" + sign(RAW), [Reason.NON_ASCII_HEADER]),
    "other characters": (RAW, "é" * 64, [Reason.NON_ASCII_HEADER]),
    "the header sent twice": (RAW, f"{sign(RAW)}, {sign(RAW)}", [Reason.DUPLICATED_HEADER]),
    "two signatures of which none fits": (RAW, f"{'0' * 64},{'1' * 64}", [Reason.DUPLICATED_HEADER]),
    "no signature at all": (RAW, "signature", [Reason.NOT_A_SIGNATURE]),
    "the secret itself instead of a signature": (RAW, SECRET, [Reason.NOT_A_SIGNATURE]),
    "the secret before the rotation": (RAW, sign(RAW, BEFORE), [Reason.PREVIOUS_SECRET]),
    "the secret of another app": (RAW, sign(RAW, OTHER), [Reason.OTHER_APP]),
    "the secret of the live app": (RAW, sign(RAW, LIVE), [Reason.OTHER_ENVIRONMENT]),
    "the client secret": (RAW, sign(RAW, CLIENT), [Reason.CLIENT_SECRET]),
    "the secret with its line break": (RAW, sign(RAW, SECRET + "\n"), [Reason.SECRET_EDGES]),
    "the secret in quotation marks": (RAW, sign(RAW, f'"{SECRET}"'), [Reason.SECRET_EDGES]),
    "upper case": (RAW, sign(RAW).upper(), [Reason.UPPER_CASE]),
    "Base64": (RAW, base64.b64encode(digest(RAW)).decode(), [Reason.BASE64]),
    "Base64 for URLs without padding": (RAW, base64.urlsafe_b64encode(digest(RAW)).decode().rstrip("="), [Reason.BASE64]),
    "Base64 of the digits": (RAW, base64.b64encode(sign(RAW).encode()).decode(), [Reason.BASE64]),
    "as GitHub writes it": (RAW, f"sha256={sign(RAW)}", [Reason.PREFIX]),
    "as Stripe writes it": (RAW, f"t=1492774577,v1={sign(RAW)}", [Reason.PREFIX]),
    "as a scheme of its own": (RAW, f"HMAC-SHA256 {sign(RAW)}", [Reason.PREFIX]),
    "in quotation marks": (RAW, f'"{sign(RAW)}"', [Reason.QUOTED]),
    "SHA-1": (RAW, sign(RAW, algorithm="sha1"), [Reason.SHA1]),
    "SHA-512": (RAW, sign(RAW, algorithm="sha512"), [Reason.OTHER_HASH]),
    "MD5 of who knows what": (RAW, "0" * 32, [Reason.OTHER_HASH]),
    "a hash without a key": (RAW, hashlib.sha256(RAW).hexdigest(), [Reason.PLAIN_HASH]),
    "a hash of secret and body": (RAW, hashlib.sha256(SECRET.encode() + RAW).hexdigest(), [Reason.PLAIN_HASH]),
    "signed compact, sent with spaces": (PRETTY, sign(json.dumps(json.loads(RAW), separators=(",", ":")).encode()), [Reason.RESERIALISED]),
    "signed with spaces, sent compact": (RAW, sign(json.dumps(json.loads(RAW)).encode()), [Reason.RESERIALISED]),
    "signed with sorted keys": (RAW, sign(json.dumps(json.loads(RAW), sort_keys=True).encode()), [Reason.RESERIALISED]),
    "signed indented": (RAW, sign(PRETTY), [Reason.RESERIALISED]),
    "signed before characters were escaped": (RAW, sign(json.dumps(json.loads(RAW), ensure_ascii=False).encode()), [Reason.RESERIALISED]),
    "signed as PHP writes it": (RAW, sign(RAW.replace(b"/", b"\\/")), [Reason.RESERIALISED]),
    "only the events signed": (RAW, sign(json.dumps(json.loads(RAW)["events"], separators=(",", ":")).encode()), [Reason.PART_OF_BODY]),
    "a line break added after signing": (RAW + b"\n", sign(RAW), [Reason.TRAILING_NEWLINE]),
    "a line break lost after signing": (RAW, sign(RAW + b"\n"), [Reason.TRAILING_NEWLINE]),
    "LF turned into CRLF": (PRETTY.replace(b"\n", b"\r\n"), sign(PRETTY), [Reason.LINE_ENDINGS]),
    "CRLF turned into LF": (PRETTY, sign(PRETTY.replace(b"\n", b"\r\n")), [Reason.LINE_ENDINGS]),
    "a byte order mark added": (b"\xef\xbb\xbf" + RAW, sign(RAW), [Reason.BYTE_ORDER_MARK]),
    "a byte order mark lost": (RAW, sign(b"\xef\xbb\xbf" + RAW), [Reason.BYTE_ORDER_MARK]),
    "signed in Latin-1": (UTF8, sign(in_latin_1(RAW)), [Reason.REENCODED]),
    "sent in Latin-1": (in_latin_1(RAW), sign(UTF8), [Reason.REENCODED]),
    "signed in UTF-16": (RAW, sign(RAW.decode().encode("utf-16-le")), [Reason.REENCODED]),
    "compressed after signing": (gzip.compress(RAW), sign(RAW), [Reason.BEFORE_GZIP]),
    "an empty body signed": (RAW, sign(b""), [Reason.EMPTY_BODY]),
    "the first kilobyte signed": (RAW * 8, sign((RAW * 8)[:1024]), [Reason.CUT_WHEN_SIGNED]),
    "as many bytes signed as it has characters": (UTF8, sign(UTF8[: len(UTF8.decode())]), [Reason.CUT_WHEN_SIGNED]),
    "cut off on the way": (RAW[:-30], sign(RAW), [Reason.CUT_ON_THE_WAY]),
    "forged": (RAW, secrets.token_hex(32), [Reason.UNKNOWN]),
    "two mistakes at once": (RAW, sign(RAW + b"\n", CLIENT).upper(), [Reason.CLIENT_SECRET, Reason.TRAILING_NEWLINE, Reason.UPPER_CASE]),
}  # fmt: skip


@pytest.fixture
def house(app, world):
    """An app with a history, another one beside it, and a live one; and those of a stranger."""
    acme = world.partners["acme"]
    mine = Hook(app, acme, client_secret=CLIENT, previous_webhook_secret=BEFORE)
    Hook(app, acme, name="The other app", secret=OTHER)
    Hook(app, acme, name="Live", secret=LIVE, environment=Environment.LIVE)
    Hook(app, world.partners["birch"], name="A stranger's app", secret="secret-of-a-stranger")
    return mine


def test_every_mistake_is_named(house):
    for raw, header, _ in MISTAKES.values():
        assert house.send(raw, header).status_code == 498
    named = {}
    for (mistake, (*_, reasons)), stored in zip(MISTAKES.items(), house.read(), strict=True):
        said = [stored.reason, *stored.summary.get("signature", {}).get("also", [])]
        if said != [reason.value for reason in reasons]:
            named[mistake] = said
    assert named == {}


def test_the_words_name_the_other_app(house):
    house.send(RAW, sign(RAW, LIVE))
    (stored,) = house.read()
    (said,) = sentences(stored.reason, stored.summary)
    assert said.wrong % said.values == "Signed with the secret of your app “Live”, which belongs to another environment."


def test_the_secret_of_a_strangers_app_is_unknown(house):
    house.send(RAW, sign(RAW, "secret-of-a-stranger"))
    assert house.read()[0].reason == "unknown"


def test_no_secret_is_told(house, capsys):
    for raw, header, _ in MISTAKES.values():
        house.send(raw, header)
    stored = house.read()
    told = capsys.readouterr().out + capsys.readouterr().err
    told += "".join(f"{one.reason}{one.problem}{json.dumps(one.summary)}" for one in stored)
    told += "".join(str(sentence) for one in stored for sentence in sentences(one.reason, one.summary))
    for secret in (SECRET, CLIENT, BEFORE, OTHER, LIVE):
        assert secret not in told


def test_every_reason_has_words_and_a_remedy():
    assert set(WORDS) == set(Reason)
    assert all(words.wrong.endswith(".") and words.mend.endswith(".") for words in WORDS.values())
    assert all(len(reason) <= 40 for reason in Reason)


def test_nothing_is_said_of_a_valid_signature_or_one_not_explained_yet():
    assert sentences("", {}) == []
    assert sentences("of-a-later-version", {}) == []


def test_a_secret_that_was_changed_meanwhile_is_no_mistake():
    assert explain(RAW, sign(RAW), [Key(SECRET.encode())]).reason is Reason.NEWER_SECRET


def test_a_decoded_secret_is_found(app, world):
    secret = secrets.token_hex(16)
    hook = Hook(app, world.partners["acme"], secret=secret)
    hook.send(RAW, hmac.new(bytes.fromhex(secret), RAW, "sha256").hexdigest())
    assert hook.read()[-1].reason == "secret_decoded"


@pytest.mark.parametrize(
    "raw", [b"", b"\x00" * 1_000_000, b"[" * 100_000, b"\xff" * 50, b'{"events":' + b"[" * 900 + b"]" * 900 + b"}"]
)
def test_hostile_bodies_are_explained_with_bounds(raw):
    known = [Key(f"secret {number}".encode(), (Reason.OTHER_APP,), "x") for number in range(40)]
    assert explain(raw, "0" * 64, known).reason in (Reason.UNKNOWN, Reason.CUT_ON_THE_WAY)
    assert len(list(bodies(raw))) < 120


@pytest.mark.parametrize(
    "header", ["=" * 64, "," * 500, "sha256=" * 100, "v1=,v1=", "\"'", "0" * 63, "=" + "0" * 64, "t= " * 300]
)
def test_hostile_headers_are_explained_too(header):
    assert explain(RAW, header, [Key(b"secret")]).reason in set(Reason)


def test_valid_ones_are_not_explained(house):
    house.send(RAW)
    (stored,) = house.read()
    assert (stored.signature, stored.reason, "signature" in stored.summary) == (Signature.VALID, "", False)

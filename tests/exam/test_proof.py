"""A proof is what was signed: one changed byte is noticed, and nobody has to be asked."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from portal import clock, signing
from portal.cli import main
from portal.exam import proof
from portal.exam.proof import Stale
from portal.signing import NotGenuine
from portal.transaction import writing
from tests.build.checks import an_app, newest, says

CHECK = "links.state"


@pytest.fixture
def file(app, world):
    with app.app_context(), writing():
        says(an_app(world.partners["acme"]), {CHECK: "passed"})
    with app.app_context():
        return proof.written(newest(CHECK))


def genuine(file):
    return proof.verify(file, signing.public_key())


def test_it_says_who_what_when_and_by_which_suite(file, app, world):
    found = genuine(file)
    with app.app_context():
        result = newest(CHECK)
        assert found["partner"] == world.partner("acme").key
    assert (found["check"], found["verdict"], found["words"]) == (CHECK, "passed", "As it should be.")
    assert (found["result"], found["settings_mark"], found["at"]) == (result.key, result.settings_mark, proof.told(result.at))
    assert {"suite", "catalog_version", "app", "exam", "trace_sha256", "environment", "format"} <= found.keys()
    assert json.loads(file)["trace"][0]["words"] == "A visit of café & söhne"
    assert "client_secret" not in file.decode()


def test_every_changed_byte_is_noticed(file):
    for at in range(len(file)):
        for change in (1, 0x20, 0x80):
            with pytest.raises(NotGenuine):
                genuine(file[:at] + bytes([file[at] ^ change]) + file[at + 1 :])


def test_every_byte_more_or_less_is_noticed(file):
    for at in range(1, len(file)):
        for changed in (file[:at] + file[at + 1 :], file[:at] + b" " + file[at:]):
            with pytest.raises(NotGenuine):
                genuine(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("trace"),
        lambda found: found.update(trace=[]),
        lambda found: found.update(trace={}),
        lambda found: found.update(more=1),
        lambda found: found["proof"].update(check="links.scope"),
        lambda found: found.update(proof="x"),
        lambda found: found["trace"].append("x"),
    ],
    ids=["no trace", "empty trace", "trace of another kind", "more", "another check", "no proof", "longer trace"],
)
def test_what_was_put_together_anew_is_noticed(file, change):
    found = json.loads(file)
    change(found)
    with pytest.raises(NotGenuine):
        genuine(signing.canonical(found))


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"NaN", b'{"a":NaN}', b'{"a":"\\ud800"}', b"\xff", b'{"proof":{}}'], ids=repr
)
def test_what_is_no_proof_is_told_in_words(text):
    with pytest.raises(NotGenuine):
        genuine(text)


def test_a_certificate_is_no_proof(app):
    with app.app_context(), pytest.raises(NotGenuine, match="no proof"):
        genuine(signing.canonical(signing.sign({"certificate": {}, "status": {}})))


def test_a_stored_trace_that_was_changed_is_noticed(file, app):
    with app.app_context():
        result = newest(CHECK)
        result.trace = [{**result.trace[0], "words": "Another visit"}]
        with pytest.raises(NotGenuine, match="trace"):
            genuine(proof.written(result))


@pytest.mark.parametrize(
    ("days", "mark", "retired", "why"),
    [
        (0, "a", False, None),
        (89, "a", False, None),
        (90, "a", False, Stale.AGED),
        (1, "b", False, Stale.CHANGED),
        (1, "a", True, Stale.RETIRED),
    ],
)
def test_what_makes_a_proof_stale(days, mark, retired, why):
    at = clock.now()
    assert proof.stale(at, "a", now=at + timedelta(days=days), mark=mark, retired=retired) is why


def test_the_command_needs_nothing_but_two_files(file, tmp_path):
    keys, good, bad = tmp_path / "keys.json", tmp_path / "proof.json", tmp_path / "bad.json"
    keys.write_text(json.dumps(signing.published()))
    good.write_bytes(file)
    bad.write_bytes(file.replace(b"passed", b"failed", 1))
    run = CliRunner().invoke
    told = run(main, ["proof", "verify", str(good), "--key", str(keys)])
    assert told.exit_code == 0
    assert told.output.startswith(f"Genuine. {CHECK} passed on 20")
    assert run(main, ["proof", "verify", str(bad), "--key", str(keys)]).exit_code == 1
    assert run(main, ["proof", "verify", str(good), "--key", str(good)]).exit_code == 1
    keys.write_text(json.dumps({"keys": [{"x": signing.pack(b"\x01" * 32)}]}))
    assert "another key" in run(main, ["proof", "verify", str(good), "--key", str(keys)]).output


def test_partner_and_staff_download_it_and_nobody_else(file, app, alice, rita, carol, nobody):
    with app.app_context():
        url = f"/developers/checks/results/{newest(CHECK).key}/proof.json"
    for client in (alice, rita):
        answer = client.get(url)
        assert genuine(answer.data)["check"] == CHECK
        assert "attachment" in answer.headers["Content-Disposition"]
        assert url in client.get(url.removesuffix("/proof.json")).text
    assert carol.get(url).status_code == 404
    assert nobody.get(url).status_code in (302, 303)


def test_what_failed_proves_nothing(app, world, alice):
    with app.app_context(), writing():
        key = says(an_app(world.partners["acme"]), {CHECK: "failed"})[CHECK]
    assert alice.get(f"/developers/checks/results/{key}/proof.json").status_code == 404
    assert "Download the proof" not in alice.get(f"/developers/checks/results/{key}").text

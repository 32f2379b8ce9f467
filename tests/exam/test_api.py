"""The JSON API and the command line: start, follow, stop; exit codes, JUnit, and who may not."""

import json
import threading
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from portal.commands.exam import exam as command
from portal.exam import choosing, table
from portal.extensions import db
from portal.keys import service as keys
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.transaction import writing
from portal.worker import drain

FIRST = table.CHECKS[0]


def token_of(world, who="alice", house="acme"):
    with world.app.app_context(), writing():
        return keys.create(world.partner(house), name="CI", by=world.user(who))[1]


@pytest.fixture
def token(world):
    return token_of(world)


@pytest.fixture
def ask(app, token):
    """Calls the API with the key: ask("POST", "/exams", {...})."""

    def call(method, path, sent=None, key=token):
        headers = {"Authorization": f"Bearer {key}"}
        return app.test_client().open(f"/api/v1{path}", method=method, json=sent, headers=headers)

    return call


def test_the_list_names_every_check(ask):
    told = ask("GET", "/checks").json
    assert [one["id"] for one in told["checks"]] == list(table.BY_ID)
    assert {"family", "title", "expected", "why", "guide", "negative", "questions"} <= told["checks"][0].keys()
    assert told["suite"] == table.SUITE_VERSION


def test_an_exam_from_its_start_to_its_end(app, ask, bare):
    begun = ask("POST", "/exams", {"families": ["links"], "people": False})
    assert begun.status_code == 201
    key = begun.json["exam"]
    assert (begun.json["done"], begun.json["over"], begun.json["status"]) == (0, False, "running")
    assert ask("GET", f"/exams/{key}?version={begun.json['version']}").status_code == 304
    drain(app)
    told = ask("GET", f"/exams/{key}").json
    assert told["over"]
    assert told["done"] == told["total"] == len(told["results"])
    first = told["results"][0]
    assert (first["check"], first["verdict"]) == (FIRST.id, "failed")
    assert first["url"].endswith(f"/developers/checks/results/{bare.result(key, FIRST.id).key}")


def test_who_started_it_is_the_key(app, alice, ask, bare):
    key = ask("POST", "/exams", {"checks": [FIRST.id]}).json["exam"]
    assert "API key CI" in alice.get(f"/developers/checks/exams/{key}").text
    assert "with the API key “CI”" in alice.get("/updates").text


def test_a_second_one_is_refused_and_named(ask, bare):
    key = ask("POST", "/exams").json["exam"]
    again = ask("POST", "/exams")
    assert (again.status_code, again.json["error"]["exam"]) == (409, key)
    assert ask("POST", f"/exams/{key}/stop").json["status"] == "stopped"
    assert ask("POST", f"/exams/{key}/stop").status_code == 409
    assert ask("POST", "/exams").status_code == 201


@pytest.mark.parametrize(
    "sent",
    [
        {"families": ["weather"]},
        {"families": "links"},
        {"families": [3]},
        {"checks": ["links.no_such"]},
        {"checks": [FIRST.id], "families": ["links"]},
        {"app": "another"},
        {"app": ["x"]},
        ["links"],
        "links",
    ],
)
def test_what_is_not_understood_is_said(ask, bare, sent):
    answer = ask("POST", "/exams", sent)
    assert answer.status_code == 422
    assert answer.json["error"]["message"].endswith(".")


def test_an_app_is_named_when_there_are_several(app, ask, world, bare):
    with app.app_context(), writing():
        db.session.add(
            PartnerApp(partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="Second", client_id="second")
        )
    refused = ask("POST", "/exams")
    assert refused.status_code == 422
    assert bare.app_key in refused.json["error"]["message"]
    assert ask("POST", "/exams", {"app": "Bare app"}).json["app"]["key"] == bare.app_key
    assert ask("POST", "/exams", {"app": "Second"}).status_code == 201


def test_live_apps_and_strangers(app, ask, world, bare):
    with app.app_context(), writing():
        db.session.get(PartnerApp, bare.app_id).environment = Environment.LIVE
    assert ask("POST", "/exams").status_code == 422
    with app.app_context(), writing():
        db.session.get(PartnerApp, bare.app_id).environment = Environment.EMBEDDED
    key, carols = ask("POST", "/exams").json["exam"], token_of(world, "carol", "birch")
    for method, path in (("GET", f"/exams/{key}"), ("POST", f"/exams/{key}/stop")):
        assert ask(method, path, key=carols).status_code == 404
        assert ask(method, path, key="pk_wrong").status_code == 401
    assert ask("POST", "/exams", key=carols).status_code == 422


@pytest.fixture
def portal(app, live, bare, token):
    """`portal exam run` against this portal, with a worker beside it; ends with exit code and output."""
    over = threading.Event()

    def work():
        while not over.wait(0.05):
            drain(app)

    worker = threading.Thread(target=work)
    worker.start()

    def run(*arguments, key=token, address=live):
        found = CliRunner().invoke(command, ["run", "--url", address, *arguments], env={"PORTAL_API_KEY": key})
        return found.exit_code, found.output

    yield run
    over.set()
    worker.join()


def test_the_command_follows_an_exam_and_writes_junit(portal, tmp_path):
    report = tmp_path / "out.xml"
    code, said = portal("--family", "links", "--junit", str(report))
    assert code == 1, said
    assert f"FAILED   {FIRST.id}" in said
    root = ET.parse(report).getroot()
    failed = root.findall(".//testcase/failure")
    assert len(failed) == int(root.get("failures")) == int(root.find("testsuite").get("failures"))
    assert failed[0].get("type") == FIRST.id
    assert len(root.findall(".//testcase")) == int(root.get("tests"))
    assert len(root.findall(".//skipped")) == int(root.get("skipped")) > 0


def test_the_command_passes_when_nothing_failed(portal, bare):
    bare.declare(connect_url="", login_url="")
    code, said = portal("--family", "links")
    assert code == 0, said
    assert "It needs a person" in said


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["--app", "nobody's"], None),
        (["--check", "links.no_such"], None),
        ([], "pk_wrong"),
        (["--family", "x"], None),
        ([], ""),
    ],
    ids=["app", "check", "key", "family", "no-key"],
)
def test_the_command_leaves_with_two_when_it_could_not_run(portal, token, arguments, key):
    code, said = portal(*arguments, key=token if key is None else key)
    assert code == 2, said


def test_nobody_there_is_two(portal):
    code, said = portal(address="http://127.0.0.1:9")
    assert code == 2
    assert "does not answer" in said


def test_an_exam_that_is_not_over_in_time_is_stopped(app, live, bare, token):
    """No worker is there."""
    found = CliRunner().invoke(command, ["run", "--url", live, "--timeout", "1", "--api-key", token])
    assert found.exit_code == 2, found.output
    assert "Not over after 1 seconds" in found.output
    with app.app_context():
        row = db.session.get(PartnerApp, bare.app_id)
        from portal.exam import service

        assert service.going_of(row) is None


def test_the_list_as_text_and_json():
    said = CliRunner().invoke(command, ["list"])
    assert f"{len(table.CHECKS)} checks" in said.output
    told = json.loads(CliRunner().invoke(command, ["list", "--json"]).output)
    assert [one["id"] for one in told["checks"]] == [check.id for check in choosing.everything().checks]
    assert sum(one["negative"] for one in told["checks"]) >= 18
    assert len(told["checks"]) >= 45

"""The commands, each as the process that a person starts."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.waiting import free_port, until

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(tmp_path):
    """The environment of a portal of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "SANDBOX_"))}
    ports = {"PORTAL_PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    return {**clean, **ports, "PORTAL_INSTANCE": str(tmp_path / "instance"), "PORTAL_ENVIRONMENT": "development"}


def portal(place, *arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env={**place, **more},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


@contextmanager
def running(place):
    """`portal run`, ready, with what it has said so far; ended whatever happens."""
    command = [sys.executable, "-m", "portal.cli", "run", "--no-demo"]
    process = subprocess.Popen(command, env=place, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        process.welcome = ""
        while "Ctrl-C" not in process.welcome:
            line = process.stdout.readline()
            assert line, f"it ended with {process.wait()}: {process.welcome}"
            process.welcome += line
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def children(process):
    listed = subprocess.check_output(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], text=True)
    return {line.split(maxsplit=1)[1]: int(line.split()[0]) for line in listed.splitlines() if "ps -o" not in line}


def answers(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status == 200


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_run_answers_at_both_names_and_stops_cleanly(place):
    port = place["PORTAL_PORT"]
    with running(place) as process:
        assert f"http://localhost:{port}" in process.welcome
        for host in ("localhost", "127.0.0.1"):
            assert answers(f"http://{host}:{port}/readyz")
        assert answers(f"http://localhost:{port}/development/inbox")
        taken = portal(place, "run")
        assert taken.returncode == 1
        assert f"Port {port} is taken" in taken.stderr
        started = children(process)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Stopped." in rest
    assert not [name for name, pid in started.items() if alive(pid)]


def test_when_one_part_dies_all_stop_and_it_says_which(place):
    with running(place) as process:
        started = children(process)
        (worker,) = [pid for name, pid in started.items() if "portal.cli worker" in name]
        os.kill(worker, signal.SIGKILL)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The worker stopped" in rest
    assert not [name for name, pid in started.items() if alive(pid)]


def test_the_sandbox_starts_alone(place):
    command = [sys.executable, "-m", "portal.cli", "sandbox"]
    process = subprocess.Popen(command, env=place, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: healthy(f"http://127.0.0.1:{place['SANDBOX_PORT']}/healthz"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def healthy(address):
    try:
        return answers(address)
    except OSError:
        return False


def here(place, *arguments, **more):
    """In this process: only for what makes no application."""
    others = {name: None for name in os.environ if name.startswith(("PORTAL_", "SANDBOX_"))}
    return CliRunner(env={**others, **place, **more}).invoke(main, arguments)


def test_production_names_the_settings_that_are_missing(place):
    refused = here(place, "init", PORTAL_ENVIRONMENT="production")
    assert refused.exit_code == 1
    assert "PORTAL_SECRET_KEY must be set" in refused.stderr


def test_a_setting_that_cannot_be_is_named(place):
    refused = here(place, "init", PORTAL_PORT="many")
    assert refused.exit_code == 1
    assert "PORTAL_PORT" in refused.stderr


ADA = ["--name", "Ada Example", "--email", "ada@example.com", "--username", "ada", "--role", "administrator", "--password"]


def test_staff_and_a_backup_that_can_be_used_in_its_place(place, tmp_path):
    assert portal(place, "init").returncode == 0
    added = portal(place, "staff", "add", *ADA, "correct horse battery staple")
    assert added.returncode == 0, added.stderr
    assert "already" in portal(place, "staff", "add", *ADA, "correct horse battery staple").stderr

    upload = Path(place["PORTAL_INSTANCE"]) / "uploads" / "ab" / "cd"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"evidence")
    copy = tmp_path / "copy"
    backed = here(place, "backup", str(copy))
    assert backed.exit_code == 0, backed.stderr
    assert (copy / "uploads" / "ab" / "cd").read_bytes() == b"evidence"
    assert (copy / "encryption_keys.txt").read_text() == (Path(place["PORTAL_INSTANCE"]) / "encryption_keys.txt").read_text()
    with closing(sqlite3.connect(copy / "portal.sqlite")) as database:
        assert database.execute("SELECT username, staff_role FROM users").fetchall() == [("ada", "administrator")]
    assert "not empty" in here(place, "backup", str(copy)).stderr


@pytest.mark.parametrize(
    ("wrong", "words"), [({"--password": "short"}, "12 characters"), ({"--email": "ada"}, "no e-mail address")]
)
def test_staff_that_cannot_be_are_refused(place, wrong, words):
    said = dict(zip(ADA[::2], [*ADA[1::2], "correct horse battery staple"], strict=True)) | wrong
    refused = here(place, "staff", "add", *(part for pair in said.items() for part in pair))
    assert refused.exit_code == 1
    assert words in refused.stderr


def test_a_backup_of_nothing_says_so(place, tmp_path):
    assert "There is no database" in here(place, "backup", str(tmp_path / "copy")).stderr

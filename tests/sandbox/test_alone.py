"""The sandbox stands on its own: it loads nothing of the portal, starts as a process, and every endpoint is accounted for."""

import subprocess
import sys

from portal.sandbox import command
from portal.sandbox.resources.not_emulated import PATHS
from portal.sandbox.routes import ROUTES


def test_importing_it_loads_no_other_room():
    code = "import sys, portal.sandbox.server; print([m for m in sys.modules if m.startswith('portal.') and not m.startswith('portal.sandbox')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_starts_this_python():
    assert command() == [sys.executable, "-m", "portal.sandbox"]


def test_every_method_and_path_is_declared_once():
    declared = [(route.method, route.path) for route in ROUTES]
    assert len(declared) == len(set(declared)) == 138 + 1, (
        "the client's 138 endpoints and the older path for instalment schedules"
    )


def test_what_is_not_emulated_is_in_the_docs(request):
    page = (request.config.rootpath / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for kind, paths in PATHS.items():
        assert f"`{kind}`" in page
        for path in paths:
            assert path in page, f"docs/sandbox.md does not say that {path} is not emulated"

"""The samples of the docs page, run as they stand against a sandbox started as the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import free_port

LAST_LINES = ("all as it should be", "told that the mandate was cancelled")


@pytest.fixture(scope="module")
def page(request):
    return (request.config.rootpath / "docs" / "sandbox.md").read_text(encoding="utf-8")


def samples(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_every_python_sample_is_run(page):
    assert len(samples(page, "python")) == len(LAST_LINES)


@pytest.mark.parametrize("number", range(len(LAST_LINES)), ids=LAST_LINES)
def test_the_samples_run_in_a_pipeline_as_they_stand(page, tmp_path, number):
    """The shell sample starts the sandbox, runs the Python sample as your_test.py, and stops the sandbox."""
    (pipeline,) = samples(page, "sh")
    (tmp_path / "your_test.py").write_text(samples(page, "python")[number], encoding="utf-8")
    python = Path(sys.executable).parent
    here = {"PATH": f"{python}:{os.environ['PATH']}", "SANDBOX_PORT": str(free_port()), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["sh", "-c", pipeline],
        env={**os.environ, **here},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, done.stdout.strip().splitlines()[-1:]) == (0, [LAST_LINES[number]]), done.stderr

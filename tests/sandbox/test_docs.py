"""The sample of the docs page, run as it stands against a sandbox started as the page says."""

import os
import re
import subprocess
import sys

from tests.sandbox.conftest import Running


def test_the_sample_for_ci_runs_as_it_stands(request, tmp_path):
    page = (request.config.rootpath / "docs" / "sandbox.md").read_text(encoding="utf-8")
    sample = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    made = Running(tmp_path, moves="clock")
    try:
        environment = {**os.environ, "SANDBOX": made.url}
        done = subprocess.run(
            [sys.executable, "-c", sample], env=environment, capture_output=True, text=True, timeout=90, check=False
        )
        assert (done.returncode, done.stdout.strip()) == (0, "all as it should be"), done.stderr
    finally:
        made.close()

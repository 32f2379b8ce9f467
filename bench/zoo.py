"""The integration checks against the example: all of them with the real limits, and the same verdicts time after time."""

import logging
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.figures import Figure
from portal.exam.nouns import Verdict
from portal.exam.table import CHECKS
from portal.outgoing import addresses
from tests.examples.serving import Serving
from tests.sandbox.conftest import Running
from tests.zoo.examining import PREVIOUS, examined

PATIENCE, BOUND, REPEATS = 10.0, 60.0, 20


def run() -> Iterator[Figure]:
    addresses.configure(loopback=True)
    logging.disable(logging.ERROR)  # the servers tell of every call, and of everything that the checks do to them
    with tempfile.TemporaryDirectory(prefix="zoo-bench-") as folder:
        yield Figure("zoo.load", os.getloadavg()[0], "average in the last minute")
        sandbox = Running(Path(folder))
        seconds, verdicts = [], []
        try:
            for number in range(REPEATS):
                started = time.monotonic()
                verdicts.append(_verdicts(Path(folder) / str(number), sandbox.url))
                seconds.append(time.monotonic() - started)
        finally:
            sandbox.close()
    yield Figure("zoo.checks", len(CHECKS), "checks", ">=", 45)
    yield Figure("zoo.seconds", median(seconds), f"s for all of them against the example, median of {REPEATS}")
    yield Figure("zoo.slowest", max(seconds), "s for the slowest", "<=", BOUND)
    yield Figure(
        "zoo.passed",
        sum(all(said is Verdict.PASSED for said in one.values()) for one in verdicts),
        "runs passed",
        ">=",
        REPEATS,
    )
    yield Figure(
        "zoo.different", sum(one != verdicts[0] for one in verdicts), "runs said something else than the first", "<=", 0
    )


def _verdicts(folder: Path, sandbox_url: str) -> dict[str, Verdict]:
    """The example as it comes, with the settings that it has in earnest."""
    with Serving(folder, sandbox_url, previous_webhook_secret=PREVIOUS, timeout=10, pause=1) as model:
        return {key: found.verdict for key, found in examined(model, PATIENCE).items()}

"""Takes down what the demo's exams play: the example integration, once as it is and once with two faults of the zoo.

python -m tests.exam.taping
"""

import json
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from portal.demo.examining import FILE
from portal.exam import running, showing, table
from portal.exam.standing import NotingSandbox
from portal.outgoing import addresses
from tests.examples.serving import Serving
from tests.sandbox.conftest import Running
from tests.zoo import callbacks, endpoint  # noqa: F401 - they enter their mutants
from tests.zoo.examining import PREVIOUS, rig
from tests.zoo.planting import MUTANTS

FAULTS = ("state_stays", "acts_twice")
LONGEST = 3000
"""Characters of a body or a command that the tape keeps."""


def main():
    addresses.configure(loopback=True)
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Running(Path(folder))
        clean, _ = _taken(Path(folder) / "clean", sandbox)
        with pytest.MonkeyPatch.context() as patch:
            for name in FAULTS:
                MUTANTS[name].plant(patch)
            faulty, wrong = _taken(Path(folder) / "faulty", sandbox)
        sandbox.close()
    differ = {table.BY_ID[key].experiment for key, one in wrong.items() if one.verdict.value == "failed"}
    tape = {
        "suite": table.SUITE_VERSION,
        "as it is": clean,
        "faulty": {name: faulty[name] for name in faulty if name in differ},
    }
    FILE.write_text(json.dumps(tape, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print({key: one.words for key, one in wrong.items() if one.verdict.value == "failed"}, f"{FILE.stat().st_size} bytes")  # noqa: T201


def _taken(folder, sandbox):
    with Serving(folder, sandbox.url, previous_webhook_secret=PREVIOUS) as serving:
        made = rig(serving)
        made.sandbox = NotingSandbox(sandbox.url, serving.settings.client_id)
        taken, said = {}, {}
        for experiment in running.experiments(table.CHECKS):
            with made.recording() as noted:
                seen = running.perform(made, experiment)
            known = showing.Known(made.secrets, tuple(made.sandbox.issued))
            taken[experiment.name] = {
                "seen": showing.observation(seen, known),
                "trace": [_short(one) for one in showing.trace(noted, known)],
                "milliseconds": round(sum(one.exchange.milliseconds for one in noted), 1),
            }
        for check in table.CHECKS:
            said[check.id] = running.judge(check, {name: one["seen"] for name, one in taken.items()}, said)
        return _marked(taken, serving, sandbox), said


def _short(entry):
    for part in (entry["request"], entry["response"] or {}):
        for name in ("body", "curl"):
            if len(part.get(name, "")) > LONGEST:
                part[name] = part[name][:LONGEST] + "…"
    return entry


def _marked(taken, serving, sandbox):
    """With marks where the address, the client id and the sandbox of the taking stood (portal.demo.tape)."""
    text = json.dumps(taken, ensure_ascii=False)
    for name, value in (("side", serving.url), ("sandbox", sandbox.url), ("client_id", serving.settings.client_id)):
        text = text.replace(quote(value, safe=""), f"⟦{name}|quoted⟧" if quote(value, safe="") != value else f"⟦{name}⟧")
        text = text.replace(value, f"⟦{name}⟧")
    for name, url in (("side_place", serving.url), ("sandbox_place", sandbox.url)):
        text = text.replace(urlsplit(url).netloc, f"⟦{name}⟧")
    return json.loads(text)


if __name__ == "__main__":
    main()

"""What each language's files are proved with, on a machine where its tools are: run, compiled or parsed.

`python -m tests.samples.toolchains` writes down what can be proved here; the rest stays as it was recorded.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from portal.samples.checked import RECORD, How, digest
from portal.samples.filling import files
from portal.samples.languages import LANGUAGES, PARTS

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node" / "node_modules"
SECONDS = 60
RUNS = {
    "python": [sys.executable, "drive.py"],
    "node": ["node", "drive.mjs"],
    "php": ["php", "drive.php"],
    "ruby": ["ruby", "drive.rb"],
}
"""How a language's driver is started."""
PARSES = {"php": ["php", "-l"], "ruby": ["ruby", "-wc"]}
VERSIONS = {
    "python": ("Python", [sys.executable, "--version"]), "node": ("Node", ["node", "--version"]),
    "php": ("PHP", ["php", "--version"]), "ruby": ("Ruby", ["ruby", "--version"]), "java": ("javac", ["javac", "--version"]),
}  # fmt: skip
WITHOUT_LIBRARY = {"php": {"verification"}, "ruby": {"verification"}}
"""Parts that need GoCardless's own package, which is not at hand for these languages: only their syntax is checked."""


def found(commands):
    """The languages among them whose tool is here."""
    usable = {"node": (NODE_MODULES / "gocardless-nodejs").exists()}
    return [key for key, command in commands.items() if shutil.which(command[0]) and usable.get(key, True)]


def write(folder, key, values):
    """The files of a language, filled in, with what drives them beside them."""
    language = next(one for one in LANGUAGES if one.key == key)
    for file in files(language, values):
        (folder / file.name).write_text(file.text)
    for driver in (HERE / "drivers").glob(f"drive.{language.suffix}"):
        shutil.copy(driver, folder)
    if key == "node":
        (folder / "node_modules").symlink_to(NODE_MODULES)
    return folder


def drive(folder, key, secrets, *arguments):
    """What the driver of a language says."""
    command = [*RUNS[key], *(one if isinstance(one, str) else json.dumps(one) for one in arguments)]
    done = run(command, folder, env={"PATH": os.environ["PATH"], "NODE_NO_WARNINGS": "1", **secrets})
    assert done.stderr == "", done.stderr
    return json.loads(done.stdout)


def run(command, folder, **more):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def parse(folder, key):
    for file in sorted(folder.glob("*.*")):
        run([*PARSES[key], file.name], folder)


def compile_java(folder):
    """Against stand-ins that have the shape of the two libraries."""
    stubs = [str(path) for path in (HERE / "stubs").rglob("*.java")]
    sources = [str(path) for path in folder.glob("*.java")]
    run(["javac", "-Xlint:all,-serial", "-Werror", "-proc:none", "-d", str(folder / "out"), *stubs, *sources], folder)


def how(key):
    """What the tests do to the parts of a language."""
    if key in RUNS:
        return {part.key: How.PARSED if part.key in WITHOUT_LIBRARY.get(key, ()) else How.RUN for part in PARTS}
    return {part.key: How.COMPILED if key == "java" else How.READ for part in PARTS}


def record():
    """Note for each language whose tool is here that its files, as they are now, are what the tests prove."""
    rows = tomllib.loads(RECORD.read_text()) if RECORD.exists() else {}
    for language in LANGUAGES:
        name, command = VERSIONS.get(language.key, ("", ()))
        if not command or shutil.which(command[0]):
            rows[language.key] = {"tool": _version(name, command), "digest": digest(language), "parts": how(language.key)}
    RECORD.write_text(HEAD + "\n".join(map(_table, rows.items())))


HEAD = "# What the tests did to these files, written by `python -m tests.samples.toolchains` after they passed.\n\n"


def _version(name, command):
    if not command:
        return ""
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return f"{name} {re.search(r'[0-9]+([.][0-9]+)+', said)[0]}"


def _table(row):
    key, values = row
    parts = "\n".join(f'{part} = "{how}"' for part, how in values["parts"].items())
    return f'[{key}]\ntool = "{values["tool"]}"\ndigest = "{values["digest"]}"\n[{key}.parts]\n{parts}\n'


if __name__ == "__main__":
    record()

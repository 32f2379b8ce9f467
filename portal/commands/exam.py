"""`portal exam run` and `portal exam list`: integration checks from the command line and in CI. Plain commands: no configuration."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from portal.exam import client, junit
from portal.exam.client import Exams, TimedOut, Wanted
from portal.exam.nouns import Family
from portal.listener.asking import Away, Refused
from portal.listener.telling import plain

FAMILIES = [family.value for family in Family]
FAILED, NOT_RUN = 1, 2
"""Exit codes besides 0: a check failed; the checks could not run to their end."""
LETTERS = {"passed": "passed ", "failed": "FAILED ", "warning": "look   ", "skipped": "skipped", "waiting": "waiting"}


@click.group()
def exam() -> None:
    """Check your integration."""


@exam.command()
@click.option("--api-key", envvar="PORTAL_API_KEY", help="An API key; better kept in PORTAL_API_KEY than typed.")
@click.option(
    "--url",
    "--portal",
    "address",
    default="http://localhost:5000",
    show_default=True,
    envvar="PORTAL_URL",
    help="Where the portal is.",
)
@click.option("--app", default="", help="Key or name of the app; not needed where there is only one.")
@click.option("--family", "families", multiple=True, type=click.Choice(FAMILIES), help="Only this family; may be repeated.")
@click.option("--check", "checks", multiple=True, help="Only this check, by its id; may be repeated.")
@click.option("--junit", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write the verdicts as JUnit's XML.")
@click.option("--people/--no-people", default=False, help="Wait for what a person must do; otherwise such checks are skipped.")
@click.option(
    "--timeout", default=900, show_default=True, type=click.IntRange(1), help="Seconds after which the exam is stopped."
)
def run(
    *, api_key: str | None, address: str, app: str, families: tuple[str, ...], checks: tuple[str, ...], report: Path | None,
    people: bool, timeout: int,
) -> None:  # fmt: skip
    """Run the integration checks of an app and wait for their end.

    Exit codes: 0 when no check failed, 1 when one did, 2 when they could not be run.
    """
    if not api_key:
        raise click.UsageError("Set PORTAL_API_KEY to an API key; admins create them in the portal at /developers/keys.")
    if families and checks:
        raise click.UsageError("Give --family or --check, not both.")
    exams = Exams(address.rstrip("/"), api_key.strip())
    found = _run(exams, Wanted(app, families, checks, people), timeout)
    if report is not None:
        report.write_bytes(junit.document(found))
    click.echo(plain(found["words"]))
    raise SystemExit({"passed": 0, "failed": FAILED}.get(found["status"], NOT_RUN))


def _run(exams: Exams, wanted: Wanted, timeout: int) -> Mapping[str, Any]:
    """The exam when it is over; leaves with 2 when it does not come to that."""
    started: Mapping[str, Any] | None = None
    try:
        started = exams.start(wanted)
        click.echo(f"{started['total']} checks of {plain(started['app']['name'])}: {started['url']}")
        return client.follow(exams, started, timeout=timeout, tell=_Teller())
    except (Refused, Away) as trouble:
        _leave(f"{plain(trouble)}.".replace("..", "."))
    except (TimedOut, KeyboardInterrupt) as end:
        if started is not None:
            _stop(exams, started["exam"])
        _leave("Stopped." if isinstance(end, KeyboardInterrupt) else f"Not over after {timeout} seconds. Stopped.")


def _stop(exams: Exams, key: str) -> None:
    try:
        exams.stop(key)
    except (Refused, Away) as trouble:
        click.echo(f"It could not be stopped: {plain(trouble)}", err=True)


def _leave(words: str) -> NoReturn:
    click.echo(words, err=True)
    raise SystemExit(NOT_RUN)


class _Teller:
    """Says each verdict once, and whom the checks wait for."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, exam: Mapping[str, Any]) -> None:
        for one in exam["results"]:
            words = "" if one["verdict"] == "passed" else f": {one['words']}"
            self._once(one["check"], f"  {LETTERS[one['verdict']]}  {one['check']}  {one['title']}{words}")
        for wait in exam["waits"]:
            self._once(f"{wait['who']}{wait['what']}", f"  waiting  {wait['who']}: {wait['what']}")

    def _once(self, name: str, line: str) -> None:
        if name not in self._said:
            self._said.add(name)
            click.echo(plain(line))


@exam.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with what is expected and which questions each check proves.")
def list_checks(*, as_json: bool) -> None:
    """Name every check: its family, the questions that it proves, and whether it is negative."""
    from portal.exam import listing  # noqa: PLC0415 - reads the catalog, which `run` does not need

    found = listing.checks()
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for one in found["checks"]:
        click.echo(f"{one['id']}  {one['title']}{' (negative)' if one['negative'] else ''}")
    negative = sum(one["negative"] for one in found["checks"])
    click.echo(f"{len(found['checks'])} checks, {negative} of them negative.")

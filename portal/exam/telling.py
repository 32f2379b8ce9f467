"""Exams as programs read them: JSON, described in docs/checks.md."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.exam import questions, reading
from portal.exam.reading import Line
from portal.models.exam import Exam


def exam(of: Exam, *, address: str) -> dict[str, Any]:
    """One exam with everything that is judged; `url` is its page for people."""
    return {
        "exam": of.key,
        "app": {"key": of.app.key, "name": of.app.name, "environment": of.app.environment.value},
        "status": of.status.value,
        "over": reading.is_over(of.status),
        "words": of.words,
        "chosen": of.chosen,
        "done": of.position,
        "total": len(of.checks),
        "tally": of.tally,
        "suite": of.suite,
        "catalog": of.catalog_version,
        "version": of.version,
        "started_at": _at(of.started_at),
        "ended_at": _at(of.ended_at),
        "waits": [{"experiment": name, "who": wait["who"], "what": wait["what"]} for name, wait in of.waits.items()],
        "results": [_result(line, address) for line in reading.lines_of(of) if line.result],
        "url": f"{address}/developers/checks/exams/{of.key}",
    }


def _result(line: Line, address: str) -> Mapping[str, Any]:
    result, about = line.result, line.check
    if result is None:
        return {}
    return {
        "check": about.id,
        "family": about.family.value,
        "title": about.title,
        "negative": about.negative,
        "verdict": result.verdict.value,
        "words": result.words,
        "seen": result.seen,
        "expected": about.expected,
        "guide": questions.guide(about).url,
        "milliseconds": round(result.milliseconds),
        "at": _at(result.at),
        "url": f"{address}/developers/checks/results/{result.key}",
    }


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""An exam as JUnit's XML, which every CI reads: a suite a family, a test a check."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

Result = Mapping[str, Any]


def document(exam: Mapping[str, Any]) -> bytes:
    """From what the API told of an exam that is over."""
    results: Sequence[Result] = exam["results"]
    root = ET.Element("testsuites", {"name": "Integration checks", **_counts(results)})
    for family in dict.fromkeys(str(one["family"]) for one in results):
        _suite(root, exam, family, [one for one in results if one["family"] == family])
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: ET.Element, exam: Mapping[str, Any], family: str, results: Sequence[Result]) -> None:
    suite = ET.SubElement(root, "testsuite", {"name": family, "timestamp": str(exam["started_at"])[:19], **_counts(results)})
    properties = ET.SubElement(suite, "properties")
    for name, value in (("exam", exam["url"]), ("app", exam["app"]["name"]), ("suite", exam["suite"])):
        ET.SubElement(properties, "property", name=name, value=_plain(value))
    for one in results:
        _case(suite, family, one)


def _case(suite: ET.Element, family: str, one: Result) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"checks.{family}", name=_plain(f"{one['check']}: {one['title']}"), time=_seconds([one])
    )
    verdict, words = one["verdict"], _plain(one["words"])
    if verdict == "failed":
        failure = ET.SubElement(case, "failure", message=words, type=str(one["check"]))
        failure.text = _plain(f"{words}\nSeen: {one['seen']}\nExpected: {one['expected']}\n{one['guide']}\n{one['url']}")
    elif verdict in ("skipped", "waiting"):
        ET.SubElement(case, "skipped", message=words)
    else:
        ET.SubElement(case, "system-out").text = words if verdict == "passed" else f"Worth a look: {words}"


def _counts(results: Sequence[Result]) -> dict[str, str]:
    failures = sum(one["verdict"] == "failed" for one in results)
    skipped = sum(one["verdict"] in ("skipped", "waiting") for one in results)
    counts = {"tests": len(results), "failures": failures, "errors": 0, "skipped": skipped}
    return {name: str(count) for name, count in counts.items()} | {"time": _seconds(results)}


def _seconds(results: Sequence[Result]) -> str:
    return f"{sum(one['milliseconds'] for one in results) / 1000:.3f}"


def _plain(said: object) -> str:
    """Without what XML 1.0 cannot carry."""
    return "".join(char if char in "\n\t" or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(said))

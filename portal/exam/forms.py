"""From the posted forms of this room to plain values: what was typed, valid or not."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.account.forms import clean
from portal.exam import choosing
from portal.exam.choosing import Chosen
from portal.exam.declaring import LONGEST, Typed
from portal.exam.nouns import Family
from portal.models.exam import Exam, ExamSettings
from portal.refusals import Invalid
from portal.web import number

Posted = MultiDict[str, str]
TEXTS = ("connect_url", "login_url", "action_url", "link", "header_name", "header_value")


def declared(posted: Posted) -> Typed:
    """The form of an app's test settings, as it was typed."""
    texts = {name: clean(posted.get(name, ""))[: LONGEST + 1].strip() for name in TEXTS}
    return Typed(**texts, drop_header=bool(posted.get("drop_header")), version=posted.get("version", 0, type=number))


def of(kept: ExamSettings | None) -> Typed:
    """The form as it stands on the page; the value of the header is never printed."""
    if kept is None:
        return Typed()
    return Typed(kept.connect_url, kept.login_url, kept.action_url, kept.link, kept.header_name, version=kept.version)


def chosen(posted: Posted) -> Chosen:
    """A family, one check, or all of them. Raises Invalid for what there is none of."""
    if name := posted.get("check"):
        return _one(name)
    return families([posted["family"]]) if posted.get("family") else choosing.everything()


def _one(name: str) -> Chosen:
    try:
        return choosing.one(name)
    except KeyError:
        raise Invalid({"check": "There is no such check. Reload the page; the checks may have changed."}) from None


def families(names: Iterable[str]) -> Chosen:
    """Raises Invalid for a name that is no family's."""
    known = {family.value: family for family in Family}
    asked = list(names)
    if unknown := next((name for name in asked if name not in known), None):
        raise Invalid({"family": f"There is no family “{clean(str(unknown))[:40]}”; there are {', '.join(known)}."})
    return choosing.families([known[name] for name in asked])


def asked(document: Any) -> Chosen:
    """What a program asked for: {"families": […]}, {"checks": […]} or neither for all. Raises Invalid."""
    given = document if isinstance(document, dict) else {}
    names = {field: _texts(field, given.get(field)) for field in ("families", "checks")}
    if names["families"] and names["checks"]:
        raise Invalid({"checks": "Give families or checks, not both."})
    if names["families"]:
        return families(names["families"])
    for name in names["checks"]:
        _one(name)
    return choosing.some(names["checks"]) if names["checks"] else choosing.everything()


def _texts(field: str, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Invalid({field: f"“{field}” is a list of texts."})
    return value


def again(exam: Exam, posted: Posted, failed: list[str]) -> Chosen:
    """One check of an exam, its failed ones, or the same ones."""
    if posted.get("check"):
        return _one(posted["check"])
    if posted.get("what") == "failed":
        return choosing.some(failed, choosing.FAILED)
    return choosing.some(exam.checks, exam.chosen)

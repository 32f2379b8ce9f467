"""Makes whole stories of the short entries in data/others.toml: partners who fill the queue and the past."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalog import certification
from portal.demo import trade

Told = Mapping[str, Any]
CATEGORY_ITEMS = {"education": "Course", "charity": "Donation", "membership": "Membership", "property": "Rent"}


def stories(partners: list[dict[str, Any]], remarks: Told) -> list[dict[str, Any]]:
    return [_story(partner, remarks) for partner in partners]


def _story(entry: Told, remarks: Told) -> dict[str, Any]:
    before = int(entry["submitted"][:-1])
    steps = [*_work(entry, before), *_review(entry, remarks), *_launched(entry), *trade.leads(entry), *trade.cases(entry)]
    launch = {"launch": entry["launch"]} if "launch" in entry else {}
    return {**_company(entry, before + 14 + 9 * _pace(entry)), "step": steps, **launch}


def stopped(partners: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stories of those who stand where they stood long ago."""
    return [{**_company(entry, _since(entry) + 5), "step": list(_first_steps(entry))} for entry in partners]


def _first_steps(entry: Told) -> Iterator[dict[str, Any]]:
    """As far as it came: the last one so many days ago."""
    steps: list[dict[str, Any]] = [{"by": "priya", "does": "accept"}]
    if entry["reached"] in ("joined", "account"):
        steps.append({"by": entry["username"], "does": "join"})
    if entry["reached"] == "account":
        steps.append({"by": entry["username"], "does": "account", "complete": True})
    for number, step in enumerate(reversed(steps)):
        yield {"at": f"{_since(entry) + 2 * number}d 1{5 - number}:20", **step}


def _since(entry: Told) -> int:
    return int(entry["since"][:-1])


def _pace(entry: Told) -> int:
    """Working days from one section to the next."""
    return int(entry.get("pace", 2))


def _company(entry: Told, registered: int) -> dict[str, Any]:
    """Who it is, and when it registered."""
    return {
        "partner": {
            **entry,
            "company": entry["product"],
            "item": CATEGORY_ITEMS.get(entry["category"], "Invoice"),
            "shared_pictures": True,
        },
        "registration": {
            "at": f"{registered}d 11:00",
            "country": "GB",
            "contact": entry["username"],
            "job_title": "Head of Product",
            "about": f"{entry['product']} would like to offer its users Direct Debit and Pay by Bank inside the product.",
        },
        "person": [{"username": entry["username"], "name": entry["person"], "role": "admin"}],
        "profile": _profile(entry),
        "contact": [_contact(entry)],
    }


def _profile(entry: Told) -> dict[str, Any]:
    product = entry["product"]
    return {
        "legal_name": f"{product} Ltd",
        "trading_name": product,
        "website": f"https://{entry['domain']}",
        "head_office": "GB",
        "time_zone": "Europe/London",
        "description": f"{product} is used by small organisations to run their daily work, send what is due, and be paid on time.",
        "category": entry["category"],
        "use_cases": ["invoicing", "subscriptions"],
        "user_types": ["company"],
        "user_sizes": ["micro", "small"],
        "user_countries": ["GB"],
        "schemes": ["bacs", "faster_payments"],
    }


def _contact(entry: Told) -> dict[str, Any]:
    first, _, last = entry["person"].rpartition(" ")
    email = f"{entry['username']}@{entry['domain']}"
    return {"first_name": first, "last_name": last, "email": email, "job_title": "Head of Product", "roles": ["primary"]}


def _work(entry: Told, before: int) -> Iterator[dict[str, Any]]:
    me, pace = entry["username"], _pace(entry)
    begun = before + 9 * pace
    yield {"at": f"{begun + 13}d 10:00", "by": "priya", "does": "accept"}
    yield {"at": f"{begun + 12}d 09:30", "by": me, "does": "join"}
    yield {"at": f"{begun + 10}d 15:00", "by": me, "does": "account", "complete": True}
    for number, section in enumerate(certification().sections):
        yield {"at": f"{begun + 6 - pace * number}d 11:30", "by": me, "does": "finish", "section": section.key}
    yield {"at": f"{entry['submitted']} 10:40", "by": me, "does": "confirm"}


def _review(entry: Told, remarks: Told) -> Iterator[dict[str, Any]]:
    if "reviewer" in entry:
        yield {"at": f"{int(entry['submitted'][:-1]) - 1}d 09:30", "by": entry["reviewer"], "does": "take"}
    if "paused" in entry:
        yield {"at": f"{entry['paused']} 14:00", "by": entry["reviewer"], "does": "pause", **_pick(entry, "section", "reason")}
    if "answered" in entry:
        yield from _two_rounds(entry, remarks[entry["question"]])


def _two_rounds(entry: Told, remark: Told) -> Iterator[dict[str, Any]]:
    question, reviewer = entry["question"], entry["reviewer"]
    asked = certification().section_of(question).key
    rest = [section.key for section in certification().sections if section.key != asked]
    answered, decided = entry["answered"], entry["decided"]
    corrected = {"section": asked, "answers": {question: remark["answer"]}}
    yield {
        "at": f"{answered} 10:30",
        "by": reviewer,
        "does": "ask",
        "section": asked,
        "question": question,
        "text": remark["asks"],
    }
    yield {"at": f"{answered} 11:30", "by": reviewer, "does": "approve", "sections": rest}
    yield {"at": f"{answered} 11:40", "by": reviewer, "does": "send"}
    yield {"at": f"{entry['again']} 09:40", "by": entry["username"], "does": "correct", **corrected}
    yield {"at": f"{entry['again']} 09:45", "by": entry["username"], "does": "resubmit", "sections": [asked]}
    yield {"at": f"{decided} 15:10", "by": reviewer, "does": "approve", "sections": [asked]}
    yield {"at": f"{decided} 15:12", "by": reviewer, "does": "send"}


def _launched(entry: Told) -> Iterator[dict[str, Any]]:
    """Sent so many days ago; published when it says so."""
    if "launch" in entry:
        yield {"at": f"{entry['launch']['sent']} 11:20", "by": entry["username"], "does": "launch"}
        if "published" in entry["launch"]:
            yield {"at": f"{entry['launch']['published']} 09:50", "by": "priya", "does": "publish"}


def _pick(entry: Told, *names: str) -> dict[str, Any]:
    return {name: entry[name] for name in names}

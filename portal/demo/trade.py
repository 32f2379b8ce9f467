"""Leads and cases of the partners in data/others.toml: short entries become the steps of sales and of the desk."""

from collections.abc import Iterator, Mapping
from typing import Any

Told = Mapping[str, Any]
ON_THE_WAY = {"won": ("accepted", "contacted", "qualified"), "lost": ("accepted", "contacted")}
SAID = {
    "accepted": "Thank you. We get in touch with them this week.",
    "contacted": "We spoke, and they asked for an offer.",
    "qualified": "They want to go on, and compare our offer with what they pay today.",
}
"""What sales tell the partner at each stage."""


def leads(entry: Told) -> Iterator[dict[str, Any]]:
    """Brought and moved on every other day until each came to its end."""
    for lead in entry.get("lead", ()):
        brought, company = int(lead["brought"][:-1]), lead["company"]
        yield {"at": f"{brought}d 10:20", "by": entry["username"], "does": "bring lead", "lead": _typed(lead)}
        for number, stage in enumerate(ON_THE_WAY[lead["ends"]], 1):
            told = {"does": "move lead", "company": company, "to": stage, "text": SAID[stage]}
            yield {"at": f"{brought - 2 * number}d 11:10", "by": "sam", **told}
        ended = {"does": "move lead", "company": company, "to": lead["ends"], "text": lead["words"]}
        yield {"at": f"{lead['ended']} 16:00", "by": "sam", **ended}


def _typed(lead: Told) -> dict[str, Any]:
    """As the form would have it."""
    site = lead["company"].lower().replace("'", "").replace(" ", "-")
    return {
        "last_name": "Office",
        "email": f"office@{site}.example",
        "consent": "y",
        "company": lead["company"],
        "country": "GB",
        "industry": lead["industry"],
        "description": lead["description"],
        "has_account": "no",
        "schemes": ["bacs"],
        "payments": lead["payments"],
        "currency": "GBP",
        "average": lead["average"],
        "collects": "subscription",
    }


def cases(entry: Told) -> Iterator[dict[str, Any]]:
    """Opened in the morning, answered and resolved on the day that the entry names."""
    for number, case in enumerate(entry.get("case", ()), 1):
        asked = {name: case[name] for name in ("category", "subject", "text")}
        yield {"at": f"{case['opened']} 11:40", "by": entry["username"], "does": "open case", **asked}
        answer = {"does": "write case", "case": number, "then": "resolve", "text": case["answer"]}
        yield {"at": f"{case['answered']} 10:15", "by": "priya", **answer}

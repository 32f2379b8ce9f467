"""What a partner says of an app (partner guide, "Create a partner app"), as plain values, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from portal.apps import addresses, parts
from portal.models.partner_app import PartnerApp
from portal.status import Environment

LONGEST_NAME, LONGEST_DESCRIPTION = 80, 2000
MOST_REDIRECTS = 20
MOST_TOLD = 5
URLS = {"homepage_url": "homepage", "post_onboarding_url": "post-onboarding URL", "webhook_url": "webhook URL"}


@dataclass(frozen=True, slots=True)
class Details:
    """Everything but credentials. The redirect URIs are all of them, the portal's own first."""

    name: str
    description: str
    homepage_url: str
    redirect_uris: list[str]
    post_onboarding_url: str
    webhook_url: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def of(app: PartnerApp) -> Details:
    return Details(
        name=app.name,
        description=app.description,
        homepage_url=app.homepage_url,
        redirect_uris=list(app.redirect_uris),
        post_onboarding_url=app.post_onboarding_url,
        webhook_url=app.webhook_url,
    )


def problems(details: Details, *, environment: Environment, own: Iterable[str], hook: str) -> dict[str, str]:
    """What is wrong, by field. `own` are the portal's own redirect URIs, `hook` its receiver for this app."""
    live = environment is Environment.LIVE
    mine = set(own)
    found = {
        "name": _name(details.name),
        "description": _text(details.description, LONGEST_DESCRIPTION),
        "redirect_uris": _redirects([uri for uri in details.redirect_uris if uri not in mine], len(mine), live=live),
        **{field: _url(getattr(details, field), live=live) for field in URLS},
    }
    if details.webhook_url and details.webhook_url == hook:
        found["webhook_url"] = "This is the portal's own receiver. Enter the address of your product, or leave it empty."
    return {field: words for field, words in found.items() if words}


def _name(name: str) -> str:
    return _text(name, LONGEST_NAME) if len(name) >= 2 else "Enter the name that merchants see, 2 to 80 characters."


def _text(text: str, most: int) -> str:
    hidden = next((char for char in text if parts.unseen(char) and char not in " \n\t\u200d"), "")
    if hidden:
        return f"There is a {parts.named(hidden)} in it. Remove it."
    return f"This has {len(text):,} characters; at most {most:,} are taken." if len(text) > most else ""


def _url(url: str, *, live: bool) -> str:
    fault = addresses.fault(url, live=live) if url else None
    return fault.words if fault else ""


def _redirects(uris: list[str], own: int, *, live: bool) -> str:
    """Each line that is wrong by its number, the first few of them."""
    if len(uris) + own > MOST_REDIRECTS:
        kept = f", {own} of them for the portal's own" if own else ""
        return f"You entered {len(uris):,} redirect URIs. At most {MOST_REDIRECTS} can be registered{kept}."
    if not uris and not own:
        return "Enter at least one redirect URI."
    wrong = [
        f"Line {number}: {words}" for number, uri in enumerate(uris, 1) if (words := _line(uri, uris[: number - 1], live=live))
    ]
    more = f" And {len(wrong) - MOST_TOLD} more lines." if len(wrong) > MOST_TOLD else ""
    return " ".join(wrong[:MOST_TOLD]) + more


def _line(uri: str, before: list[str], *, live: bool) -> str:
    fault = addresses.fault(uri, live=live)
    if fault:
        return fault.words
    return f"The same as line {before.index(uri) + 1}. Remove one of them." if uri in before else ""

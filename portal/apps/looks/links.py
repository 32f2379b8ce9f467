"""A link of the partner's own product: the page that it leads to, and what its query carries."""

from collections.abc import Iterator, Mapping

from portal.apps import comparing, credentials
from portal.apps.finding import Finding
from portal.apps.parts import path_of, place_of, split
from portal.apps.surroundings import Ask, Surroundings
from portal.models.partner_app import PartnerApp
from portal.status import ENVIRONMENT

AUTHORIZE = "/oauth/authorize"


def link(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    """What only a link of the partner's own can get wrong."""
    if ask.link is None:
        return
    yield from _page(ask.link["url"], around)
    yield from _query(app, around, ask, ask.link)


def _page(url: str, around: Surroundings) -> Iterator[Finding]:
    same_place = split(url)[2:4] == split(around.place.connect_url)[2:4]
    if not same_place and place_of(url) != place_of(around.place.connect_url):
        yield _other_host(url, around)
    if split(url).scheme != split(around.place.connect_url).scheme:
        yield Finding(
            "link_scheme", f"The link begins with {split(url).scheme}.", comparing.caret(around.place.connect_url, url)
        )
    if path_of(url) != AUTHORIZE:
        yield Finding("link_path", f"The page is {AUTHORIZE}.", comparing.caret(AUTHORIZE, path_of(url)))


def _query(app: PartnerApp, around: Surroundings, ask: Ask, sent: Mapping[str, str]) -> Iterator[Finding]:
    if sent.get("response_type") != "code":
        yield Finding("link_response_type", "response_type must be code.", comparing.visible(sent.get("response_type", "")))
    if ask.client_id and ask.client_id != app.client_id:
        yield _other_client(app, around, ask)
    for name in ("client_id", "redirect_uri"):
        if not sent.get(name):
            yield Finding(f"link_no_{name}", f"The link has no {name}.")
    if not sent.get("state"):
        words = "The link has no state. Without an unguessable value that you check on return, anybody can connect their account to yours."
        yield Finding("link_no_state", words, stops=False)


def _other_host(url: str, around: Surroundings) -> Finding:
    """Perhaps another environment's."""
    of = next((name for name, place in around.elsewhere.items() if place_of(place.connect_url) == place_of(url)), None)
    what = f"the one of {ENVIRONMENT[of].words}" if of else "none that the portal knows"
    words = f"The link leads to another host than this app's environment: {what}."
    return Finding("link_host", words, comparing.caret(around.place.connect_url, url))


def _other_client(app: PartnerApp, around: Surroundings, ask: Ask) -> Finding:
    """Perhaps that of another of the partner's apps."""
    environment = credentials.Known.of(around.siblings).client_ids.get(ask.client_id)
    whose = f" It is the one of your {ENVIRONMENT[environment].words} app." if environment else ""
    words = f"The link names another client_id than this app's.{whose}"
    return Finding("link_client_id", words, comparing.caret(app.client_id, ask.client_id))

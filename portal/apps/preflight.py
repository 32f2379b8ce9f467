"""Pre-flight: names the mistakes of an app's configuration before a run meets them. Pure: what must be asked is in asking.py."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal import outgoing
from portal.apps import addresses, comparing, credentials
from portal.apps.finding import Finding
from portal.apps.parts import host_of, on_this_machine, path_of, place_of, private, split
from portal.gocardless import Place
from portal.models.partner_app import PartnerApp
from portal.status import ENVIRONMENT, Environment

__all__ = ["Ask", "Finding", "Surroundings", "look"]
MOST_REDIRECTS = 20
AGAIN = "Save the app once more, and it is added."
AUTHORIZE = "/oauth/authorize"
SCOPES = ("read_write", "read_only")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the app meets: the hosts of its environment and of the others, the portal's own addresses, the partner's other apps."""

    place: Place
    callback: str
    """The portal's own redirect URI."""
    hook: str
    """Where the portal receives this app's webhooks."""
    elsewhere: Mapping[Environment, Place] = field(default_factory=dict)
    siblings: Sequence[PartnerApp] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run, or an authorise link of the partner's own product, sends. Empty: as the portal does it."""

    redirect_uri: str = ""
    scope: str = "read_write"
    client_id: str = ""
    link: Mapping[str, str] | None = None
    """Of a link: everything that its query carries, and `url`, the page it leads to."""


def look(app: PartnerApp, around: Surroundings, ask: Ask = Ask()) -> list[Finding]:
    """Everything that can be seen without asking anybody, what stops a run first. Empty when nothing is wrong."""
    looks = (_life, _client, _secrets, _redirect, _list, _scope, _hosts, _link, _webhook, _onboarding)
    found = [finding for one in looks for finding in one(app, around, ask)]
    return sorted(found, key=lambda finding: not finding.stops)


def _life(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if app.retired_at:
        yield Finding("retired", "This app is retired: it starts no runs and takes no webhooks.")
    if app.environment is Environment.LIVE:
        yield Finding("live", "This is a live app. Runs are made in a sandbox only.")
    if not app.terms_accepted_at:
        yield Finding("terms", "The Partner Agreement has not been accepted for this app.", where="terms", stops=False)


def _client(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    known = credentials.Known.of(around.siblings)
    fault = credentials.client_id_fault(app.client_id, environment=app.environment, known=known)
    if fault:
        yield Finding(f"client_id_{fault.code}", fault.words, where="credentials")
    if ask.client_id and ask.client_id != app.client_id:
        yield Finding("link_client_id", *_other_client(app, ask, known), where="")


def _other_client(app: PartnerApp, ask: Ask, known: credentials.Known) -> tuple[str, str]:
    environment = known.client_ids.get(ask.client_id)
    whose = f" It is the one of your {ENVIRONMENT[environment].words} app." if environment else ""
    return f"The link names another client_id than this app's.{whose}", comparing.caret(app.client_id, ask.client_id)


def _secrets(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    known = credentials.Known.of(around.siblings)
    for kind, value in (("client_secret", app.client_secret), ("webhook_secret", app.webhook_secret)):
        fault = credentials.secret_fault(value or "", kind, client_id=app.client_id, environment=app.environment, known=known)
        if fault:
            yield Finding(f"{kind}_{fault.code}", fault.words, where="credentials", stops=kind == "client_secret")
    if app.client_secret and app.client_secret == app.webhook_secret:
        yield Finding("secrets_same", credentials.SAME, where="credentials")


def _redirect(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    registered = list(app.redirect_uris)
    if not registered:
        yield Finding("redirect_none", "No redirect URI is registered.", where="redirect_uris")
        return
    if ask.redirect_uri and ask.redirect_uri not in registered:
        yield _differing(ask.redirect_uri, registered)
    if around.callback not in registered:
        yield _no_callback(around.callback, registered)


def _differing(asked: str, registered: list[str]) -> Finding:
    near = comparing.nearest(asked, registered)
    code, words = comparing.difference(near, asked)
    return Finding(f"redirect_{code}", words, comparing.caret(near, asked), "redirect_uris")


def _no_callback(callback: str, registered: list[str]) -> Finding:
    if comparing.related(comparing.nearest(callback, registered), callback):
        found = _differing(callback, registered)
        return replace(found, words=f"The portal's own redirect URI: {found.words} {AGAIN}")
    words = "The portal's own address is not among the redirect URIs, so that a run could not come back. " + AGAIN
    return Finding("callback_missing", words, callback, "redirect_uris")


def _list(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    registered = list(app.redirect_uris)
    if len(registered) > MOST_REDIRECTS:
        words = f"{len(registered)} redirect URIs are registered; GoCardless takes at most {MOST_REDIRECTS}."
        yield Finding("redirect_too_many", words, where="redirect_uris", stops=False)
    for uri in dict.fromkeys(registered):
        if registered.count(uri) > 1:
            yield Finding("redirect_twice", "This redirect URI is registered twice.", uri, "redirect_uris", stops=False)
        fault = addresses.fault(uri, live=app.environment is Environment.LIVE)
        if fault:
            yield Finding(f"redirect_bad_{fault.code}", fault.words, comparing.visible(uri), "redirect_uris", stops=False)


def _scope(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if ask.scope not in SCOPES:
        yield Finding(
            "scope_unknown", "The scope is read_write or read_only, exactly one of them.", comparing.visible(ask.scope)
        )


def _hosts(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    mine = ENVIRONMENT[app.environment].words
    for code, name, url in (("connect", "connect", around.place.connect_url), ("api", "API", around.place.api_url)):
        for environment, other in around.elsewhere.items():
            if environment is not app.environment and place_of(url) in (place_of(other.connect_url), place_of(other.api_url)):
                words = f"The {name} address of the {mine} environment is set to a host of {ENVIRONMENT[environment].words}."
                yield Finding(f"{code}_host_mixed", words, url)
        if path_of(url) not in ("", "/"):
            words = f"The {name} address has a path, which the official client libraries drop."
            yield Finding(f"{code}_path", words, url)
        if split(url).scheme != "https" and not on_this_machine(host_of(url)):
            yield Finding(f"{code}_http", f"The {name} address is not https.", url)


def _link(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    """What only a link of the partner's own can get wrong."""
    if ask.link is None:
        return
    url, sent = ask.link["url"], ask.link
    same_place = split(url)[2:4] == split(around.place.connect_url)[2:4]
    if not same_place and place_of(url) != place_of(around.place.connect_url):
        yield _other_host(url, around)
    if split(url).scheme != split(around.place.connect_url).scheme:
        yield Finding(
            "link_scheme", f"The link begins with {split(url).scheme}.", comparing.caret(around.place.connect_url, url)
        )
    if path_of(url) != AUTHORIZE:
        yield Finding("link_path", f"The page is {AUTHORIZE}.", comparing.caret(AUTHORIZE, path_of(url)))
    if sent.get("response_type") != "code":
        yield Finding("link_response_type", "response_type must be code.", comparing.visible(sent.get("response_type", "")))
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


def _webhook(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    url = app.webhook_url
    if not url:
        words = "No webhook URL of your own is set. The portal still receives this app's webhooks and shows them."
        yield Finding("webhook_missing", words, where="webhook_url", stops=False)
        return
    if url == around.hook:
        words = "This is the portal's own receiver: webhooks would be passed on to where they came from."
        yield Finding("webhook_loop", words, url, "webhook_url", stops=False)
    elif url in (around.callback, *app.redirect_uris):
        words = "The webhook URL is also a redirect URI: browsers come to one, servers to the other."
        yield Finding("webhook_is_redirect", words, url, "webhook_url", stops=False)
    else:
        yield from list(_own(url, "webhook", "webhook URL", app)) or _not_called(url, app)


def _not_called(url: str, app: PartnerApp) -> Iterator[Finding]:
    """An address that others reach, but that the portal does not call."""
    try:
        outgoing.check(url, plain=app.environment is not Environment.LIVE)
    except outgoing.NotSent as refused:
        words = f"The portal cannot pass webhooks on to it. {refused.words}"
        yield Finding("webhook_not_called", words, url, "webhook_url", stops=False)


def _onboarding(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if app.post_onboarding_url:
        yield from _own(app.post_onboarding_url, "post_onboarding", "post-onboarding URL", app)


def _own(url: str, field_name: str, words: str, app: PartnerApp) -> Iterator[Finding]:
    """An address of the partner's that others must reach."""
    fault = addresses.fault(url, live=app.environment is Environment.LIVE)
    if fault:
        yield Finding(
            f"{field_name}_{fault.code}",
            f"The {words}: {fault.words}",
            comparing.visible(url),
            f"{field_name}_url",
            stops=False,
        )
    elif private(host_of(url)):
        said = f"Only this machine or its network can reach the {words}."
        yield Finding(f"{field_name}_private", said, url, f"{field_name}_url", stops=False)

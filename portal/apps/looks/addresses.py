"""The addresses of an app: what is asked for against what is registered, each by itself, and who can reach them."""

from collections.abc import Iterator
from dataclasses import replace

from portal import outgoing
from portal.apps import addresses, comparing
from portal.apps.finding import Finding
from portal.apps.parts import host_of, private
from portal.apps.surroundings import Ask, Surroundings
from portal.models.partner_app import PartnerApp
from portal.status import Environment

MOST_REDIRECTS = 20
AGAIN = "Save the app once more, and it is added."


def redirect(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
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


def registered_list(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
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


def webhook(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
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
        yield from list(_reached(url, "webhook", "webhook URL", app)) or _not_called(url, app)


def _not_called(url: str, app: PartnerApp) -> Iterator[Finding]:
    """An address that others reach, but that the portal does not call."""
    try:
        outgoing.check(url, plain=app.environment is not Environment.LIVE)
    except outgoing.NotSent as refused:
        words = f"The portal cannot pass webhooks on to it. {refused.words}"
        yield Finding("webhook_not_called", words, url, "webhook_url", stops=False)


def onboarding(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if app.post_onboarding_url:
        yield from _reached(app.post_onboarding_url, "post_onboarding", "post-onboarding URL", app)


def _reached(url: str, field_name: str, words: str, app: PartnerApp) -> Iterator[Finding]:
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

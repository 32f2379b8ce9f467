"""Callbacks: what the partner's product makes of those who come back from GoCardless, and of those who only pretend to."""

from collections.abc import Callable

from portal.exam.callbacks import judging
from portal.exam.callbacks.trying import EXPERIMENTS
from portal.exam.nouns import WITH_LEVERS, Check, Family, Judgement, Observation

__all__ = ["CHECKS", "EXPERIMENTS"]
TWO_WAYS = (
    "A callback is an address that anybody can open. What cannot be trusted is refused, and never believed or stumbled over."
)


def _check(
    name: str,
    title: str,
    expected: str,
    why: str,
    judge: Callable[[Observation], Judgement],
    *,
    experiment: str = "connect",
    needs: tuple[str, ...] = ("callbacks.exchanged",),
) -> Check:
    return Check(
        id=f"callbacks.{name}",
        family=Family.CALLBACKS,
        title=title,
        expected=expected,
        why=why,
        guide="connect",
        negative=experiment != "connect" and judge is not judging.shown,
        experiment=f"callbacks.{experiment}",
        judge=judge,
        needs=needs,
        environments=WITH_LEVERS,
    )


STATE = ("callbacks.connected", "links.state")
TROUBLE = ("callbacks.lands", "callbacks.code_wrong")
CHECKS = (
    _check(
        "exchanged",
        "The code is exchanged",
        "When a merchant comes back with a code, your server sends it to the token endpoint.",
        "Without the exchange there is no connection.",
        judging.exchanged,
        needs=("links.leads", "links.host", "links.redirect_uri"),
    ),
    _check(
        "exchanged_once",
        "The code is exchanged once",
        "One call to the token endpoint for one code.",
        "A code is good for one use. A second call is refused, and whoever sees it may take the first for stolen.",
        judging.once,
    ),
    _check(
        "redirect_uri",
        "The exchange repeats the redirect_uri",
        "redirect_uri in the exchange is the one of the request, byte for byte.",
        "GoCardless compares both, so that a code that was caught elsewhere is good for nothing.",
        judging.same_redirect,
    ),
    _check(
        "grant_type",
        "The grant type is right",
        "grant_type=authorization_code.",
        "It is the only grant that GoCardless has.",
        judging.grant_type,
    ),
    _check(
        "credentials",
        "The app proves who it is",
        "client_id and client_secret are sent with the exchange, in the body or by HTTP Basic, and accepted.",
        "Only your server can turn a code into a token.",
        judging.credentials,
    ),
    _check(
        "secret_hidden",
        "No secret stands in an address",
        "client_secret and code are in the body of the exchange, not in its address.",
        "Addresses are kept in logs on both sides and on the way.",
        judging.hidden,
    ),
    _check(
        "connected",
        "The merchant is connected",
        "GoCardless gives an access token for the code.",
        "It is what the whole way is for.",
        judging.connected,
        needs=("callbacks.exchanged", "callbacks.redirect_uri", "callbacks.grant_type", "callbacks.credentials"),
    ),
    _check(
        "lands",
        "The merchant ends on a page of yours",
        "After connecting the merchant sees a page that answers 2xx.",
        "A merchant who sees an error tries again, or gives up, although the connection is there.",
        judging.lands,
        needs=("callbacks.connected",),
    ),
    _check(
        "clean_page",
        "Code and token are not in the page",
        "Neither the code nor the access token is in the page that the merchant sees.",
        "What is in a page is in caches, in screenshots and in reach of every script.",
        judging.clean_page,
        needs=("callbacks.lands",),
    ),
    _check(
        "clean_address",
        "Code and token are not in the address",
        "The address that the merchant ends at holds neither the code nor the access token.",
        "Addresses stay in the history and are told to every site that the page links to.",
        judging.clean_address,
        needs=("callbacks.lands",),
    ),
    _check(
        "state_unknown",
        "An unknown state is refused",
        "A callback with a state that nobody was given leads to no exchange.",
        f"Otherwise an attacker connects your user to an account of the attacker's. {TWO_WAYS}",
        judging.not_fooled,
        experiment="state_unknown",
        needs=STATE,
    ),
    _check(
        "state_missing",
        "A missing state is refused",
        "A callback without a state, or with an empty one, leads to no exchange.",
        "What is left out must not be easier than what is wrong.",
        judging.not_fooled,
        experiment="state_missing",
        needs=("callbacks.state_unknown",),
    ),
    _check(
        "state_tampered",
        "A changed state is refused",
        "A state of which a character is changed, cut off or appended leads to no exchange.",
        "The whole value has to be compared, not its beginning.",
        judging.not_fooled,
        experiment="state_tampered",
        needs=("callbacks.state_unknown",),
    ),
    _check(
        "state_replayed",
        "A used state is refused",
        "The state of a visit that is over leads to no second exchange.",
        "A state that stays good can be taken from a history or a log and used with another code.",
        judging.not_again,
        experiment="state_replayed",
        needs=("callbacks.state_unknown", "links.state_fresh"),
    ),
    _check(
        "state_of_another",
        "Another session's state is refused",
        "A state that was given to one browser leads to no exchange in another.",
        "The attacker gets a good state by starting a connection. It must not work for the victim.",
        judging.not_fooled,
        experiment="state_of_another",
        needs=("callbacks.state_unknown", "links.state_fresh"),
    ),
    _check(
        "denied",
        "A refusal is survived",
        "error=access_denied leads to a page below 500 and to no exchange.",
        "Merchants say no. They should come back to your product, not to an error.",
        judging.denied,
        experiment="denied",
    ),
    _check(
        "error_escaped",
        "Errors cannot write into the page",
        "Markup in error and error_description is shown as text, or not at all.",
        "Anybody can make a link with a description. In your page it would be a script of theirs.",
        judging.escaped,
        experiment="described",
        needs=("callbacks.denied",),
    ),
    _check(
        "error_shown",
        "The reason of an error is shown",
        "The merchant reads the error_description that GoCardless sends.",
        "Who knows the reason can do something about it, or tell it to you.",
        judging.shown,
        experiment="described",
        needs=("callbacks.error_escaped",),
    ),
    _check(
        "code_wrong",
        "A refused code is survived",
        "A code that was never given, or whose time is over, leads to a page below 500.",
        "Codes are good for minutes. A merchant who took longer should be asked to start again.",
        judging.wrong_code,
        experiment="code_wrong",
        needs=("callbacks.connected",),
    ),
    _check(
        "failure_told",
        "A failure does not look like a success",
        "After a refused code the merchant does not see the page of a success.",
        "A merchant who believes to be connected waits for money that never comes.",
        judging.failure_told,
        experiment="code_wrong",
        needs=TROUBLE,
    ),
    _check(
        "code_used",
        "A used code is survived",
        "A code that was exchanged before leads to a page below 500, and the connection it made stays.",
        "Browsers repeat requests. Nobody's connection may end by that.",
        judging.used_code,
        experiment="code_used",
        needs=TROUBLE,
    ),
    _check(
        "token_slow",
        "A slow GoCardless is waited for",
        "When the token endpoint takes some seconds, the merchant still gets a page below 500, best a connected one.",
        "The code is used up by then: who gives up early has a connection that nobody knows of.",
        judging.slow,
        experiment="token_slow",
        needs=("callbacks.lands",),
    ),
    _check(
        "token_500",
        "A failing GoCardless is survived",
        "When the token endpoint answers 500 once, the merchant gets a page below 500, and connecting works afterwards.",
        "Every server fails now and then; yours decides what the merchant sees of it.",
        judging.trouble,
        experiment="token_500",
        needs=TROUBLE,
    ),
    _check(
        "token_garbled",
        "An answer without content is survived",
        "When the token endpoint answers 200 with nothing in it, the merchant gets a page below 500, and connecting works afterwards.",
        "What comes over a network is checked before it is used.",
        judging.trouble,
        experiment="token_garbled",
        needs=(*TROUBLE, "callbacks.token_500"),
    ),
)

"""Experiments of the family Callbacks: merchants and strangers come back to the partner's product, with good codes and bad ones."""

import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any

from portal.exam import connecting
from portal.exam.addresses import parsed
from portal.exam.callbacks import likeness
from portal.exam.connecting import Leaving, Return
from portal.exam.links.asking import told
from portal.exam.nouns import Experiment, Family, Observation, Wait
from portal.exam.rig import Rig, document
from portal.exam.sandbox import Call, tail
from portal.exam.visitor import Page

WHO = "Somebody of yours"
TOKENS = re.compile(r"sandbox_[\w-]{20,}")
MARKER = "a-word-of-the-check"
MARKUP = '<img src="x" data-check="1">'
ALPHABETS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


def connect(rig: Rig) -> Observation:
    """The happy path; without a page that starts it, a person goes it."""
    if not rig.settings.connect_url:
        return _by_hand(rig)
    made = connecting.connect(rig)
    if made.calls:
        connecting.settle(rig)  # a second exchange must not be missed
        again = rig.levers.token_calls(made.calls[0].number)
        made = Return(made.page, (*made.calls, *_others(made, again)), made.code, made.merchant)
    connecting.remember(rig, made)
    likeness.keep(rig, made)
    return {
        "from": "page",
        "page": told(made.page),
        "calls": [_call(call, _redirect(made.page)) for call in made.calls],
        "page_holds": _held(made, made.page.text),
        "address_holds": _held(made, f"{made.page.url} {made.page.leaves_for}"),
    }


def state_missing(rig: Rig) -> Observation:
    return _fooled(rig, {"no state": lambda _own: None, "an empty state": lambda _own: ""})


def state_unknown(rig: Rig) -> Observation:
    return _fooled(rig, {"a state of no visit": lambda own: secrets.token_urlsafe(48)[: max(len(own), 16)]})


def state_tampered(rig: Rig) -> Observation:
    return _fooled(
        rig,
        {
            "a character changed": lambda own: _changed(own, len(own) // 2),
            "its end cut off": lambda own: own[: max(len(own) // 2, 1)],
            "a character appended": lambda own: f"{own}x",
        },
    )


def state_replayed(rig: Rig) -> Observation:
    """A state that has been used, once more in the same browser, with another code."""
    leaving = connecting.leave(rig)
    first = connecting.come_back(rig, leaving, rig.levers.merchant(), words="The merchant comes back")
    return _arrivals(rig, {"a used state": (leaving, leaving.state)}) | {"first": first.connected}


def state_of_another(rig: Rig) -> Observation:
    """A state that is good, in somebody else's browser: one who has started too, and one who never has."""
    attacker, victim = connecting.leave(rig, "An attacker starts connecting"), connecting.leave(rig, "The victim starts too")
    second = connecting.leave(rig, "The attacker starts once more")
    stranger = Leaving(rig.visitor(), second.redirect_uri, "", second.scope)
    return _arrivals(
        rig,
        {
            "a victim who has started": (victim, attacker.state),
            "a victim who has not started": (stranger, second.state),
        },
    )


def denied(rig: Rig) -> Observation:
    """The merchant says no."""
    leaving, mark = connecting.leave(rig), rig.levers.mark()
    said = {"error": "access_denied", "error_description": "The resource owner or authorization server denied the request"}
    page = leaving.visitor.arrive(
        leaving.address(**said, state=leaving.state or None), "The merchant denied access and comes back"
    )
    connecting.settle(rig)
    return {"page": told(page), "token_calls": len(rig.levers.token_calls(mark))}


def described(rig: Rig) -> Observation:
    """Errors whose description, and whose name, hold markup."""
    texts = {"error_description": f"Please try again later, {MARKER} {MARKUP}", "error": f"server_error{MARKUP}"}
    pages: dict[str, Page] = {}
    for name, text in texts.items():
        leaving = connecting.leave(rig)
        said = {"error": "server_error", "error_description": "Please try again later"} | {name: text}
        pages[name] = leaving.visitor.arrive(
            leaving.address(**said, state=leaving.state or None), f"An error whose {name} holds markup"
        )
    return {
        "pages": {name: told(page) for name, page in pages.items()},
        "raw": [name for name, page in pages.items() if _is_html(page) and MARKUP in page.text],
        "shown": MARKER in pages["error_description"].text,
    }


def code_wrong(rig: Rig) -> Observation:
    """A code that was never given, and one whose time is over, each with a good state."""
    unknown = connecting.arrive(rig, connecting.leave(rig), connecting.made_up(), words="Back with a code that was never given")
    tried = {"a code that was never given": unknown}
    if unknown.page.status is not None:
        tried["a code whose time is over"] = connecting.come_back(
            rig, connecting.leave(rig), rig.levers.merchant(), words="Back with a code whose time is over", minutes=0
        )
    return {
        "pages": {name: told(made.page) for name, made in tried.items()},
        "calls": {name: [call.status for call in made.calls] for name, made in tried.items()},
        "like_success": [name for name, made in tried.items() if likeness.same(rig, made.page)],
    }


def code_used(rig: Rig) -> Observation:
    """A code that was good once, in another browser."""
    first = connecting.connect(rig)
    before = _status(rig, first)
    again = connecting.arrive(rig, connecting.leave(rig), first.code, words="Another browser comes back with the same code")
    return {"first": first.connected, "page": told(again.page), "before": before, "after": _status(rig, first)}


def token_slow(rig: Rig) -> Observation:
    return _with_fault(rig, "slow", seconds=rig.limits.slow) | {"seconds": rig.limits.slow}


def token_500(rig: Rig) -> Observation:
    seen = _with_fault(rig, "500")
    return seen | (
        {} if seen["connected"] else {"later": _tried(rig, connecting.connect(rig, words="A merchant comes back later"))}
    )


def token_garbled(rig: Rig) -> Observation:
    seen = _with_fault(rig, "empty")
    return seen | (
        {} if seen["connected"] else {"later": _tried(rig, connecting.connect(rig, words="A merchant comes back later"))}
    )


def _with_fault(rig: Rig, kind: str, *, seconds: float = 0) -> dict[str, Any]:
    """One merchant comes back while the token endpoint goes wrong once."""
    leaving, merchant = connecting.leave(rig), rig.levers.merchant()
    rig.levers.token_fault(kind, seconds=seconds)
    try:
        return _tried(
            rig, connecting.come_back(rig, leaving, merchant, words="The merchant comes back while GoCardless has trouble")
        )
    finally:
        rig.levers.token_fault("none")


def _tried(rig: Rig, made: Return) -> dict[str, Any]:
    """`connected`: a token was given, and to somebody who still waited: a call that took longer than the page was given up."""
    good = [call for call in made.calls if call.status == 200]
    behind = rig.carried.get("exchange_seconds", 0.0) > 0  # this product exchanges codes behind its pages
    heard = any(behind or call.milliseconds <= made.page.milliseconds for call in good)
    return {"page": told(made.page), "calls": [call.status for call in made.calls], "connected": heard}


def _fooled(rig: Rig, changes: Mapping[str, Callable[[str], str | None]]) -> dict[str, Any]:
    """Each in a browser of its own that has left for GoCardless, and comes back with what becomes of its state."""
    left = {name: connecting.leave(rig) for name in changes}
    return _arrivals(rig, {name: (leaving, changes[name](leaving.state)) for name, leaving in left.items()})


def _arrivals(rig: Rig, arrivals: Mapping[str, tuple[Leaving, str | None]]) -> dict[str, Any]:
    """Whether any of these led to an exchange of its code. The codes are made up: nothing is connected by accident.

    Nobody else is sent after one for whom no page came.
    """
    mark, pages, codes = rig.levers.mark(), {}, {}
    for name, (leaving, state) in arrivals.items():
        codes[name] = connecting.made_up()
        pages[name] = told(leaving.visitor.arrive(leaving.address(code=codes[name], state=state), f"Back with {name}"))
        if pages[name]["status"] is None:
            break
    return {"pages": pages, "exchanged": connecting.exchanged(rig, codes, mark)}


def _changed(text: str, place: int) -> str:
    """One character replaced by its neighbour in the alphabet."""
    old = text[place : place + 1]
    known = next((alphabet for alphabet in ALPHABETS if old and old in alphabet), "")
    new = known[(known.index(old) + 1) % len(known)] if known else "x"
    return text[:place] + new + text[place + 1 :]


def _others(made: Return, later: list[Call]) -> list[Call]:
    """Exchanges of the same code that came afterwards."""
    seen = {call.number for call in made.calls}
    return [call for call in later if call.number not in seen and call.carries(made.code)]


def _call(call: Call, redirect_uri: str) -> dict[str, Any]:
    form, asked = call.form, dict(call.asked)
    return {
        "status": call.status,
        "error": str(call.answer.get("error", "")),
        "grant_type": form.get("grant_type", ""),
        "redirect_uri": form.get("redirect_uri", ""),
        "expected_redirect_uri": redirect_uri,
        "in_address": [name for name in ("client_secret", "code") if name in asked],
    }


def _redirect(page: Page) -> str:
    """The redirect URI that the visitor arrived at, which is what the request had said, without what was added."""
    parts = parsed(page.path[0])
    kept = "&".join(piece for piece in parts.query.split("&") if not piece.startswith(("code=", "state=")))
    return parts._replace(query=kept).geturl()


def _held(made: Return, text: str) -> list[str]:
    """What of the secrets stands in a text."""
    ends = {
        tail(str(call.answer.get("access_token", "")).lstrip("…").rjust(9, "…")) for call in made.calls if call.status == 200
    }
    token = any(found[-4:] in ends for found in TOKENS.findall(text))
    return [name for name, there in (("code", made.code in text), ("access token", token)) if there]


def _is_html(page: Page) -> bool:
    kind = next((value for name, value in page.headers.items() if name.lower() == "content-type"), "")
    return "html" in kind.lower() or not kind


def _status(rig: Rig, made: Return) -> bool | None:
    """Whether the partner's product holds the merchant for connected; None when it does not say."""
    if not rig.settings.action_url or made.merchant is None:
        return None
    said = document(rig.act("status", organisation_id=made.merchant.organisation_id)).get("connected")
    return said if isinstance(said, bool) else None


def _by_hand(rig: Rig) -> Observation:
    since = int(rig.carried.setdefault("connect_since", rig.levers.mark()))
    calls = rig.levers.calls(since)
    tokens = [call for call in calls if call.is_token]
    if not tokens:
        raise Wait(WHO, "Connect a merchant in your product: sign up at the sandbox, and allow access.")
    mine = [call for call in tokens if call.form.get("code") == tokens[0].form.get("code")]
    organisation = next((str(call.answer.get("organisation_id")) for call in mine if call.status == 200), "")
    rig.carried |= {"organisation_id": organisation} if organisation else {}
    left = next((dict(call.asked).get("redirect_uri", "") for call in reversed(calls) if call.is_visit), "")
    return {"from": "visit", "page": None, "calls": [_call(call, left) for call in mine], "page_holds": [], "address_holds": []}


def _experiment(name: str, run: Callable[[Rig], Observation], **more: Any) -> Experiment:
    return Experiment(f"callbacks.{name}", Family.CALLBACKS, run, **{"settings": ("connect_url",), **more})


EXPERIMENTS = (
    _experiment(
        "connect",
        connect,
        settings=(),
        waits="Without a page that sends a user to authorise, somebody connects a merchant in your product.",
    ),
    _experiment("state_unknown", state_unknown),
    _experiment("state_missing", state_missing),
    _experiment("state_tampered", state_tampered),
    _experiment("state_replayed", state_replayed),
    _experiment("state_of_another", state_of_another),
    _experiment("denied", denied),
    _experiment("described", described),
    _experiment("code_wrong", code_wrong),
    _experiment("code_used", code_used),
    _experiment("token_slow", token_slow),
    _experiment("token_500", token_500),
    _experiment("token_garbled", token_garbled),
)

"""Judges of the family Callbacks: fell for it or not is seen from the calls to the token endpoint."""

from collections.abc import Mapping
from typing import Any

from portal.exam.nouns import Judgement, Observation, failed, passed, skipped, warned

NOT_SEEN = "A person went this way; the page at its end was not seen."


def exchanged(seen: Observation) -> Judgement:
    if seen["calls"]:
        return passed("The code was sent to the token endpoint.")
    return failed(f"No exchange of the code was seen. {_ended(seen['page'])}")


def once(seen: Observation) -> Judgement:
    times = len(seen["calls"])
    return (
        passed("The code was exchanged once.")
        if times == 1
        else failed(f"The same code was sent to the token endpoint {times} times.")
    )


def same_redirect(seen: Observation) -> Judgement:
    call = seen["calls"][0]
    sent, expected = call["redirect_uri"], call["expected_redirect_uri"]
    if sent == expected:
        return passed("The exchange repeats the redirect_uri of the request.", sent)
    return failed(f"The exchange sends redirect_uri {_named(sent)}, the request had {_named(expected)}.")


def grant_type(seen: Observation) -> Judgement:
    sent = seen["calls"][0]["grant_type"]
    if sent == "authorization_code":
        return passed("grant_type is authorization_code.")
    return failed(f"grant_type is {_named(sent)}; it must be authorization_code.")


def credentials(seen: Observation) -> Judgement:
    if any(call["status"] == 401 for call in seen["calls"]):
        return failed("The token endpoint answered 401: client_id and client_secret are not this app's, or were not sent.")
    return passed("client_id and client_secret were accepted.")


def hidden(seen: Observation) -> Judgement:
    found = sorted({name for call in seen["calls"] for name in call["in_address"]})
    if found:
        return failed(f"{' and '.join(found)} stood in the address of the call, where logs keep them. They belong in its body.")
    return passed("Nothing secret stood in the address of the call.")


def connected(seen: Observation) -> Judgement:
    if any(call["status"] == 200 for call in seen["calls"]):
        return passed("GoCardless gave a token for the code.")
    call = seen["calls"][-1]
    return failed(f"The token endpoint refused: HTTP {call['status']} {call['error']}".rstrip() + ".")


def lands(seen: Observation) -> Judgement:
    page = seen["page"]
    if page is None:
        return skipped(NOT_SEEN)
    if page["status"] is not None and 200 <= page["status"] < 300:
        return passed(f"The merchant ends on a page that answers {page['status']}.", page["url"].partition("?")[0])
    if page["leaves_for"]:
        return warned(
            f"The merchant is sent on to {page['leaves_for']}, which is none of your declared addresses; it was not followed."
        )
    return failed(f"A merchant who is connected should see a page. {_ended(page)}")


def clean_page(seen: Observation) -> Judgement:
    if seen["page"] is None:
        return skipped(NOT_SEEN)
    found = seen["page_holds"]
    return (
        failed(f"The page holds the {' and the '.join(found)}.") if found else passed("Neither code nor token is in the page.")
    )


def clean_address(seen: Observation) -> Judgement:
    if seen["page"] is None:
        return skipped(NOT_SEEN)
    found = seen["address_holds"]
    if found:
        return failed(
            f"The {' and the '.join(found)} stands in the address that the merchant ends at. Redirect to another page."
        )
    return passed("Neither code nor token is in the address that the merchant ends at.")


def not_fooled(seen: Observation) -> Judgement:
    """For everything that comes with a wrong state: it fell for it when a token call followed."""
    if seen["exchanged"]:
        return failed(f"The code was exchanged although it came with {_and(seen['exchanged'])}. Anybody's code would be.")
    return _survived(seen["pages"]) or passed(f"Tried: {_and(list(seen['pages']))}. No exchange followed.")


def not_again(seen: Observation) -> Judgement:
    if not seen["first"]:
        return skipped("The first visit did not connect, so that there was no used state.")
    return not_fooled(seen)


def denied(seen: Observation) -> Judgement:
    if seen["token_calls"]:
        return failed("The token endpoint was called although the merchant had denied access: there is no code to exchange.")
    return _survived({"the refusal": seen["page"]}) or passed(f"The refusal was survived: {_answered(seen['page'])}")


def escaped(seen: Observation) -> Judgement:
    if seen["raw"]:
        return failed(
            f"Markup in {' and '.join(seen['raw'])} gets into the page as it is. Whoever makes a link can write into your page."
        )
    return _survived(seen["pages"]) or passed("Markup in the error stays text, or is not shown.")


def shown(seen: Observation) -> Judgement:
    if seen["shown"]:
        return passed("The merchant reads what GoCardless says about the error.")
    return warned("The page does not show error_description. Merchants who read the reason can do something about it.")


def wrong_code(seen: Observation) -> Judgement:
    refused = _survived(seen["pages"])
    return refused or passed(f"Tried: {_and(list(seen['pages']))}. Your server answered each without failing.")


def failure_told(seen: Observation) -> Judgement:
    if seen["like_success"]:
        return failed(f"After {_and(seen['like_success'])} the merchant sees the same page as after a success.")
    return passed("After a refused code the merchant does not see the page of a success.")


def used_code(seen: Observation) -> Judgement:
    if not seen["first"]:
        return skipped("The first exchange did not succeed, so that there was no used code.")
    if seen["before"] is True and seen["after"] is False:
        return failed("The merchant's connection was gone after somebody else sent their used code.")
    kept = " The merchant is still connected." if seen["after"] else ""
    return _survived({"a used code": seen["page"]}) or passed(f"A used code was survived: {_answered(seen['page'])}{kept}")


def slow(seen: Observation) -> Judgement:
    after = f"the token endpoint took {seen['seconds']:g} seconds"
    if refused := _survived({f"that {after}": seen["page"]}):
        return refused
    if seen["connected"]:
        return passed(f"The merchant was connected although {after}.")
    return warned(f"Your product gave up although {after} only. GoCardless may be that slow.")


def trouble(seen: Observation) -> Judgement:
    if refused := _survived({"one failed call to the token endpoint": seen["page"]}):
        return refused
    if seen["connected"]:
        return passed("Your product tried again by itself, and the merchant was connected.")
    later = seen["later"]
    if later["connected"]:
        return passed("The merchant was told, and could connect afterwards.")
    return failed(f"Once the token endpoint was well again, another merchant could not connect. {_ended(later['page'])}")


def _survived(pages: Mapping[str, Mapping[str, Any]]) -> Judgement | None:
    """A failure when one of these pages never came, or was a failure of theirs."""
    for name, page in pages.items():
        if page["status"] is None:
            return failed(f"After {name} no page came: {page['problem']}")
        if page["status"] >= 500:
            return failed(f"After {name} your server failed: HTTP {page['status']}.")
    return None


def _answered(page: Mapping[str, Any]) -> str:
    return f"your server answered {page['status']}."


def _ended(page: Mapping[str, Any] | None) -> str:
    if page is None:
        return ""
    return page["problem"] if page["status"] is None else f"The visit ended with HTTP {page['status']}."


def _named(value: str) -> str:
    return f"“{value[:200]}”" if value else "nothing"


def _and(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

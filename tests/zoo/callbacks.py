"""Faults at the redirect URI."""

from contextlib import suppress
from dataclasses import replace

from flask import flash, render_template, request, url_for
from markupsafe import Markup

from examples.partner_app import connecting, pages
from examples.partner_app.connecting import NotConnected, Token
from examples.partner_app.house import here
from portal.exam.nouns import Verdict
from tests.zoo.planting import mutant

ask, come_back, exchange, expected = connecting.ask, connecting.come_back, connecting.exchange, connecting.expected
leave, refusal, token, read_verification = connecting.leave, connecting.refusal, connecting.token, pages.read_verification


def asking(patch, change):
    """What is sent to the token endpoint as `change` leaves it."""
    patch.setattr(connecting, "ask", lambda settings, path, values: ask(settings, path, change(values)))


@mutant("callbacks.exchanged", "The code is kept, and never exchanged")
def never_exchanges(patch):
    patch.setattr(connecting, "exchange", lambda settings, code: Token("OR0000000CODE", code, ""))


@mutant("callbacks.exchanged_once", "The code is exchanged twice, to be sure")
def exchanges_twice(patch):
    def twice(settings, code):
        made = exchange(settings, code)
        with suppress(NotConnected):
            exchange(settings, code)
        return made

    patch.setattr(connecting, "exchange", twice)


@mutant("callbacks.redirect_uri", "The exchange names another `redirect_uri` than the link")
def another_redirect_in_exchange(patch):
    asking(patch, lambda values: values | {"redirect_uri": values["redirect_uri"] + "/"})


@mutant("callbacks.grant_type", "`grant_type=code`")
def another_grant(patch):
    asking(patch, lambda values: values | {"grant_type": "code"})


@mutant("callbacks.credentials", "The client secret of another environment")
def another_secret(patch):
    patch.setattr(
        connecting, "ask", lambda settings, path, values: ask(replace(settings, client_secret="of live"), path, values)
    )


@mutant("callbacks.secret_hidden", "The client secret stands in the address of the exchange")
def secret_in_address(patch):
    def shown(settings, path, values):
        return ask(settings, f"{path}?client_secret={settings.client_secret}", values)

    patch.setattr(connecting, "ask", shown)


@mutant("callbacks.lands", "The page after connecting fails")
def fails_at_the_end(patch):
    def fail(merchant):
        read_verification(merchant)
        raise RuntimeError("no page today")

    patch.setattr(pages, "read_verification", fail)


@mutant("callbacks.clean_page", "The code is shown to the merchant")
def shows_the_code(patch):
    def show(merchant):
        read_verification(merchant)
        flash(f"Your code is {request.args['code']}")

    patch.setattr(pages, "read_verification", show)


@mutant("callbacks.clean_address", "The code stays in the address")
def keeps_the_code_in_the_address(patch):
    def with_code(endpoint, **values):
        return url_for(endpoint, **values, **request.args.to_dict())

    patch.setattr(pages, "url_for", with_code)


@mutant("callbacks.state_unknown", "The `state` is not compared")
def believes_everybody(patch):
    patch.setattr(connecting, "expected", lambda session, state: True)


@mutant("callbacks.state_missing", "An answer without a `state` is believed")
def believes_no_state(patch):
    patch.setattr(connecting, "expected", lambda session, state: not state or expected(session, state))


@mutant("callbacks.state_tampered", "Only the beginning of the `state` is compared")
def compares_the_beginning(patch):
    patch.setattr(
        connecting, "expected", lambda session, state: state[:8] in {known[:8] for known in session.pop("states", [])}
    )


@mutant("callbacks.state_replayed", "A `state` is good for any number of answers")
def state_stays(patch):
    patch.setattr(connecting, "expected", lambda session, state: state in session.get("states", []))


@mutant("callbacks.state_of_another", "States are remembered for all sessions together")
def shared_states(patch):
    states = set()

    def noted(settings, session, user, *, view):
        address = leave(settings, session, user, view=view)
        states.add(session["states"][-1])
        return address

    def known(session, state):
        found = state in states
        states.discard(state)
        return found

    patch.setattr(connecting, "leave", noted)
    patch.setattr(connecting, "expected", known)


@mutant("callbacks.denied", "Saying no ends in a failure")
def trips_over_no(patch):
    def strict(answer):
        if answer["error"] == "access_denied":
            raise RuntimeError("nobody says no")
        return refusal(answer)

    patch.setattr(connecting, "refusal", strict)


@mutant("callbacks.denied", "A token is asked for although the merchant said no")
def takes_no_for_yes(patch):
    def answered(settings, session, answer):
        if "error" in answer:
            ask(settings, "/oauth/access_token", {"grant_type": "authorization_code", "code": answer.get("code", "")})
        return come_back(settings, session, answer)

    patch.setattr(connecting, "come_back", answered)


@mutant("callbacks.error_escaped", "The description of an error is put into the page as HTML")
def believes_markup(patch):
    def raw(name, *, words="", **values):
        return render_template(name, words=Markup(words), **values)

    patch.setattr(pages, "render_template", raw)


@mutant("callbacks.error_shown", "Why it failed is kept from the merchant", verdict=Verdict.WARNING)
def keeps_the_reason(patch):
    patch.setattr(connecting, "refusal", lambda answer: "Something went wrong.")


@mutant("callbacks.code_wrong", "A code that is refused ends in a failure")
def trips_over_refusals(patch):
    def trusting(answer):
        said = answer.json()
        return Token(said["organisation_id"], said["access_token"], said["email"])

    patch.setattr(connecting, "token", trusting)


@mutant("callbacks.failure_told", "Whatever becomes of the code, the merchant is told of success")
def always_success(patch):
    def hopeful(answer):
        with suppress(NotConnected):
            return token(answer)
        return Token("OR0000000000", "none", "merchant@example.com")

    def hopeful_reading(merchant):
        if merchant.access_token == "none":
            here().store.verified(merchant.organisation_id, "successful")
        else:
            read_verification(merchant)

    patch.setattr(connecting, "token", hopeful)
    patch.setattr(pages, "read_verification", hopeful_reading)


@mutant("callbacks.code_used", "A code that comes back ends the connection that it made")
def ends_the_connection(patch):
    made = {}

    def noted(settings, code):
        try:
            found = exchange(settings, code)
        except NotConnected:
            here().store.forget_token(made.get(code, ""))
            raise
        made[code] = found.organisation_id
        return found

    patch.setattr(connecting, "exchange", noted)


@mutant("callbacks.token_slow", "The token endpoint is given a moment only", verdict=Verdict.WARNING, patience=2)
def gives_up_early(patch):
    patch.setattr(connecting, "ask", lambda settings, path, values: ask(replace(settings, timeout=0.4, tries=1), path, values))


@mutant("callbacks.token_500", "A failure of the token endpoint ends in a failure")
def trips_over_failures(patch):
    def strict(settings, path, values):
        answer = ask(replace(settings, tries=1), path, values)
        if answer is None:
            raise RuntimeError("no answer")
        return answer

    patch.setattr(connecting, "ask", strict)


@mutant("callbacks.token_garbled", "An answer without content ends in a failure")
def trips_over_emptiness(patch):
    def strict(answer):
        return token(answer) if answer.content else answer.json()

    patch.setattr(connecting, "token", strict)

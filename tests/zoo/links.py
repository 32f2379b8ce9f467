"""Faults in the link to GoCardless."""

import itertools
from urllib.parse import urlencode

from flask import request

from examples.partner_app import connecting
from portal.exam.nouns import Verdict
from tests.zoo.planting import mutant

right, leave = connecting.parameters, connecting.leave


def changed(patch, change):
    """The parameters of the link as `change` leaves them."""

    def parameters(settings, state, user, *, view):
        return change(right(settings, state, user, view=view), settings)

    patch.setattr(connecting, "parameters", parameters)


def without(patch, *names):
    changed(patch, lambda link, _: {name: value for name, value in link.items() if name not in names})


def led(patch, change):
    """The address as `change` leaves it."""
    patch.setattr(connecting, "leave", lambda *those, view: change(leave(*those, view=view)))


@mutant("links.leads", "The button leads back to the product")
def leads_nowhere(patch):
    led(patch, lambda address: "/")


@mutant("links.host", "The link goes to live while the app is the sandbox's")
def other_gocardless(patch):
    led(patch, lambda address: "http://connect.example.com/" + address.split("/", 3)[3])


@mutant("links.response_type", "`response_type` is left out")
def no_response_type(patch):
    without(patch, "response_type")


@mutant("links.client_id", "The `client_id` of another app")
def strange_client(patch):
    changed(patch, lambda link, _: link | {"client_id": "another-app"})


@mutant("links.redirect_uri", "A `redirect_uri` with a slash too many")
def other_redirect(patch):
    changed(patch, lambda link, settings: link | {"redirect_uri": settings.redirect_uri + "/"})


@mutant("links.scope", "A `scope` that does not exist")
def unknown_scope(patch):
    changed(patch, lambda link, _: link | {"scope": "full_access"})


@mutant("links.state", "No `state`, neither sent nor asked for")
def no_state(patch):
    without(patch, "state")
    patch.setattr(connecting, "expected", lambda session, state: True)


@mutant("links.state_fresh", "The same `state` for everybody")
def constant_state(patch):
    patch.setattr(connecting, "new_state", lambda: "gocardless-connect-state")


@mutant("links.state_unguessable", "The `state` counts up")
def counting_state(patch):
    numbers = itertools.count(100_000_000_000)
    patch.setattr(connecting, "new_state", lambda: str(next(numbers)))


@mutant("links.state_unguessable", "The `state` is random, and short")
def short_state(patch):
    patch.setattr(connecting, "new_state", lambda: connecting.secrets.token_hex(4))


@mutant("links.not_steered", "Parameters of the page's address are passed on to GoCardless")
def passed_on(patch):
    changed(patch, lambda link, _: link | request.args.to_dict())


@mutant("links.prefill", "Nothing is filled in for the merchant")
def no_prefill(patch):
    names = ("email", "given_name", "family_name", "organisation_name", "country_code")
    without(patch, *(f"prefill[{name}]" for name in names))


@mutant("links.parameters_known", "`prefill[company]` instead of `prefill[organisation_name]`")
def misspelt_prefill(patch):
    changed(patch, lambda link, _: {name.replace("organisation_name", "company"): value for name, value in link.items()})


@mutant("links.view_signup", "New merchants are sent to the log-in view")
def always_log_in(patch):
    changed(patch, lambda link, _: link | {"initial_view": "login"})


@mutant("links.view_login", "Merchants with an account are sent to the sign-up view")
def always_sign_up(patch):
    changed(patch, lambda link, _: link | {"initial_view": "signup"})


@mutant("links.language", "A `language` in words")
def language_in_words(patch):
    changed(patch, lambda link, _: link | {"language": "english"})


@mutant(
    "links.no_secret", "The client secret travels in the link", also={"links.parameters_known": Verdict.WARNING}
)  # nor is it one
def secret_in_link(patch):
    changed(patch, lambda link, settings: link | {"client_secret": settings.client_secret})


@mutant("links.no_duplicates", "The `scope` is sent twice")
def scope_twice(patch):
    led(patch, lambda address: f"{address}&{urlencode({'scope': 'read_write'})}")

"""Faults in calls to the API."""

import secrets
from contextlib import suppress

from gocardless_pro.api_client import ApiClient
from gocardless_pro.errors import AuthenticationError, IdempotentCreationConflictError, InvalidStateError, ValidationFailedError
from gocardless_pro.services.base_service import BaseService

from examples.partner_app import api, collecting, events, hook, pages
from examples.partner_app.store import Store
from portal.exam.nouns import Verdict
from tests.zoo.planting import mutant

create, connected, once, read_again, sending = (
    collecting.create,
    hook.connected,
    api.once,
    events.read_again,
    collecting.sending,
)
connect, post = Store.connect, ApiClient.post


def body_of(patch, kind, change):
    """What is sent to create such a resource, as `change` leaves it."""

    def changed(settings, store, merchant, created, body, key):
        return create(settings, store, merchant, created, change(body) if created == kind else body, key)

    patch.setattr(collecting, "create", changed)


def stubborn(patch, cause):
    """What was refused for this cause is asked again, twice."""

    def again(client, call):
        try:
            return once(client, call)
        except api.Refused as refused:
            for _ in range(2 if isinstance(refused.__cause__, cause) else 0):
                with suppress(api.Refused):
                    once(client, call)
            raise

    patch.setattr(api, "once", again)


@mutant("usage.bearer_header", "The token stands in the address, too")
def token_in_address(patch):
    def shown(self, path, body, headers=None):
        return post(self, f"{path}?access_token={self.access_token}", body, headers)

    patch.setattr(ApiClient, "post", shown)


@mutant("usage.version_header", "Creations do not name the version")
def no_version(patch):
    def unversioned(self, path, body, headers=None):
        known = self._default_headers
        self._default_headers = lambda: {name: value for name, value in known().items() if name != "GoCardless-Version"}
        return post(self, path, body, headers)

    patch.setattr(ApiClient, "post", unversioned)


@mutant("usage.verification_read", "Whether the merchant is verified is not read")
def never_reads_verification(patch):
    patch.setattr(pages, "read_verification", lambda merchant: None)


@mutant("usage.verification_followed", "Changes of a creditor are not followed")
def forgets_creditors(patch):
    patch.setattr(events, "ACTIONS", events.ACTIONS - {("creditors", "updated")})


@mutant("usage.billing_requests", "Mandates are made directly")
def makes_mandates(patch):
    def ask(settings, store, merchant, *, currency, key):
        client = api.client(settings, merchant.access_token)
        customer = client.customers.create(params={"given_name": "Frank", "family_name": "Osborne"})
        account = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "Frank"}
        account = client.customer_bank_accounts.create(params=account | {"links": {"customer": customer.id}})
        client.mandates.create(params={"scheme": "bacs", "links": {"customer_bank_account": account.id}})
        return f"{settings.public_url}/payers/done"

    patch.setattr(collecting, "ask_for_mandate", ask)


@mutant("usage.payers_verified", "Payers are verified as little as the scheme allows")
def verifies_little(patch):
    body_of(patch, "billing_requests", lambda body: {"mandate_request": body["mandate_request"] | {"verify": "minimum"}})


@mutant("usage.retry_if_possible", "Payments that fail are not retried by Success+")
def no_retries(patch):
    body_of(patch, "payments", lambda body: {name: value for name, value in body.items() if name != "retry_if_possible"})


@mutant("usage.idempotency_keys", "No idempotency keys")
def no_keys(patch):
    patch.setattr(collecting, "sending", lambda kind, body, key: lambda client: getattr(client, kind).create(params=dict(body)))
    patch.setattr(BaseService, "_inject_idempotency_key", lambda self, headers: headers)


@mutant("usage.keys_differ", "One idempotency key for everything")
def one_key(patch):
    patch.setattr(collecting, "new_key", lambda: "our key")


@mutant("usage.key_reused", "A new idempotency key for every try")
def new_keys(patch):
    def anew(kind, body, key):
        def call(client):
            return sending(kind, body, secrets.token_hex(8))(client)

        return call

    patch.setattr(collecting, "sending", anew)


@mutant("usage.lost_answer", "What has been created under a key is created again under another")
def creates_again(patch):
    def insistent(kind, body, key):
        def call(client):
            client._raise_on_idempotency_conflict = True
            try:
                return sending(kind, body, key)(client)
            except IdempotentCreationConflictError:
                return sending(kind, body, secrets.token_hex(8))(client)

        return call

    patch.setattr(collecting, "sending", insistent)


@mutant("usage.backs_off", "After 429 it is tried again at once")
def impatient(patch):
    patch.setattr(api, "until_reset", lambda client: 0)


@mutant("usage.backs_off", "After 429 it is not tried again", verdict=Verdict.WARNING)
def gives_up_on_429(patch):
    patch.setattr(api, "until_reset", lambda client: 3600)


@mutant("usage.invalid_state_once", "What an invalid state forbids is asked again")
def insists_on_states(patch):
    stubborn(patch, InvalidStateError)


@mutant("usage.validation_once", "What is not valid is sent again")
def insists_on_values(patch):
    stubborn(patch, ValidationFailedError)


@mutant("usage.validation_shown", "What is not valid is kept from the user")
def keeps_words(patch):
    patch.setattr(api, "words", lambda error: "Something went wrong.")


@mutant("usage.survives_401", "A token that is good for nothing is tried again")
def insists_on_tokens(patch):
    stubborn(patch, AuthenticationError)


@mutant("usage.stops", "A merchant who has left is called for out of a cache")
def caches_merchants(patch):
    known = {}

    def noted(self, organisation_id, **values):
        connect(self, organisation_id, **values)
        known[organisation_id] = self.merchant(organisation_id)

    patch.setattr(Store, "connect", noted)
    patch.setattr(hook, "connected", lambda wish: known[wish["organisation_id"]])


@mutant("usage.lists_whole", "Only the first page of a list is read")
def first_page(patch):
    patch.setattr(api, "every", lambda read: iter(read({}).records))


@mutant(
    "usage.fetches",
    "What an event says is believed, and not read again",
    also={
        "endpoint.out_of_order": Verdict.WARNING,  # this is what fetching is for
        "endpoint.retried": Verdict.SKIPPED,  # seen by what is fetched
        "endpoint.routed": Verdict.SKIPPED,  # seen by what is fetched
    },
)
def believes_events(patch):
    def believe(settings, store, merchant, kind, event):
        if kind != "payments":
            return read_again(settings, store, merchant, kind, event)
        payment, status = event["links"]["payment"], event["action"]
        store.remember(payment, organisation_id=merchant.organisation_id, kind=kind, status=status)
        return True

    patch.setattr(events, "read_again", believe)

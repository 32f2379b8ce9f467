"""Faults in receiving webhooks and in acting on them."""

import hmac
import itertools
import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from flask import abort, redirect, request

from examples.partner_app import events, webhooks
from examples.partner_app.store import Store
from portal.exam.nouns import Verdict
from tests.zoo.planting import mutant

genuine, keep, receive, signed = webhooks.genuine, webhooks.keep, Store.receive, webhooks.signed
USUAL = {
    "id", "created_at", "resource_type", "action", "metadata", "resource_metadata", "details", "links", "source",
    "customer_notifications", "is_test",
}  # fmt: skip
ELSEWHERE = {"organisations", "subscriptions", "payouts", "refunds", "instalment_schedules", "scheme_identifiers"}


def compared(patch, compare):
    """Another way to find out whether a signature is right."""
    patch.setattr(webhooks, "genuine", compare)


def kept(patch, first):
    """Something done with a good webhook before it is kept."""

    def keep_later(body):
        first(body)
        keep(body)

    patch.setattr(webhooks, "keep", keep_later)


def events_in(body):
    """Those that are events at all."""
    try:
        return [one for one in json.loads(body)["events"] if isinstance(one, dict) and "resource_type" in one]
    except (ValueError, LookupError, TypeError):
        return []


def refuses(patch, wrong):
    """A webhook with such an event ends in a failure."""

    def look(body):
        if any(wrong(event) for event in events_in(body)):
            raise RuntimeError("an event like no other")

    kept(patch, look)


@mutant(
    "endpoint.answers_success", "A good webhook is answered with a redirect", also={"endpoint.signed": Verdict.SKIPPED}
)  # not taken
def answers_with_a_redirect(patch):
    def leave(body):
        keep(body)
        abort(redirect("/"))

    patch.setattr(webhooks, "keep", leave)


@mutant(
    "endpoint.signed", "A good webhook ends in a failure", also={"endpoint.answers_success": Verdict.SKIPPED}
)  # nothing to look at
def answers_500(patch):
    def fail(body):
        raise RuntimeError("not today")

    patch.setattr(webhooks, "keep", fail)


@mutant("endpoint.answers_in_time", "Work is done before the first webhooks are answered")
def slow_to_wake_up(patch):
    seen = itertools.count()
    kept(patch, lambda body: time.sleep(1.5 if next(seen) < 2 else 0))


@mutant("endpoint.acts", "Events about payments are kept, and nobody acts on them")
def never_acts(patch):
    patch.setattr(events, "ACTIONS", {one for one in events.ACTIONS if one[0] != "payments"})


@mutant("endpoint.batch", "Bodies may hold 16 kB")
def short_of_breath(patch):
    kept(patch, lambda body: abort(413) if len(body) > 16_384 else None)


@mutant("endpoint.batch_whole", "Of a webhook only the first 100 events are kept")
def keeps_the_first(patch):
    patch.setattr(Store, "receive", lambda self, rows: receive(self, list(rows)[:100]))


@mutant("endpoint.forged_signature", "Whatever looks like a signature is taken for one")
def takes_what_looks_right(patch):
    compared(patch, lambda body, signature, secrets: len(signature) == 64)


@mutant("endpoint.missing_signature", "Without a signature nothing is compared")
def takes_unsigned(patch):
    compared(patch, lambda body, signature, secrets: not signature or genuine(body, signature, secrets))


@mutant("endpoint.misnamed_signature", "Any header that is called signature will do")
def takes_other_headers(patch):
    def found(body, signature, secrets):
        return genuine(body, signature or request.headers.get("X-Signature", ""), secrets)

    compared(patch, found)


@mutant("endpoint.nearly_right", "The first half of the signature is enough")
def takes_the_beginning(patch):
    compared(patch, lambda body, signature, secrets: signature[:32] in {signed(body, secret)[:32] for secret in secrets})


@mutant("endpoint.signature_capitals", "Signatures are compared without regard to case", verdict=Verdict.WARNING)
def takes_capitals(patch):
    compared(patch, lambda body, signature, secrets: genuine(body, signature.lower(), secrets))


@mutant("endpoint.refuses_with_498", "A bad signature is answered 400", verdict=Verdict.WARNING)
def answers_400(patch):
    patch.setattr(webhooks, "INVALID_TOKEN", 400)


@mutant("endpoint.refuses_calmly", "A missing signature ends in a failure")
def trips_over_unsigned(patch):
    def strict(body, signature, secrets):
        if not signature:
            raise RuntimeError("where is it?")
        return genuine(body, signature, secrets)

    compared(patch, strict)


@mutant("endpoint.refuses_calmly", "A signature beyond ASCII ends in a failure")
def trips_over_strange_signatures(patch):
    def text(body, signature, secrets):
        return any(hmac.compare_digest(signed(body, secret), signature) for secret in secrets)

    compared(patch, text)


@mutant("endpoint.refused_has_no_effect", "Events are kept before the signature is looked at")
def keeps_before_comparing(patch):
    def hasty(body, signature, secrets):
        keep(body)
        return genuine(body, signature, secrets)

    compared(patch, hasty)


@mutant("endpoint.extra_fields", "A field more than usual ends in a failure")
def trips_over_fields(patch):
    refuses(patch, lambda event: event.keys() - USUAL)


@mutant("endpoint.unicode", "The body is decoded on the way to the comparison")
def decodes(patch):
    compared(patch, lambda body, signature, secrets: genuine(body.decode("latin-1").encode(), signature, secrets))


@mutant("endpoint.raw_body", "The signature is compared with JSON that was written anew")
def writes_json_anew(patch):
    def anew(body, signature, secrets):
        with suppress(ValueError):
            body = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
        return genuine(body, signature, secrets)

    compared(patch, anew)


@mutant("endpoint.previous_secret", "Only the current secret is known", previous_webhook_secret="")
def forgets_the_previous_secret(patch):
    """The setting is the fault."""


@mutant("endpoint.unknown_resource", "An unknown kind of resource ends in a failure")
def trips_over_resources(patch):
    refuses(patch, lambda event: event["resource_type"] not in ELSEWHERE | events.KINDS.keys())


@mutant("endpoint.unknown_action", "An unknown action ends in a failure")
def trips_over_actions(patch):
    refuses(
        patch,
        lambda event: (
            event["resource_type"] in events.KINDS and (event["resource_type"], event["action"]) not in events.ACTIONS
        ),
    )


@mutant("endpoint.not_json", "A body that is no JSON ends in a failure")
def trips_over_text(patch):
    kept(patch, json.loads)


@mutant("endpoint.empty_body", "An empty body ends in a failure")
def trips_over_emptiness_in_webhooks(patch):
    kept(patch, lambda body: body[0])


@mutant("endpoint.odd_json", "Events that are none end in a failure")
def trips_over_odd_events(patch):
    def look(body):
        if b'{"events"' in body:
            [event["id"] for event in json.loads(body)["events"]]

    kept(patch, look)


@mutant("endpoint.duplicate", "An event that comes twice is acted on twice")
def acts_twice(patch):
    def again(self, rows):
        said = """INSERT INTO event (id, body, due_at) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET done_at = NULL, due_at = excluded.due_at, taken_until = 0"""
        with self._transaction() as db:
            db.executemany(said, [(key, json.dumps(event), time.time()) for key, event in rows])

    patch.setattr(Store, "receive", again)


@mutant("endpoint.duplicate_event", "Webhooks are recognised, events are not")
def recognises_webhooks(patch):
    """An event is kept under the name of its webhook and its own."""

    def named(body):
        webhook = json.loads(body)["meta"]["webhook_id"]
        patch.setattr(webhooks, "key", lambda event: f"{webhook} {event['id']}")

    def handled(self, event_id):
        with self._transaction() as db:
            return db.execute("SELECT sum(handled) FROM event WHERE id LIKE '% ' || ?", (event_id,)).fetchone()[0] or 0

    kept(patch, lambda body: named(body) if events_in(body) and b"webhook_id" in body else None)
    patch.setattr(Store, "handled", handled)


@mutant("endpoint.out_of_order", "An event that is late ends in a failure")
def trips_over_late_events(patch):
    def late(event):
        return "created_at" in event and datetime.fromisoformat(event["created_at"]) < datetime.now(UTC) - timedelta(minutes=30)

    refuses(patch, late)


@mutant("endpoint.retried", "An event is done with before it is acted on")
def done_too_early(patch):
    patch.setattr(events.Processor, "put_off", lambda self, waiting, seconds=0: False)


@mutant("endpoint.routed", "All events of a webhook are taken for the same merchant's")
def mixes_merchants_up(patch):
    def same(self, rows):
        rows = list(rows)
        if len(rows) < 10:
            for _, event in rows:
                event["links"] = {**event.get("links", {}), "organisation": rows[-1][1]["links"]["organisation"]}
        receive(self, rows)

    patch.setattr(Store, "receive", same)


@mutant("endpoint.disconnected_taken", "An event without an id ends in a failure")
def trips_over_no_id(patch):
    refuses(patch, lambda event: not event["id"].startswith("EV"))


@mutant("endpoint.disconnected_noticed", "An event without an id is left out")
def leaves_out_what_has_no_id(patch):
    patch.setattr(Store, "receive", lambda self, rows: receive(self, [row for row in rows if row[1].get("id")]))


@mutant("endpoint.disconnected_noticed", "The token stays after the merchant has left")
def keeps_the_token(patch):
    patch.setattr(Store, "forget_token", lambda self, organisation_id: None)

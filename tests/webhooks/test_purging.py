"""Webhooks go when they are older than they are kept, with all that hangs on them."""

from datetime import timedelta

from sqlalchemy import func, select

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery, DeliveryEvent, DeliveryValue
from portal.webhooks import purging
from portal.worker.periodic import forget_webhooks
from tests.statements import counted
from tests.webhooks.sending import event, webhook


def send(hook, *, days, many=1):
    with clock.at(clock.now() - timedelta(days=days)):
        for number in range(many):
            hook.send(webhook(event(id=f"EV{days}-{number}")))


def left(app):
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(of)) for of in (Delivery, DeliveryEvent, DeliveryValue)]


def test_old_ones_go_with_events_and_values_and_young_ones_stay(hook, app, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 3)
    send(hook, days=91, many=5)
    send(hook, days=89, many=2)
    kept = len(hook.read()[-1].found_by) // 8
    forget_webhooks(app)
    deliveries, events, numbers = left(app)
    assert (deliveries, events, numbers) == (2, 2, sum(len(one.found_by) // 8 for one in hook.deliveries()))
    assert numbers >= 2 * (kept - 2)


def test_the_setting_says_how_long(hook, app, monkeypatch):
    send(hook, days=3)
    monkeypatch.setattr(app, "settings", app.settings.model_copy(update={"webhook_days": 2}))
    forget_webhooks(app)
    assert left(app) == [0, 0, 0]


def test_what_was_never_read_goes_as_well(hook, app):
    send(hook, days=91)
    forget_webhooks(app)
    assert left(app) == [0, 0, 0]


def test_nothing_old_costs_one_look(hook, app):
    send(hook, days=1, many=3)
    with app.app_context(), counted() as ran:
        assert purging.purge(clock.now() - timedelta(days=90)) == 0
    assert len(ran) == 1


def test_ids_are_never_used_again(hook, app):
    send(hook, days=91)
    (before,) = hook.deliveries()
    forget_webhooks(app)
    send(hook, days=1)
    assert hook.deliveries()[0].id > before.id

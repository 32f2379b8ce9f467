"""Working days, the clock, and what happens as it moves on."""

from datetime import UTC, date, datetime

import pytest

from portal.sandbox.calendars import add_months, add_working, next_charge_date, roll
from portal.sandbox.schemes import SCHEMES
from tests.sandbox.kit import make_app, merchant


@pytest.fixture
def by_clock(tmp_path):
    """A merchant in a sandbox whose moves follow the clock, which stands at a Monday morning."""
    own = merchant(make_app(tmp_path, moves="clock"))
    own.lever("clock", {"set": "2030-03-04T09:00:00Z"})
    return own


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2024-03-22T20:38:06", "2024-04-02"),  # seen at the real sandbox: over Good Friday and Easter Monday
        ("2024-03-26T17:54:01", "2024-04-04"),  # the same, made after the daily cut-off
        ("2030-03-04T09:00:00", "2030-03-08"),
        ("2030-03-09T12:00:00", "2030-03-15"),  # a Saturday counts from Monday
    ],
)
def test_the_first_charge_of_a_new_bacs_mandate(now, wanted):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_charge_date(moment, SCHEMES["bacs"], active=False).isoformat() == wanted


def test_an_active_bacs_mandate_needs_about_three_days():
    evening = datetime(2030, 3, 4, 20, tzinfo=UTC)
    assert next_charge_date(evening, SCHEMES["bacs"], active=True) == date(2030, 3, 7)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_has_a_calendar_and_a_date(scheme):
    for active in (True, False):
        found = next_charge_date(datetime(2030, 12, 24, 12, tzinfo=UTC), SCHEMES[scheme], active=active)
        assert found.weekday() < 5


def test_working_days_over_christmas():
    assert add_working(date(2026, 12, 24), 1, "GB-ENG") == date(2026, 12, 29)
    assert add_working(date(2026, 12, 29), -1, "GB-ENG") == date(2026, 12, 24)
    assert roll(date(2024, 6, 15), "GB-ENG") == date(2024, 6, 17)


@pytest.mark.parametrize(
    ("start", "months", "day", "wanted"),
    [(date(2030, 1, 31), 1, None, date(2030, 2, 28)), (date(2030, 1, 5), 1, -1, date(2030, 2, 28)), (date(2030, 11, 5), 3, 15, date(2031, 2, 15)),
     (date(2030, 12, 1), 0, -1, date(2030, 12, 31))],
)  # fmt: skip
def test_months_are_added(start, months, day, wanted):
    assert add_months(start, months, day) == wanted


def test_a_payment_goes_its_way_as_the_clock_moves(by_clock):
    mandate = by_clock.mandate()
    payment = by_clock.payment(mandate)
    assert payment["charge_date"] == "2030-03-08"
    seen = []
    for _ in range(40):
        by_clock.lever("clock", {"advance": {"hours": 6}})
        seen.append((by_clock.one("mandates", mandate["id"])["status"], by_clock.one("payments", payment["id"])["status"]))
    assert list(dict.fromkeys(seen)) == [
        ("pending_submission", "pending_submission"),
        ("submitted", "pending_submission"),
        ("submitted", "submitted"),
        ("active", "submitted"),
        ("active", "confirmed"),
        ("active", "paid_out"),
    ]
    payout = by_clock.all("payouts")[0]
    assert payout["status"] == "paid"
    events = by_clock.all("events", "?limit=500")
    stamps = [event["created_at"] for event in events]
    assert stamps == sorted(stamps, reverse=True), "each thing happened at its own moment"


def test_payments_of_one_day_are_paid_out_together(by_clock):
    mandate = by_clock.mandate()
    for amount in (1000, 2000):
        by_clock.payment(mandate, amount=amount)
    by_clock.lever("clock", {"advance": {"days": 14}})
    payout = by_clock.all("payouts")
    assert len(payout) == 1
    items = by_clock.all("payout_items", f"?payout={payout[0]['id']}")
    assert sum(float(item["amount"]) for item in items) == payout[0]["amount"]


def test_an_unverified_merchant_is_not_paid_out(tmp_path):
    own = merchant(make_app(tmp_path, moves="clock"), verified=False)
    payment = own.payment(own.mandate())
    own.lever("clock", {"advance": {"days": 21}})
    assert own.one("payments", payment["id"])["status"] == "confirmed"
    own.simulate("creditor_verification_status_successful", own.made["creditor_id"])
    own.lever("clock", {"advance": {"days": 5}})
    assert own.one("payments", payment["id"])["status"] == "paid_out"


def test_a_subscription_charges_month_by_month_and_ends(by_clock):
    mandate = by_clock.mandate()
    body = {"amount": 500, "currency": "GBP", "interval_unit": "monthly", "day_of_month": 15, "count": 3, "name": "Magazine"}
    made = by_clock.create("subscriptions", {**body, "links": {"mandate": mandate["id"]}})
    assert [p["charge_date"] for p in made["upcoming_payments"]] == ["2030-03-15", "2030-04-15", "2030-05-15"]
    assert made["end_date"] == "2030-05-16"
    by_clock.lever("clock", {"advance": {"days": 100}})
    found = by_clock.one("subscriptions", made["id"])
    assert (found["status"], found["upcoming_payments"]) == ("finished", [])
    paid = by_clock.all("payments", f"?subscription={made['id']}&sort_field=charge_date&sort_direction=asc")
    assert [(p["charge_date"], p["status"], p["description"]) for p in paid] == [
        (day, "paid_out", "Magazine") for day in ("2030-03-15", "2030-04-15", "2030-05-15")
    ]
    told = [action for kind, action in by_clock.events() if kind == "subscriptions"]
    assert told == ["created", "payment_created", "payment_created", "payment_created", "finished"]


def test_the_rhythm_of_a_captured_subscription(tmp_path):
    """Twelve payments on the 15th from April 2024, as the real sandbox answered: ten shown, rolled over weekends, end a day after the last."""
    own = merchant(make_app(tmp_path))
    own.lever("clock", {"set": "2024-03-22T20:27:03Z"})
    mandate = own.mandate()
    body = {
        "amount": 21279,
        "currency": "GBP",
        "interval_unit": "monthly",
        "day_of_month": 15,
        "start_date": "2024-04-15",
        "count": 12,
    }
    made = own.create("subscriptions", {**body, "links": {"mandate": mandate["id"]}})
    assert [p["charge_date"] for p in made["upcoming_payments"]][:3] == ["2024-04-15", "2024-05-15", "2024-06-17"]
    assert len(made["upcoming_payments"]) == 10
    assert made["end_date"] == "2025-03-18"


def test_pausing_and_resuming(by_clock):
    mandate = by_clock.mandate()
    body = {"amount": 500, "currency": "GBP", "interval_unit": "monthly", "day_of_month": 20}
    made = by_clock.create("subscriptions", {**body, "links": {"mandate": mandate["id"]}})
    paused = by_clock.act("subscriptions", made["id"], "pause").json["subscriptions"]
    assert (paused["status"], paused["upcoming_payments"], paused["end_date"]) == ("paused", [], None)
    again = by_clock.act("subscriptions", made["id"], "pause").json["error"]["errors"][0]["reason"]
    assert again == "subscription_paused_cannot_update_cycles"
    by_clock.lever("clock", {"advance": {"days": 70}})
    assert by_clock.all("payments", f"?subscription={made['id']}") == []
    resumed = by_clock.act("subscriptions", made["id"], "resume").json["subscriptions"]
    assert resumed["status"] == "active"
    assert resumed["upcoming_payments"][0]["charge_date"] >= "2030-05-20"
    cycles = by_clock.act("subscriptions", made["id"], "pause", {"pause_cycles": 2}).json["subscriptions"]
    assert cycles["earliest_charge_date_after_resume"] == cycles["upcoming_payments"][0]["charge_date"]
    by_clock.lever("clock", {"advance": {"days": 95}})
    assert by_clock.one("subscriptions", made["id"])["status"] == "active"


@pytest.mark.parametrize("cycles", [0, -1])
def test_pause_cycles_begin_at_one(api, cycles):
    mandate = api.mandate(active=True)
    made = api.create(
        "subscriptions", {"amount": 5, "currency": "GBP", "interval_unit": "monthly", "links": {"mandate": mandate["id"]}}
    )
    answer = api.act("subscriptions", made["id"], "pause", {"pause_cycles": cycles})
    assert answer.json["error"]["errors"][0]["reason"] == "pause_cycles_must_be_greater_than_or_equal_to"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"interval_unit": "weekly", "day_of_month": 1}, "day_of_month"), ({"interval_unit": "monthly", "month": "may"}, "month"),
     ({"interval_unit": "weekly", "interval": 53}, "interval"), ({"interval_unit": "monthly", "interval": 13}, "interval"),
     ({"interval_unit": "yearly", "interval": 2}, "interval"), ({"interval_unit": "monthly", "day_of_month": 29}, "day_of_month"),
     ({"interval_unit": "monthly", "day_of_month": 0}, "day_of_month"), ({"interval_unit": "daily"}, "interval_unit"),
     ({"interval_unit": "monthly", "start_date": "2001-01-01"}, "start_date"), ({"interval_unit": "monthly", "count": 0}, "count")],
)  # fmt: skip
def test_rhythms_that_make_no_sense(api, values, field):
    mandate = api.mandate(active=True)
    answer = api.call(
        "POST",
        "/subscriptions",
        {"subscriptions": {"amount": 5, "currency": "GBP", "links": {"mandate": mandate["id"]}, **values}},
    )
    assert (answer.status_code, answer.json["error"]["errors"][0]["field"]) == (422, field)


def test_ten_amendments_and_no_more(api):
    mandate = api.mandate(active=True)
    made = api.create(
        "subscriptions",
        {"amount": 5, "currency": "GBP", "interval_unit": "yearly", "month": "may", "links": {"mandate": mandate["id"]}},
    )
    for amount in range(10, 20):
        assert api.call("PUT", f"/subscriptions/{made['id']}", {"subscriptions": {"amount": amount}}).status_code == 200
    answer = api.call("PUT", f"/subscriptions/{made['id']}", {"subscriptions": {"amount": 99}})
    assert answer.json["error"]["errors"][0]["reason"] == "number_of_subscription_amendments_exceeded"
    assert api.call("PUT", f"/subscriptions/{made['id']}", {"subscriptions": {"name": "Still"}}).status_code == 200


def test_a_subscription_belongs_to_the_app_that_made_it(sandbox):
    client_id = (
        sandbox.test_client()
        .post("/_sandbox/apps", json={"name": "P", "redirect_uris": ["https://p.example.com/"]})
        .json["client_id"]
    )
    by_app = merchant(sandbox, client_id=client_id)
    with sandbox.extensions["sandbox"].change(by_app.made["organisation_id"]) as world:
        from portal.sandbox import organisations

        direct = organisations.grant_token(
            world.conn, world.organisation, scope="read_write", email="m@example.com", stamp=world.stamp
        )
    from tests.sandbox.kit import Api

    merchant_itself = Api(sandbox, direct)
    mandate = by_app.mandate(active=True)
    body = {"amount": 5, "currency": "GBP", "interval_unit": "monthly", "app_fee": 1, "links": {"mandate": mandate["id"]}}
    made = by_app.create("subscriptions", body)
    for name in ("pause", "resume"):
        assert merchant_itself.act("subscriptions", made["id"], name).json["error"]["errors"][0]["reason"] == "forbidden"
    change = merchant_itself.call("PUT", f"/subscriptions/{made['id']}", {"subscriptions": {"amount": 6}})
    assert change.json["error"]["errors"][0]["reason"] == "forbidden"
    fee = merchant_itself.call("PUT", f"/subscriptions/{made['id']}", {"subscriptions": {"app_fee": 2}})
    assert (fee.status_code, fee.json["error"]["errors"][0]["reason"]) == (403, "resource_created_by_another_app")
    assert by_app.act("subscriptions", made["id"], "pause").status_code == 200


def test_moves_at_once_are_over_when_the_call_is_answered(tmp_path):
    own = merchant(make_app(tmp_path, moves="at_once"))
    mandate = own.mandate()
    assert mandate["status"] == "active"
    payment = own.payment(mandate)
    assert own.one("payments", payment["id"])["status"] == "paid_out"
    refund = own.create("refunds", {"amount": 1, "total_amount_confirmation": 1, "links": {"payment": payment["id"]}})
    assert own.one("refunds", refund["id"])["status"] == "paid"


def test_moves_by_hand_wait_for_a_hand(tmp_path):
    own = merchant(make_app(tmp_path, moves="by_hand"))
    payment = own.payment(own.mandate())
    own.lever("clock", {"advance": {"days": 60}})
    assert own.one("payments", payment["id"])["status"] == "pending_submission"


def test_a_reinstated_mandate_comes_back(by_clock):
    mandate = by_clock.mandate()
    by_clock.lever("clock", {"advance": {"days": 10}})
    by_clock.act("mandates", mandate["id"], "cancel")
    assert by_clock.act("mandates", mandate["id"], "reinstate").json["mandates"]["status"] == "pending_submission"
    by_clock.lever("clock", {"advance": {"days": 10}})
    assert by_clock.one("mandates", mandate["id"])["status"] == "active"
    told = [action for kind, action in by_clock.events() if kind == "mandates"]
    assert told == ["created", "submitted", "active", "cancelled", "resubmission_requested", "submitted", "reinstated"]


def test_own_scheme_identifiers_take_five_days_at_bacs(by_clock):
    made = by_clock.create("scheme_identifiers", {"name": "Acme", "scheme": "bacs"})
    assert made["status"] == "pending"
    at_once = by_clock.create("scheme_identifiers", {"name": "Acme", "scheme": "sepa"})
    assert at_once["status"] == "active"
    by_clock.lever("clock", {"advance": {"days": 8}})
    assert by_clock.one("scheme_identifiers", made["id"])["status"] == "active"
    shown = by_clock.one("creditors", by_clock.made["creditor_id"])["scheme_identifiers"]
    assert {"id": made["id"], "status": "active"}.items() <= next(s for s in shown if s["id"] == made["id"]).items()
    payment = by_clock.payment(by_clock.mandate(), reference="OWN")
    assert payment["reference"] == "OWN"


def test_payouts_are_found_by_their_metadata(by_clock):
    mandate = by_clock.mandate()
    for amount, number in ((1000, "7"), (2000, "8")):
        by_clock.payment(mandate, amount=amount)
        by_clock.lever("clock", {"advance": {"days": 14}})
        newest = by_clock.all("payouts")[0]["id"]
        by_clock.call("PUT", f"/payouts/{newest}", {"payouts": {"metadata": {"ledger no.": number, "kind": "x"}}})
    second, first = (row["id"] for row in by_clock.all("payouts"))
    assert [row["id"] for row in by_clock.all("payouts", "?metadata[ledger no.]=7")] == [first]
    assert [row["id"] for row in by_clock.all("payouts", "?metadata[kind]=x")] == [second, first]
    assert by_clock.all("payouts", "?metadata[kind]=x&metadata[ledger no.]=9") == []

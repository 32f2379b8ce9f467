"""Half a year of payments of one account, as a reading would have left them."""

import random
from datetime import date, timedelta

from sqlalchemy import insert

from portal import clock
from portal.extensions import db
from portal.models.payment import PaymentFact, PaymentReading, PayoutFact
from portal.payments.summing import sum_up
from portal.status import ReadingStatus

CAUSES = ("refer_to_payer", "insufficient_funds", "bank_account_closed", "mandate_cancelled", "invalid_bank_details")
ENDS = (("paid_out", 80), ("failed", 9), ("charged_back", 2), ("cancelled", 3), ("submitted", 4), ("confirmed", 2))


def remember(connection_id, count, *, days=180, seed=1):
    """`count` payments, most of them in pounds, charged within so many days until today."""
    chance, today = random.Random(seed), clock.now().date()
    rows = [_payment(connection_id, n, chance, today - timedelta(days=chance.randrange(days))) for n in range(count)]
    for start in range(0, count, 5000):
        db.session.execute(insert(PaymentFact), rows[start : start + 5000])
    payouts = {(row["payout_id"], row["charge_date"]) for row in rows if row["payout_id"]}
    db.session.execute(insert(PayoutFact), [_payout(connection_id, *one) for one in sorted(payouts)])
    db.session.add(
        PaymentReading(
            connection_id=connection_id,
            status=ReadingStatus.READ,
            asked_at=clock.now(),
            finished_at=clock.now(),
            read_until=clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            events=4 * count,
        )
    )
    db.session.flush()
    sum_up(connection_id)


def _payment(connection_id, n, chance, day):
    status = chance.choices([name for name, _ in ENDS], [weight for _, weight in ENDS])[0]
    failed = status in ("failed", "charged_back")
    rescued = status == "paid_out" and chance.random() < 0.07
    return {
        "connection_id": connection_id,
        "payment_id": f"PM{n:012}",
        "created_at": f"{day - timedelta(days=4)}T09:00:00.000Z",
        "charge_date": day,
        "currency": "EUR" if chance.random() < 0.15 else "GBP",
        "amount": chance.randrange(500, 20_000),
        "status": status,
        "failures": int(failed or rescued),
        "cause": chance.choice(CAUSES) if failed or rescued else "",
        "failed_at": f"{day}T09:00:00.000Z" if failed or rescued else "",
        "retries": 1 if rescued else chance.choice((0, 0, 1, 3)) if status == "failed" else 0,
        "payout_id": f"PO{day:%Y%m%d}{chance.randrange(4)}" if status == "paid_out" else "",
    }


def _payout(connection_id, payout_id, charged):
    arrives: date = charged + timedelta(days=2 + int(payout_id[-1]) + (charged.weekday() > 2))
    return {
        "connection_id": connection_id,
        "payout_id": payout_id,
        "created_at": f"{charged}T10:00:00.000Z",
        "status": "paid",
        "arrives_on": arrives,
    }

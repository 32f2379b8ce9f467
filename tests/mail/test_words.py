"""Every mail as its reader gets it, compared with tests/data/mail: one sample each, so that every changed word is looked at.

After a change that is meant: PORTAL_UPDATE_SNAPSHOTS=1 make test PYTEST=tests/mail/test_words.py, and read the difference.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace as Noun

import pytest

import portal
from portal.mail import Recipient, rendering
from tests.careful import examine
from tests.snapshot import same

FOLDER = Path(portal.__file__).parent / "templates" / "mail"
AT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
SECTION = Noun(key="webhooks", title="Webhooks")
QUESTION = Noun(key="wh-signature", text="Do you verify the signature of every webhook?")
REGISTRATION = Noun(
    key="r1",
    company="Ledger & Sons",
    website="https://ledger.example.com",
    decline_reason="Your product has no users yet.\nCome back then.",
)
REVIEW = Noun(key="r2", number=2, due_at=AT, assigned_to=None)
ACCOUNT = {"username": "ann.lee", "url": "https://example.com/reset/abc", "hours": 2}
DECISIONS = [
    Noun(section=Noun(key="going_live", title="Going live"), approved=True, flagged=(), places=list),
    Noun(
        section=SECTION,
        approved=False,
        flagged=(QUESTION,),
        places=lambda: [
            (
                QUESTION,
                [Noun(kind="blocking", text="The picture shows\nno answer <498>."), Noun(kind="suggestion", text="Log it.")],
            ),
            (None, [Noun(kind="suggestion", text="Nicely done otherwise.")]),
        ],
    ),
]
CASE = Noun(key="c1", number=7, subject="Signature differs")
SAMPLES = {
    "case_answered": {
        "author": "Rita Example",
        "case": CASE,
        "text": "Compare the raw bytes.\nNot the <parsed> body.",
        "resolved": True,
        "url": "https://example.com/support/cases/c1",
    },
    "case_written": {
        "author": "Alice Example",
        "case": CASE,
        "text": "It says 498.",
        "opened": True,
        "house": "Acme Billing",
        "url": "https://example.com/staff/cases/c1",
    },
    "certificate_restored": {"number": "GC-2026-00001", "certificate_key": "c2"},
    "certificate_suspended": {
        "number": "GC-2026-00001",
        "certificate_key": "c2",
        "reason": "Webhooks answer 500\nsince <Monday>.",
    },
    "certified": {"partner": "Acme Billing"},
    "connection_ended": {
        "connection": Noun(
            key="k1", creditor_name="Corner <Shop>", organisation_id="OR000123ABC", app=Noun(name="Acme connect & collect")
        ),
        "cause": "The merchant disconnected the app, or their account was closed.",
        "url": "https://example.com/developers/connections/k1",
    },
    "digest": {
        "items": [
            {
                "kind": "Somebody mentions you",
                "at": AT,
                "subject": "Rita <R> mentioned you",
                "text": "Can you say more?\nhttps://example.com/x",
            },
            {"kind": "Support cases", "at": AT, "subject": "Case 7: Signature differs", "text": "Compare the <raw> bytes."},
        ],
        "more": 3,
        "url": "https://example.com/settings/notifications",
    },
    "export_ready": {
        "name": "Ledger & Sons, round 2.pdf",
        "size": 1_234_567,
        "until": AT,
        "url": "https://example.com/exports/e1",
    },
    "forwarding_stopped": {
        "app": "Billing <test>",
        "url": "https://acme.example.com/webhooks",
        "since": AT,
        "error": "The address answered 503.",
    },
    "identity_changed": ACCOUNT,
    "identity_invitation": {
        "inviter": "Pam Example",
        "house": "Acme Billing",
        "role": "Admin",
        "username": "ann.lee",
        "url": "https://example.com/invitation/abc",
        "expires_at": AT,
    },
    "identity_notice": {**ACCOUNT, "what": "removed the authenticator app"},
    "identity_reset": ACCOUNT,
    "identity_username": ACCOUNT,
    "interest_declined": {"registration": REGISTRATION},
    "interest_received": {"registration": REGISTRATION},
    "interest_registered": {"registration": REGISTRATION},
    "lead_news": {
        "author": "Sam Example",
        "lead": Noun(company="Baker & Sons"),
        "partner": "Acme Billing",
        "status": "Contacted",
        "text": "We called them.\nThey are <keen>.",
        "url": "https://example.com/grow/leads/l1",
    },
    "listing_declined": {"partner": "Acme Billing", "reason": "The summary names prices & discounts."},
    "listing_left": {"partner": "Acme Billing", "reason": "We were bought."},
    "listing_published": {"partner": "Acme Billing", "changed": True, "slug": "acme-billing"},
    "listing_sent": {"partner": "Acme Billing", "update": True},
    "listing_withdrawn": {"partner": "Acme Billing", "reason": "The certificate has expired."},
    "mention": {
        "author": "Rita <R>",
        "section": SECTION,
        "partner": "Acme Billing",
        "text": "Can you say more?\n100% of them?",
        "url": "https://example.com/build/webhooks#feed",
    },
    "review_feedback": {"number": 2, "decisions": DECISIONS, "closed": False},
    "review_paused": {"reviewer": "Rita Example", "section": SECTION, "reason": "Which of your products is this?"},
    "review_reminder": {"review": REVIEW, "partner": "Acme Billing"},
    "status_hook_stopped": {
        "host": "acme.example.com",
        "reason": "the address answered 410 Gone",
        "error": "It answered 410 Gone; only 2xx counts as received.",
        "url": "https://example.com/developers/status-changes/h1",
    },
}


def test_every_mail_has_a_sample():
    assert set(SAMPLES) == {file.stem for file in FOLDER.glob("*.txt")} - {"base"}


@pytest.mark.parametrize("kind", ["txt", "html"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_words(app, name, kind):
    words = {**SAMPLES[name], "recipient": Recipient("ann@example.com", "Ann Lee"), "subject": f"Sample of {name}"}
    text = rendering.render(f"mail/{name}.{kind}", words, zone="Europe/London")
    if kind == "html":
        examine(text)
    same(text, f"mail/{name}.{kind}")

"""Plays a partner's server with the Python files: `python drive.py link` or `python drive.py finish FACTS`."""

import json
import sqlite3
import sys

import callback
import link
import store
import verification
import webhook


def refused(work, *values):
    try:
        work(*values)
    except (callback.NotConnected, webhook.InvalidSignature) as error:
        return f"{type(error).__name__}: {error}"
    return "not refused"


def finish(facts):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)")
    session = dict(facts["session"])
    organisation, token = callback.connect(session, facts["query"])
    for value in ("an older token", token):
        store.save(db, organisation, value)
    found = {
        "organisation": organisation,
        "token": token,
        "session": session,
        "rows": db.execute("SELECT * FROM gocardless_connection").fetchall(),
        "kept": store.access_token_of(db, organisation),
        "status": verification.verification_status(token),
        "advice": verification.ADVICE[verification.verification_status(token)],
        "refused": [refused(callback.connect, given, query) for given, query in facts["refused"]],
        "events": [len(webhook.events(body.encode(), signature)) for body, signature in facts["genuine"]],
        "forged": [refused(webhook.events, body.encode(), signature) for body, signature in facts["forged"]],
    }
    store.forget(db, organisation)
    return found | {"forgotten": store.access_token_of(db, organisation)}


def begin():
    session = {}
    return {"link": link.authorization_link(session, "mia@example.com", "Corner Shop & Sons"), "session": session}


print(json.dumps(begin() if sys.argv[1] == "link" else finish(json.loads(sys.argv[2]))))  # noqa: T201 - it is read by the test

"""Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.

CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)
"""

from cryptography.fernet import Fernet
from settings import TOKEN_KEY

SAVE = """INSERT INTO gocardless_connection (organisation_id, access_token) VALUES (?, ?)
    ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token"""


def save(db, organisation_id, access_token):
    """Webhooks name the organisation, so it is the key. Who connects again replaces the token."""
    sealed = Fernet(TOKEN_KEY).encrypt(access_token.encode()).decode()
    db.execute(SAVE, (organisation_id, sealed))
    db.commit()


def access_token_of(db, organisation_id):
    row = db.execute("SELECT access_token FROM gocardless_connection WHERE organisation_id = ?", (organisation_id,)).fetchone()
    return Fernet(TOKEN_KEY).decrypt(row[0].encode()).decode() if row else None


def forget(db, organisation_id):
    """When the event organisations/disconnected says that the merchant left."""
    db.execute("DELETE FROM gocardless_connection WHERE organisation_id = ?", (organisation_id,))
    db.commit()

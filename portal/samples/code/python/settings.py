"""What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code."""

import os

CONNECT_URL = "{{connect_url}}"
API_URL = "{{api_url}}"
CLIENT_ID = "{{client_id}}"
REDIRECT_URI = "{{redirect_uri}}"

CLIENT_SECRET = os.environ["GOCARDLESS_CLIENT_SECRET"]
WEBHOOK_SECRET = os.environ["GOCARDLESS_WEBHOOK_SECRET"]
TOKEN_KEY = os.environ["TOKEN_KEY"]  # made once with cryptography.fernet.Fernet.generate_key()

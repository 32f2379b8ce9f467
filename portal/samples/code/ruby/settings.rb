# frozen_string_literal: true

# What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code.

require "base64"

CONNECT_URL = "{{connect_url}}"
API_URL = "{{api_url}}"
CLIENT_ID = "{{client_id}}"
REDIRECT_URI = "{{redirect_uri}}"

CLIENT_SECRET = ENV.fetch("GOCARDLESS_CLIENT_SECRET")
WEBHOOK_SECRET = ENV.fetch("GOCARDLESS_WEBHOOK_SECRET")
TOKEN_KEY = Base64.strict_decode64(ENV.fetch("TOKEN_KEY")) # 32 bytes: openssl rand -base64 32

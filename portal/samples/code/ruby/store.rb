# frozen_string_literal: true

# Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.
#   CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)

require "base64"
require "openssl"
require_relative "settings"

SAVE = <<~SQL
  INSERT INTO gocardless_connection (organisation_id, access_token) VALUES (?, ?)
  ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token
SQL

# `db` is a SQLite3::Database, or anything with its execute(). Webhooks name the organisation, so it is the key.
def save(db, organisation_id, access_token)
  db.execute(SAVE, [organisation_id, seal(access_token)])
end

def access_token_of(db, organisation_id)
  row = db.execute("SELECT access_token FROM gocardless_connection WHERE organisation_id = ?", [organisation_id]).first
  row && unseal(row.first)
end

# When the event organisations/disconnected says that the merchant left.
def forget(db, organisation_id)
  db.execute("DELETE FROM gocardless_connection WHERE organisation_id = ?", [organisation_id])
end

def seal(text)
  cipher = OpenSSL::Cipher.new("aes-256-gcm").encrypt
  cipher.key = TOKEN_KEY
  nonce = cipher.random_iv
  sealed = cipher.update(text) + cipher.final
  Base64.strict_encode64(nonce + cipher.auth_tag + sealed)
end

def unseal(text)
  bytes = Base64.strict_decode64(text)
  cipher = OpenSSL::Cipher.new("aes-256-gcm").decrypt
  cipher.key = TOKEN_KEY
  cipher.iv = bytes[0, 12]
  cipher.auth_tag = bytes[12, 16]
  (cipher.update(bytes[28..]) + cipher.final).force_encoding("UTF-8")
end

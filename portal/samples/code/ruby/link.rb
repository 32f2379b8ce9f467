# frozen_string_literal: true

# Behind your button "Connect with GoCardless": redirect the merchant to this address.

require "securerandom"
require "uri"
require_relative "settings"

# `session` is the merchant's session with you. The state in it proves later that the answer belongs to it.
def authorization_link(session, email: nil, organisation_name: nil)
  session["gocardless_state"] = SecureRandom.urlsafe_base64(32)
  parameters = {
    "response_type" => "code",
    "client_id" => CLIENT_ID,
    "scope" => "read_write",
    "redirect_uri" => REDIRECT_URI,
    "state" => session["gocardless_state"],
    "initial_view" => "signup", # or "login", for merchants who have an account
    "prefill[email]" => email,
    "prefill[organisation_name]" => organisation_name
  }
  "#{CONNECT_URL}/oauth/authorize?#{URI.encode_www_form(parameters.compact)}"
end

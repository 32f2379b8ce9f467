# frozen_string_literal: true

# The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token.

require "json"
require "net/http"
require "openssl"
require_relative "settings"

# The words are for the merchant, beside a button that starts again.
class NotConnected < StandardError; end

# `query` holds the parameters of the address. Gives back the organisation's id and its access token.
def connect(session, query)
  expected = session.delete("gocardless_state").to_s # good for one answer
  if expected.empty? || !OpenSSL.secure_compare(expected, query["state"].to_s)
    raise NotConnected, "This answer does not belong to your session. Please start again."
  end
  raise NotConnected, query["error_description"] || query["error"] if query["error"] # access_denied: the merchant said no

  exchange(query["code"].to_s)
end

# From your server only: the client secret never reaches a browser. A code is good once and for minutes.
def exchange(code)
  address = URI("#{CONNECT_URL}/oauth/access_token")
  request = Net::HTTP::Post.new(address)
  request.set_form_data(
    "grant_type" => "authorization_code",
    "code" => code,
    "redirect_uri" => REDIRECT_URI,
    "client_id" => CLIENT_ID,
    "client_secret" => CLIENT_SECRET
  )
  limits = { use_ssl: address.scheme == "https", open_timeout: 5, read_timeout: 10 }
  answer = Net::HTTP.start(address.host, address.port, **limits) { |http| http.request(request) }
  token = JSON.parse(answer.body)
  unless token["access_token"]
    raise NotConnected, token["error_description"] || "GoCardless did not take the code. Please start again."
  end

  token.values_at("organisation_id", "access_token")
end

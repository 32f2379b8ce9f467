# frozen_string_literal: true

# Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them.

require "json"
require "openssl"
require_relative "settings"

# Answer 498, and do nothing else.
class InvalidSignature < StandardError; end

# `body` is request.raw_post, `signature` is request.headers["Webhook-Signature"]. Answer 204 once the events are stored.
# They may come twice and in any order: remember their ids, and read the resource anew before you act.
def events(body, signature)
  expected = OpenSSL::HMAC.hexdigest("SHA256", WEBHOOK_SECRET, body)
  raise InvalidSignature unless OpenSSL.secure_compare(expected, signature.to_s)

  JSON.parse(body)["events"]
end

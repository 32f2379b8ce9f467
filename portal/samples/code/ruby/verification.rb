# frozen_string_literal: true

# Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then.

require "gocardless_pro"
require_relative "settings"

ADVICE = {
  "successful" => "Nothing to do. Payouts can be made.",
  "in_review" => "GoCardless is checking the details. There is nothing to do but wait.",
  "action_required" => "Send the merchant to GoCardless's verification pages: something is still missing."
}.freeze

# A connected organisation has exactly one creditor: the first of the list.
def verification_status(access_token)
  client = GoCardlessPro::Client.new(access_token: access_token, url: API_URL)
  client.creditors.list(params: { limit: 1 }).records.first.verification_status
end

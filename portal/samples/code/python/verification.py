"""Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then."""

import gocardless_pro
from settings import API_URL

ADVICE = {
    "successful": "Nothing to do. Payouts can be made.",
    "in_review": "GoCardless is checking the details. There is nothing to do but wait.",
    "action_required": "Send the merchant to GoCardless's verification pages: something is still missing.",
}


def verification_status(access_token):
    """A connected organisation has exactly one creditor: the first of the list."""
    client = gocardless_pro.Client(access_token=access_token, base_url=API_URL)
    creditor = client.creditors.list(params={"limit": 1}).records[0]
    return creditor.verification_status

"""GoCardless as the portal knows it: where each environment lives, and its official client. The only door to gocardless_pro."""

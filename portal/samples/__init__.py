"""The link and the exchange as running code for the partner's own product."""

"""The link, the way back and the webhook as running code for the partner's own product, in six languages."""

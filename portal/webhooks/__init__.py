"""Webhooks: received byte for byte, explained, kept, found again, sent on."""

"""Webhooks on their way out: rows first, then signed, sent, tried again, and every attempt kept."""

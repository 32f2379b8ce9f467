"""Grow: content, product updates and merchant leads, once a partner is certified and launched."""

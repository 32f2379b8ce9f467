"""Merchant leads (My Sales): a partner brings them, sales work them, both see where they stand."""

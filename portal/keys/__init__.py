"""API keys of a partner, and the calls that they open."""

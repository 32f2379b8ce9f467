"""Developers: where a partner's developers will run their integration against the sandbox."""

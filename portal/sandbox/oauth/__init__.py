"""OAuth for partner apps: one grant, opaque tokens, Authlib's server underneath."""

"""Support: how a partner reaches the people who can help."""

"""Pages for everybody: the front door, registering interest, health checks."""

"""Tools for whoever works on the portal; none of this exists in production."""

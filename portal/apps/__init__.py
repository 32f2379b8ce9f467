"""Partner apps: what a partner registers, what is wrong with it before a run, and what is missing before it goes live."""

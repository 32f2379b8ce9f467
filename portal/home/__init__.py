"""Home and the areas: where a partner stands, what comes next, what is still locked and why."""

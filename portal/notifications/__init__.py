"""Who hears of what: each person's choices, the daily digest, and a partner's own systems that hear of status changes."""

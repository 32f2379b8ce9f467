"""`portal listen`: brings the webhooks that the portal received to a developer's own machine.

It needs nothing of the portal but its address and an API key, and imports nothing of it.
"""

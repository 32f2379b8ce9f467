"""The connect test: a real authorization-code flow, step by step."""

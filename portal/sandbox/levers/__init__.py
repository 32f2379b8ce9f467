"""The tester's levers under /_sandbox/: they exist only here, and only where they are configured."""

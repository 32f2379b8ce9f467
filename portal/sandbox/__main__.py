"""Starts the sandbox alone: ``python -m portal.sandbox``."""

from portal.sandbox.server import main

main()

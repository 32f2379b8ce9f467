"""What the frame around every page shows."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Filled below, once the navigation is there."""

"""The Partner Portal. Nothing is imported here at module level, so that portal.sandbox stays a light neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.config import Settings
    from portal.web import Portal


def create_app(settings: Settings | None = None) -> Portal:
    """The portal as a WSGI application; without settings they come from the environment."""
    from portal.config import Settings
    from portal.wiring import assemble

    return assemble(settings or Settings())

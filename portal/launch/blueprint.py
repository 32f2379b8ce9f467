"""Launch's pages: one blueprint, filled by the files beside it."""

from flask import Blueprint

from portal import journey
from portal.frame import stage
from portal.refusals import NotReady

bp = Blueprint("launch", __name__)


def check_open() -> None:
    """Raises NotReady while Launch can only be read (product.md H3)."""
    if reasons := journey.launch_reasons(stage()):
        raise NotReady(reasons)

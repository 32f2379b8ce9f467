"""Pages for everybody."""

from flask import Blueprint

from portal.gates import Gate, gate

bp = Blueprint("public", __name__)


@bp.get("/healthz")
@gate(Gate.PUBLIC)
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}

"""Pages of Build: the overview, the sections, their feeds, the summary and what is sent from it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.build import feed_routes, proof_routes, section_routes, submission_routes
from portal.build.blueprint import bp
from portal.build.overview import overview as overview_of
from portal.frame import stage
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.people import User

__all__ = ["bp", "feed_routes", "proof_routes", "section_routes", "submission_routes"]


@bp.get("/")
@gate(Gate.PARTNER)
def overview(me: User, integration: Integration) -> ResponseReturnValue:
    """The ten sections; `?show=needs-you` leaves out those that wait for somebody else."""
    seen = overview_of(integration, reader=me)
    needs_you = request.args.get("show") == "needs-you"
    tiles = [tile for tile in seen.tiles if tile.needs_you or not needs_you]
    facts = {"partner": integration.partner, "certificate_key": stage().certificate_key}
    return render_template("build/overview.html", seen=seen, tiles=tiles, needs_you=needs_you, **facts)

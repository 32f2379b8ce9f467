"""Verification details: what a creditor tells about itself so that it can be paid out."""

from typing import Any

from portal.sandbox import timeline
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Filters, create, listing
from portal.sandbox.calendars import add_working
from portal.sandbox.clock import morning
from portal.sandbox.fields import country, day, group, links, rows, text
from portal.sandbox.resources import creditors
from portal.sandbox.resources.linking import linked
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


def make(world: World, values: Json) -> Doc:
    """Stores the details and puts the creditor in review; the sandbox's reviewer needs one working day."""
    creditor = linked(world, values, "creditor", "creditors")
    if creditor.body["verification_status"] == "action_required":
        creditors.set_verification(world, creditor, "in_review")
        timeline.at(world, creditor, "verify", morning(add_working(world.today, 1, "GB-ENG")))
    body = {**{f.name: values.get(f.name) for f in FIELDS}, "country_code": creditor.body["country_code"], "region": None}
    return world.add("verification_details", body)


@rendering.completed("verification_details")
def _without_id(_world: World, body: Json) -> Json:
    return {key: value for key, value in body.items() if key not in ("id", "created_at")}


_DIRECTOR = group(
    "director",
    text("given_name", required=True),
    text("family_name", required=True),
    day("date_of_birth", required=True),
    text("street", required=True),
    text("city", required=True),
    text("postal_code", required=True),
    country(required=True),
)
FIELDS = (
    text("name", required=True),
    text("description", required=True),
    text("company_number", required=True),
    text("address_line1", required=True),
    text("address_line2"),
    text("address_line3"),
    text("city", required=True),
    text("postal_code", required=True),
    rows("directors", _DIRECTOR, required=True),
    links("creditor"),
)

ROUTES = (
    create("verification_details", make, *FIELDS, idempotent=False),
    listing("verification_details", Filters(choices={"creditor": None}, required=("creditor",))),
)

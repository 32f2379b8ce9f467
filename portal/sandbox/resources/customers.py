"""Customers: the payers of a merchant."""

from typing import Any

from portal.sandbox.api import rendering
from portal.sandbox.api.routes import Answer, Filters, Route, create, get, update
from portal.sandbox.errors import invalid
from portal.sandbox.fields import CURRENCIES, Field, country, metadata, text
from portal.sandbox.resources import mandates
from portal.sandbox.resources.linking import meta, taken
from portal.sandbox.store import paging
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
LANGUAGES = ("en", "fr", "de", "pt", "es", "it", "nl", "da", "nb", "sl", "sv")
LANGUAGE_OF = {
    "FR": "fr",
    "DE": "de",
    "AT": "de",
    "PT": "pt",
    "ES": "es",
    "IT": "it",
    "NL": "nl",
    "DK": "da",
    "SI": "sl",
    "SE": "sv",
}
EMAIL = r"[^@\s]+@[^@\s]+"
FIELDS: tuple[Field, ...] = (
    text("email", pattern=EMAIL),
    text("given_name"),
    text("family_name"),
    text("company_name"),
    *(text(line) for line in ("address_line1", "address_line2", "address_line3", "city", "region", "postal_code")),
    country(),
    text("language", among=LANGUAGES),
    text("swedish_identity_number", most=40),
    text("danish_identity_number", most=40),
    text("phone_number", most=40),
    metadata(),
)
NAMES = tuple(f.name for f in FIELDS if f.name != "metadata")


def make(world: World, values: Json) -> Doc:
    _check_names(values, "/customers")
    return add(world, values)


def add(world: World, values: Json) -> Doc:
    """A customer from whatever is known of it; hosted pages may learn the rest later."""
    body = taken(values, *NAMES) | {"metadata": meta(values)}
    body["country_code"] = body["country_code"] and body["country_code"].upper()
    body["language"] = body["language"] or LANGUAGE_OF.get(str(body["country_code"]), "en")
    return world.add("customers", body, _sorting(body))


def list_customers(world: World, _id: str, _body: Json) -> Answer:
    """No customer of the sandbox ever waits for an action of the merchant."""
    asked = paging.asked(world.query, _FILTERS)
    waiting = asked.equal.pop("action_required", ["false"])
    page = paging.Page([], None, None, asked.limit) if waiting == ["true"] else paging.fetch(world, "customers", asked)
    return Answer(rendering.many(world, "customers", page))


def change(world: World, doc: Doc, values: Json) -> Doc:
    for once in ("swedish_identity_number", "danish_identity_number"):
        if once in values and doc.body[once] and values[once] != doc.body[once]:
            raise invalid((f"/customers/{once}", "can't be changed once it is set"))
    doc.body.update(values | ({"metadata": meta(values)} if "metadata" in values else {}))
    _check_names(doc.body, "/customers")
    return store(world, doc)


def store(world: World, doc: Doc) -> Doc:
    doc.inner |= _sorting(doc.body)
    return world.save(doc)


def remove(world: World, identity: str, _body: Json) -> Answer:
    """Takes the customer out of every list and cancels its mandates; the last body is the answer."""
    doc = world.get("customers", identity)
    for mandate in world.all("mandates", customer=doc.id):
        mandates.cancel_if_live(world, mandate, {"description": "The customer was removed."})
    world.remove(doc)
    return Answer(rendering.one(world, doc))


def note_currency(world: World, customer: str, currency: str) -> None:
    """Remembers the currency in which a customer pays, for the list's filter."""
    doc = world.find("customers", customer)
    if doc and not doc.inner.get("currency"):
        doc.inner["currency"] = currency
        world.save(doc)


def _check_names(values: Json, pointer: str) -> None:
    if values.get("company_name"):
        return
    missing = [name for name in ("given_name", "family_name") if not values.get(name)]
    if missing:
        words = "is required unless company_name is given"
        raise invalid(*((f"{pointer}/{name}", words) for name in missing))


def _sorting(body: Json) -> Json:
    """What the list sorts by; never empty, so that every customer has its place."""
    name = " ".join(str(body[part]) for part in ("family_name", "given_name", "company_name") if body.get(part)).lower()
    return {"name": name, "company_name": str(body.get("company_name") or "")}


_FILTERS = Filters(
    choices={"currency": CURRENCIES, "action_required": ("true", "false")},
    ranges=("created_at",),
    sorts=("name", "company_name", "created_at"),
)

ROUTES = (
    create("customers", make, *FIELDS),
    Route("GET", "/customers", "customers", "list", list_customers, filters=_FILTERS),
    get("customers"),
    update("customers", *FIELDS, change=change),
    Route("DELETE", "/customers/:id", "customers", "remove", remove, "customers", optional_body=True),
)

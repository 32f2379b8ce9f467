"""Exchange rates and tax rates: fixed tables."""

from typing import Any

from portal.sandbox import clock
from portal.sandbox.api.routes import Answer, Filters, Route, narrowed, plain
from portal.sandbox.errors import not_found
from portal.sandbox.fields import CURRENCIES
from portal.sandbox.store import documents
from portal.sandbox.store.paging import Asked
from portal.sandbox.store.world import World

Json = dict[str, Any]
IN_POUNDS = {"AUD": 0.52, "CAD": 0.58, "DKK": 0.114, "EUR": 0.85, "GBP": 1.0, "NZD": 0.47, "SEK": 0.075, "USD": 0.79}
TAX_RATES = tuple(
    {"id": identity, "start_date": start, "end_date": end, "jurisdiction": place, "percentage": percentage, "type": kind}
    for identity, start, end, place, percentage, kind in (
        ("GB_VAT_1", "2011-01-04", None, "GB", "20.0", "VAT"),
        ("FR_VAT_1", "2014-01-01", None, "FR", "20.0", "VAT"),
        ("DE_VAT_1", "2007-01-01", None, "DE", "19.0", "VAT"),
        ("IE_VAT_1", "2012-01-01", None, "IE", "23.0", "VAT"),
        ("AU_GST_1", "2000-07-01", None, "AU", "10.0", "GST"),
    )
)


def exchange_rates(world: World, asked: Asked) -> list[Json]:
    time = clock.stamp(clock.morning(world.today))
    pairs = ((source, target) for source in CURRENCIES for target in CURRENCIES if source != target)
    every = [{"rate": f"{IN_POUNDS[a] / IN_POUNDS[b]:.10f}", "source": a, "target": b, "time": time} for a, b in pairs]
    return narrowed(every, asked)


def tax_rates(_world: World, asked: Asked) -> list[Json]:
    return narrowed(TAX_RATES, asked)


def tax_rate(_world: World, identity: str, _body: Json) -> Answer:
    for rate in TAX_RATES:
        if rate["id"] == identity:
            return Answer(documents.dumps({"tax_rates": rate}))
    raise not_found()


ROUTES = (
    plain("currency_exchange_rates", exchange_rates, Filters(choices={"source": CURRENCIES, "target": CURRENCIES})),
    plain("tax_rates", tax_rates, Filters(choices={"jurisdiction": None})),
    Route("GET", "/tax_rates/:id", "tax_rates", "get", tax_rate),
)

"""The endpoints that this sandbox knows but does not emulate: each says so plainly. The docs print this very table."""

from collections.abc import Mapping
from typing import NoReturn

from portal.sandbox.api.routes import Route
from portal.sandbox.errors import not_emulated
from portal.sandbox.store.world import World

PATHS: Mapping[str, tuple[str, ...]] = {
    "bank_account_details": ("GET /bank_account_details/:id",),
    "bank_account_holder_verifications": (
        "POST /bank_account_holder_verifications",
        "GET /bank_account_holder_verifications/:id",
    ),
    "branding": ("POST /branding/logos", "POST /branding/payer_themes"),
    "exports": ("GET /exports", "GET /exports/:id"),
    "funds_availability": ("GET /funds_availability/:id",),
    "mandate_imports": (
        "POST /mandate_imports",
        "GET /mandate_imports/:id",
        "POST /mandate_imports/:id/actions/submit",
        "POST /mandate_imports/:id/actions/cancel",
    ),
    "mandate_import_entries": ("POST /mandate_import_entries", "GET /mandate_import_entries"),
    "negative_balance_limits": ("GET /negative_balance_limits",),
    "outbound_payments": (
        "POST /outbound_payments",
        "POST /outbound_payments/withdrawal",
        "GET /outbound_payments",
        "GET /outbound_payments/stats",
        "GET /outbound_payments/:id",
        "PUT /outbound_payments/:id",
        "POST /outbound_payments/:id/actions/cancel",
        "POST /outbound_payments/:id/actions/approve",
    ),
    "outbound_payment_imports": (
        "POST /outbound_payment_imports",
        "GET /outbound_payment_imports",
        "GET /outbound_payment_imports/:id",
    ),
    "outbound_payment_import_entries": ("GET /outbound_payment_import_entries",),
    "payer_authorisations": (
        "POST /payer_authorisations",
        "GET /payer_authorisations/:id",
        "PUT /payer_authorisations/:id",
        "POST /payer_authorisations/:id/actions/submit",
        "POST /payer_authorisations/:id/actions/confirm",
    ),
    "payment_accounts": ("GET /payment_accounts", "GET /payment_accounts/:id", "GET /payment_accounts/:id/transactions"),
    "payment_account_transactions": ("GET /payment_account_transactions/:id",),
    "transferred_mandates": ("GET /transferred_mandates/:id",),
}


def _route(kind: str, written: str) -> Route:
    method, path = written.split(" ")

    def refuse(_world: World, _id: str, _body: object) -> NoReturn:
        raise not_emulated(kind.replace("_", " ").capitalize())

    return Route(method, path, kind, f"{method}-{path}", refuse)


ROUTES = tuple(_route(kind, written) for kind, paths in PATHS.items() for written in paths)

"""Merchants at the pages: signing up, signing in, and who is signed in."""

from functools import cache
from typing import Any

from flask import session
from sqlalchemy import insert, select
from werkzeug.security import check_password_hash, generate_password_hash

from portal.sandbox import organisations
from portal.sandbox.house import here
from portal.sandbox.oauth.records import Merchant, find_merchant
from portal.sandbox.pages.forms import Form, Input
from portal.sandbox.store.tables import merchants

COUNTRIES = (
    ("GB", "United Kingdom"), ("DE", "Germany"), ("FR", "France"), ("ES", "Spain"), ("IT", "Italy"),
    ("IE", "Ireland"), ("NL", "Netherlands"),
    ("AT", "Austria"), ("BE", "Belgium"), ("PT", "Portugal"), ("FI", "Finland"), ("DK", "Denmark"), ("SE", "Sweden"),
    ("US", "United States"), ("CA", "Canada"), ("AU", "Australia"), ("NZ", "New Zealand"),
)  # fmt: skip
LOG_IN = (
    Input("email", "Email address", required=True, kind="email", autocomplete="username"),
    Input("password", "Password", required=True, kind="password", autocomplete="current-password"),
)
SIGN_UP = (
    Input("given_name", "First name", required=True, autocomplete="given-name"),
    Input("family_name", "Last name", required=True, autocomplete="family-name"),
    Input("organisation_name", "Business name", required=True, autocomplete="organization"),
    Input("country_code", "Country", required=True, kind="select", autocomplete="country", choices=COUNTRIES),
    Input("email", "Email address", required=True, kind="email", autocomplete="email"),
    Input("password", "Password", required=True, kind="password", autocomplete="new-password", hint="At least 8 characters"),
)


def signed_in() -> Merchant | None:
    key = session.get("merchant")
    with here().database.reading() as conn:
        return find_merchant(conn, key) if isinstance(key, int) else None


def sign_out() -> None:
    session.pop("merchant", None)


def log_in(form: Form) -> bool:
    """Checks the password outside of any transaction; the answer does not tell whether the address is known."""
    values = form.read()
    if not form.valid:
        return False
    with here().database.reading() as conn:
        row = conn.execute(select(merchants).where(merchants.c.email == values["email"].lower())).first()
    if check_password_hash(row.password if row else _nobody(), values["password"]) and row:
        _remember(row.id)
        return True
    form.fault("email", "The email address or the password is not right")
    return False


def sign_up(form: Form) -> bool:
    """Opens an organisation that still has to be verified, and signs its first person in."""
    values = form.read()
    _check_sign_up(form, values)
    if not form.valid:
        return False
    password = generate_password_hash(values["password"])
    with here().change("") as world:
        if world.conn.execute(select(merchants.c.id).where(merchants.c.email == values["email"].lower())).first():
            form.fault("email", "There is already an account with this email address")
            return False
        organisations.open_organisation(world, values["organisation_name"], values["country_code"], verified=False)
        row: dict[str, Any] = {"organisation": world.organisation, "email": values["email"].lower(), "password": password}
        row |= {"given_name": values["given_name"], "family_name": values["family_name"], "created_at": world.stamp}
        made = world.conn.execute(insert(merchants).values(row)).inserted_primary_key
    _remember(int(made[0]) if made else 0)
    return True


@cache
def _nobody() -> str:
    """A hash to compare with when the address is unknown, so that both answers take as long."""
    return generate_password_hash("nobody has this password")


def _check_sign_up(form: Form, values: dict[str, str]) -> None:
    if values["email"] and "@" not in values["email"][1:-1]:
        form.fault("email", "Enter an email address in the form name@example.com")
    if values["password"] and len(values["password"]) < 8:
        form.fault("password", "Choose a password of at least 8 characters")
    if values["country_code"] and values["country_code"] not in dict(COUNTRIES):
        form.fault("country_code", "Choose a country from the list")


def _remember(key: int) -> None:
    session.clear()
    session["merchant"] = key

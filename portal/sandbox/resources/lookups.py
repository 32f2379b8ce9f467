"""Bank details lookups: what the sandbox makes of an account, stored nowhere."""

from typing import Any

from portal.sandbox.api.routes import Answer, Route
from portal.sandbox.fields import text, typed
from portal.sandbox.resources.bank_accounts import checked
from portal.sandbox.resources.creditor_bank_accounts import DETAILS
from portal.sandbox.store import documents
from portal.sandbox.store.world import World

Json = dict[str, Any]
KIND = "bank_details_lookups"
FIELDS = (*(f for f in DETAILS if f.name != "currency"), text("account_holder_name"))


def look_up(_world: World, _id: str, body: Json) -> Answer:
    values = typed(FIELDS, body, f"/{KIND}")
    account = checked(values | ({} if values.get("account_type") else {"account_type": "checking"}), f"/{KIND}")
    schemes = [account.scheme] + (["faster_payments"] if account.country == "GB" else [])
    answer = {"available_debit_schemes": schemes, "bank_name": account.bank_name, "bic": None}
    return Answer(documents.dumps({KIND: answer}), 201)


ROUTES = (Route("POST", f"/{KIND}", KIND, "create", look_up, KIND, FIELDS),)

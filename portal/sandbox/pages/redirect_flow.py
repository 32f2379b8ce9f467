"""The payer's page of a redirect flow, and where it ends once the merchant has completed it."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.errors import ApiError
from portal.sandbox.house import here
from portal.sandbox.pages import flow as flow_pages
from portal.sandbox.pages import payer_forms
from portal.sandbox.pages.forms import Form, Input
from portal.sandbox.pages.web import Refused, allow_form_to, leave, page, page_blueprint
from portal.sandbox.resources import redirect_flows
from portal.sandbox.schemes import BY_CURRENCY, scheme
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

bp = page_blueprint("redirect_flow", __name__)
KIND = "redirect_flows"


@bp.get("/flow/<identity>")
def show(identity: str) -> ResponseReturnValue:
    with here().look(flow_pages.organisation_of(KIND, identity)) as world:
        doc = _open(world, identity)
        return _page(world, doc, _form(world, doc))


@bp.post("/flow/<identity>")
def send(identity: str) -> ResponseReturnValue:
    with flow_pages.payer(flow_pages.organisation_of(KIND, identity)) as world:
        doc = _open(world, identity)
        form = _form(world, doc)
        values = form.read()
        if not form.valid:
            return _page(world, doc, form, 422)
        names = {i.name for i in (*payer_forms.NAMES, *payer_forms.ADDRESS, *payer_forms.IDENTITY.values())}
        customer = doc.inner["customer"] | {name: value or None for name, value in values.items() if name in names}
        details = {name: value for name, value in values.items() if name not in names}
        try:
            redirect_flows.submit(world, doc, customer, payer_forms.account_details(_currency(world, doc), details))
        except ApiError as error:
            return _page(world, doc, form.blame(error), 422)
        return leave(doc.body["success_redirect_url"], {"redirect_flow_id": doc.id})


@bp.get("/flow/<identity>/success")
def confirmation(identity: str) -> ResponseReturnValue:
    with here().look(flow_pages.organisation_of(KIND, identity)) as world:
        doc = world.get(KIND, identity)
        if not doc.body["confirmation_url"]:
            raise Refused("Not finished yet", "The business has not completed this set-up.", 404)
        return page("closed", title="Direct Debit set up", words=f"Your mandate reference is {doc.body['mandate_reference']}.")


def _open(world: World, identity: str) -> Doc:
    doc = world.get(KIND, identity)
    if redirect_flows.is_over(world, doc):
        raise Refused("This link has expired", "Ask the business that sent it to you for a new one.", 410)
    return doc


def _currency(world: World, doc: Doc) -> str:
    """By the scheme when there is one, else by what was chosen, else by the merchant's country."""
    if doc.body["scheme"]:
        return scheme(doc.body["scheme"]).currency
    chosen = request.values.get("currency", "")
    creditor = world.get("creditors", doc.links["creditor"])
    home = next(iter(creditor.links), "default_gbp_payout_account").split("_")[1].upper()
    return chosen if chosen in BY_CURRENCY else home


def _form(world: World, doc: Doc) -> Form:
    known = doc.inner["customer"] | doc.inner["account"]
    currency = _currency(world, doc)
    extra = payer_forms.IDENTITY.get(BY_CURRENCY[currency])
    inputs: list[Input] = [
        *payer_forms.NAMES,
        *payer_forms.ADDRESS,
        *([extra] if extra else []),
        *payer_forms.account_inputs(currency),
    ]
    return Form.of(inputs, known)


def _page(world: World, doc: Doc, form: Form, status: int = 200) -> Response:
    allow_form_to(doc.body["success_redirect_url"])
    creditor = world.get("creditors", doc.links["creditor"])
    currency = _currency(world, doc)
    choices = [] if doc.body["scheme"] else list(BY_CURRENCY)
    action = url_for(".send", identity=doc.id, currency=currency)
    return page(
        "redirect_flow",
        status,
        flow=doc.body,
        form=form,
        creditor=creditor.body["name"],
        currency=currency,
        currencies=choices,
        action=action,
    )

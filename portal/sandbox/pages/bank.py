"""The test bank: where the payer authorises or denies, and the QR code that leads there."""

import io

import segno
from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.pages import flow as flow_pages
from portal.sandbox.pages import payer_forms
from portal.sandbox.pages.forms import Form, Input
from portal.sandbox.pages.web import Refused, allow_form_to, leave, page, page_blueprint
from portal.sandbox.resources import bank_authorisations, billing_request_actions, institutions
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

bp = page_blueprint("bank", __name__)
KIND = "bank_authorisations"
MODEL_BANKS = ("monzo", "MONZO_MONZGB2L", "model_bank_de", "model_bank_fr")
USER = PASSWORD = "mits"  # noqa: S105  # the test bank's public log-in
LOG_IN = (
    Input("user", "User name", required=True, hint="mits"),
    Input("password", "Password", required=True, kind="password", hint="mits"),
)


@bp.get("/obauth/<identity>")
def show(identity: str) -> ResponseReturnValue:
    with flow_pages.payer(flow_pages.organisation_of(KIND, identity)) as world:
        doc = world.get(KIND, identity)
        if doc.inner["outcome"]:
            return _over(world, doc)
        if not bank_authorisations.is_open(world, doc):
            return _leave(world, doc, "timeout")
        bank_authorisations.visit(world, doc)
        return _page(world, doc, _form(doc))


@bp.post("/obauth/<identity>")
def decide(identity: str) -> ResponseReturnValue:
    with flow_pages.payer(flow_pages.organisation_of(KIND, identity)) as world:
        doc = world.get(KIND, identity)
        if not bank_authorisations.is_open(world, doc):
            return _leave(world, doc, doc.inner["outcome"] or "timeout")
        if request.form.get("decision") != "authorise":
            return _deny(world, doc)
        form = _form(doc)
        if form.inputs and (form.read().get("user"), form.inputs[1].value) != (USER, PASSWORD):
            return _page(world, doc, form.fault("user", "The test bank knows one user: mits, with the password mits"), 422)
        return _authorise(world, doc)


@bp.get("/obauth/<identity>/qr_code")
def qr_code(identity: str) -> Response:
    flow_pages.organisation_of(KIND, identity)
    picture = io.BytesIO()
    segno.make(url_for(".show", identity=identity, _external=True)).save(picture, kind="png", scale=6)
    return Response(picture.getvalue(), content_type="image/png")


def _authorise(world: World, doc: Doc) -> ResponseReturnValue:
    bank = institutions.bank(doc.links.get("institution"))
    if bank and bank.rejects:
        return _deny(world, doc)
    bank_authorisations.authorise(world, doc)
    wanted = world.get("billing_requests", doc.links["billing_request"])
    if doc.inner["flow"] and wanted.status == "ready_to_fulfil":
        billing_request_actions.fulfil(world, wanted, {})
    return _leave(world, doc, "success")


def _deny(world: World, doc: Doc) -> ResponseReturnValue:
    bank_authorisations.deny(world, doc)
    return _leave(world, doc, "failure")


def _leave(world: World, doc: Doc, outcome: str) -> ResponseReturnValue:
    """Back through the flow that led here, or to the address given with the authorisation."""
    flow = world.find("billing_request_flows", doc.inner["flow"] or "")
    if flow:
        return flow_pages.finish(flow, outcome)
    if doc.body["redirect_uri"]:
        return leave(doc.body["redirect_uri"], {"outcome": outcome, "id": doc.links["billing_request"]})
    return _over(world, doc)


def _over(_world: World, doc: Doc) -> ResponseReturnValue:
    if doc.inner["outcome"] == "success":
        return page("closed", title="Thank you", words="Your bank has authorised this. You can close this page.")
    raise Refused("This page has been used", "The bank's answer is in. Go back to the business that sent you here.", 410)


def _page(world: World, doc: Doc, form: Form, status: int = 200) -> Response:
    flow = world.find("billing_request_flows", doc.inner["flow"] or "")
    allow_form_to(doc.body["redirect_uri"] or (flow.body["redirect_uri"] if flow else None))
    wanted = world.get("billing_requests", doc.links["billing_request"])
    bank = institutions.bank(doc.links.get("institution"))
    lead = payer_forms.lead(wanted)
    return page("bank", status, form=form, bank=bank, lead=lead, identity=doc.id)


def _form(doc: Doc) -> Form:
    return Form.of(LOG_IN if doc.links.get("institution") in MODEL_BANKS else ())

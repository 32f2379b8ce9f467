"""The payer's pages for a billing request: currency, details, bank, account, confirmation, and on to the bank."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.errors import ApiError
from portal.sandbox.house import here
from portal.sandbox.pages import payer_forms
from portal.sandbox.pages.forms import Form
from portal.sandbox.pages.web import Refused, allow_form_to, leave, page, page_blueprint
from portal.sandbox.resources import (
    bank_authorisations,
    billing_request_actions,
    billing_request_flows,
    billing_requests,
    request_steps,
    templates,
)
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]
bp = page_blueprint("flow", __name__)
STEPS = ("currency", "details", "bank", "account", "confirm")
DONE = "success"


@dataclass
class Visit:
    """One payer at one flow: the flow, its request and the customer, within one transaction."""

    world: World
    flow: Doc
    request: Doc
    customer: Doc

    @property
    def id(self) -> str:
        return self.flow.id

    def steps(self) -> list[str]:
        """The pages that this request needs, in order."""
        names = request_steps.steps(self.request)
        locked = self.flow.body
        asked = {
            "currency": not request_steps.currency(self.request) and not locked["lock_currency"],
            "details": True,
            "bank": "select_institution" in names,
            "account": request_steps.is_required(self.request, "collect_bank_account"),
            "confirm": True,
        }
        return [step for step in STEPS if asked[step]]

    def current(self) -> str:
        wanted = request.args.get("step", "")
        passed = self.flow.inner.get("passed", [])
        open_steps = [step for step in self.steps() if step not in passed]
        return wanted if wanted in passed and wanted in self.steps() else (open_steps or ["confirm"])[0]

    def pass_step(self, step: str) -> None:
        self.flow.inner["passed"] = [*[s for s in self.flow.inner.get("passed", []) if s != step], step]
        self.world.save(self.flow)


def visit(world: World, flow: Doc) -> Visit:
    """Raises the page that says so when the flow is over."""
    wanted = world.get("billing_requests", flow.links["billing_request"])
    if wanted.status == "cancelled":
        raise Refused(
            "This request was cancelled", "The business that sent you here has withdrawn it. Nothing will be collected.", 410
        )
    if wanted.status != "fulfilled" and billing_request_flows.is_over(world, flow):
        raise Refused("This link has expired", "Ask the business that sent it to you for a new one.", 410)
    return Visit(world, flow, wanted, world.get("customers", wanted.links["customer"]))


def organisation_of(kind: str, identity: str) -> str:
    """Whose page this long id opens."""
    with here().database.reading() as conn:
        doc = documents.find_anywhere(conn, kind, identity)
    if doc is None:
        raise Refused("Page not found", "This link is not known. Check that it was copied in full.", 404)
    return doc.organisation


def payer(organisation: str) -> Any:
    """A world in which the payer acts through the hosted pages."""
    return here().change(organisation, origin="payer", source={"type": "billing_request_flow", "name": "Hosted payment pages"})


@bp.get("/billing/static/flow")
def show() -> ResponseReturnValue:
    identity = request.args.get("id", "")
    with payer(organisation_of("billing_request_flows", identity)) as world:
        here_now = visit(world, world.get("billing_request_flows", identity))
        if here_now.request.status == "fulfilled":
            return _thanks(here_now)
        _note_visit(here_now)
        return _step(here_now, here_now.current())


@bp.post("/billing/static/flow/<step>")
def take(step: str) -> ResponseReturnValue:
    """One step sent: kept and on to the next, or shown again with what is wrong."""
    identity = request.args.get("id", "")
    with payer(organisation_of("billing_request_flows", identity)) as world:
        here_now = visit(world, world.get("billing_request_flows", identity))
        if here_now.request.status == "fulfilled":
            return _thanks(here_now)
        if step == "exit":
            return _exit(here_now)
        if step not in here_now.steps():
            raise Refused("Page not found", "This step is not part of the request.", 404)
        return _take(here_now, step)


@bp.get("/templates/<identity>")
def template(identity: str) -> ResponseReturnValue:
    with here().look(organisation_of("billing_request_templates", identity)) as world:
        return page("template", offer=world.get("billing_request_templates", identity).body)


@bp.post("/templates/<identity>")
def start_from_template(identity: str) -> ResponseReturnValue:
    with payer(organisation_of("billing_request_templates", identity)) as world:
        flow = templates.use(world, world.get("billing_request_templates", identity))
        return redirect(url_for(".show", id=flow.id), 303)


def _take(here_now: Visit, step: str) -> ResponseReturnValue:
    form = _form(here_now, step)
    values = form.read()
    if not form.valid:
        return _step(here_now, step, form, 422)
    try:
        with here_now.world.conn.begin_nested():
            _apply(here_now, step, values)
    except ApiError as error:
        return _step(_again(here_now), step, form.blame(error), 422)
    here_now.pass_step(step)
    if step != "confirm":
        return redirect(url_for(".show", id=here_now.id), 303)
    return _after_confirmation(here_now)


def _apply(here_now: Visit, step: str, values: dict[str, str]) -> None:
    world, wanted = here_now.world, here_now.request
    if step == "currency":
        billing_request_actions.choose_currency(world, wanted, values)
    elif step == "details":
        customer, billing = payer_forms.split_details(values)
        billing_request_actions.collect_customer_details(
            world, wanted, {"customer": customer, "customer_billing_detail": billing}
        )
    elif step == "bank":
        country = request_steps.countries(wanted)[0]
        billing_request_actions.select_institution(
            world, wanted, {"country_code": country, "institution": values["institution"]}
        )
    elif step == "account" and "customer_bank_account" not in payer_forms.locked_account(here_now.flow, wanted):
        details = payer_forms.account_details(request_steps.currency(wanted), values)
        billing_request_actions.collect_bank_account(world, wanted, details)
    elif step == "confirm":
        billing_request_actions.confirm_payer_details(world, wanted, {})


def _after_confirmation(here_now: Visit) -> ResponseReturnValue:
    """To the bank when it has to agree, else the request is fulfilled here."""
    world, wanted = here_now.world, here_now.request
    if "bank_authorisation" in request_steps.steps(wanted) and not request_steps.is_done(wanted, "bank_authorisation"):
        bank = bank_authorisations.start(world, wanted, here_now.flow.body["redirect_uri"], flow=here_now.id)
        return redirect(f"/obauth/{bank.id}", 303)
    billing_request_actions.fulfil(world, wanted, {})
    return finish(here_now.flow, "success")


def finish(flow: Doc, outcome: str) -> ResponseReturnValue:
    """Back to the merchant, or to our own page when it named no address."""
    body = flow.body
    if not body["redirect_uri"] or (
        outcome == DONE and body["show_success_redirect_button"] and not body["skip_success_screen"]
    ):
        return redirect(url_for("flow.show", id=flow.id), 303)
    return leave(body["redirect_uri"], {"outcome": outcome, "id": flow.id})


def _exit(here_now: Visit) -> ResponseReturnValue:
    words = "The payer has left the hosted pages."
    billing_requests.announce(here_now.world, here_now.request, "flow_exited", words, billing_request_flow=here_now.id)
    uri = here_now.flow.body["exit_uri"]
    return leave(uri, {"id": here_now.id}) if uri else page("closed")


def _thanks(here_now: Visit) -> Response:
    uri = here_now.flow.body["redirect_uri"]
    allow_form_to(uri)
    joint = "&" if uri and "?" in uri else "?"
    back = f"{uri}{joint}outcome=success&id={here_now.id}" if uri else None
    return page("thanks", request_body=here_now.request.body, back=back)


def _step(here_now: Visit, step: str, form: Form | None = None, status: int = 200) -> Response:
    for uri in (here_now.flow.body["redirect_uri"], here_now.flow.body["exit_uri"]):
        allow_form_to(uri)
    shown = form or _form(here_now, step)
    summary = payer_forms.summary(here_now.world, here_now.request, here_now.customer) if step == "confirm" else []
    steps = here_now.steps()
    return page(
        "flow",
        status,
        visit=here_now,
        step=step,
        steps=steps,
        form=shown,
        summary=summary,
        lead=payer_forms.lead(here_now.request),
    )


def _form(here_now: Visit, step: str) -> Form:
    return payer_forms.form(here_now.world, here_now.flow, here_now.request, here_now.customer, step)


def _note_visit(here_now: Visit) -> None:
    if here_now.flow.inner["visited"]:
        return
    here_now.flow.inner["visited"] = True
    here_now.world.save(here_now.flow)
    words = "The payer has opened the hosted pages."
    billing_requests.announce(here_now.world, here_now.request, "flow_visited", words, billing_request_flow=here_now.id)


def _again(here_now: Visit) -> Visit:
    """The same visit read anew, after what went wrong has been taken back."""
    world = here_now.world
    return visit(world, world.get("billing_request_flows", here_now.id))

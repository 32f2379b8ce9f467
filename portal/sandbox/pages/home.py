"""The first page: what this is, what it does not emulate, and how to point each official client at it."""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.sandbox import clock
from portal.sandbox.house import here
from portal.sandbox.pages import pdf
from portal.sandbox.pages.web import Refused, page, page_blueprint
from portal.sandbox.resources.not_emulated import PATHS
from portal.sandbox.store import documents
from portal.sandbox.store.tables import DOCUMENTS

bp = page_blueprint("home", __name__)
CLIENTS = (
    ("Python", 'gocardless_pro.Client(access_token=TOKEN, base_url="{origin}")'),
    ("Node.js", 'const client = new GoCardlessClient(TOKEN, Environments.Sandbox);\nclient._api._baseUrl = "{origin}";'),
    ("Ruby", 'GoCardlessPro::Client.new(access_token: TOKEN, url: "{origin}")'),
    (
        "PHP",
        "new \\GoCardlessPro\\Client(['access_token' => TOKEN,\n  'environment' => 'sandbox',\n  'base_url' => '{origin}/'])",
    ),
    (
        "Go",
        'config, _ := gocardless.NewConfig(TOKEN, gocardless.WithEndpoint("{origin}"))\nclient, _ := gocardless.New(config)',
    ),
    ("Java", 'GoCardlessClient.newBuilder(TOKEN).withBaseUrl("{origin}/").build()'),
    (".NET", 'GoCardlessClient.Create(TOKEN, "{origin}", httpClient)'),
)


@bp.get("/")
def home() -> ResponseReturnValue:
    settings = here().settings
    clients = [(name, sample.replace("{origin}", settings.origin)) for name, sample in CLIENTS]
    return page("home", settings=settings, clients=clients, not_emulated=PATHS)


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    with here().look("") as world:
        return {"status": "ok", "now": world.stamp}


@bp.get("/mandate_pdfs/<token>")
def mandate_pdf(token: str) -> ResponseReturnValue:
    """The document behind a mandate PDF's address, until its time is over."""
    table = DOCUMENTS["mandate_pdfs"]
    with here().database.reading() as conn:
        row = conn.execute(select(table.c.organisation, table.c.id).where(table.c.token == token)).first()
        doc = documents.find(conn, "mandate_pdfs", row.organisation, row.id) if row else None
        now = clock.stamp(here().world(conn, "").now)
    if doc is None or doc.body["expires_at"] < now:
        raise Refused(
            "This document is no longer here", "Its address was good for half an hour. Ask the API for a new one.", 410
        )
    return Response(pdf.write(doc.inner["lines"]), content_type="application/pdf")

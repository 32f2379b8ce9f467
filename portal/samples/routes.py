"""The page of code, and all files of one language to take away."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.apps.own import callbacks
from portal.apps.reading import apps_of
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.samples.checked import checked
from portal.samples.choosing import Choice, choose
from portal.samples.filling import files
from portal.samples.languages import LANGUAGES
from portal.samples.packing import packed
from portal.status import Environment

bp = Blueprint("samples", __name__)


@bp.get("/developers/code")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    """Every language is on the page; a script shows one at a time."""
    choice = _choice(partner)
    written = [(language, files(language, choice.values), checked()[language.key]) for language in LANGUAGES]
    return render_template("developers/code.html", choice=choice, written=written)


@bp.get("/developers/code/<language>.zip")
@gate(Gate.PARTNER)
def download(partner: Partner, language: str) -> ResponseReturnValue:
    wanted = next((one for one in LANGUAGES if one.key == language), None) or abort(404)
    archive = packed(files(wanted, _choice(partner).values))
    headers = {"Content-Disposition": f'attachment; filename="gocardless-{wanted.key}.zip"'}
    return Response(archive, mimetype="application/zip", headers=headers)


def _choice(partner: Partner) -> Choice:
    asked = request.args
    ours = {uri for environment in Environment for uri in callbacks(environment)}
    return choose(apps_of(partner), app_key=asked.get("app", ""), redirect_uri=asked.get("redirect_uri", ""), ours=ours)

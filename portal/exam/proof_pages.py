"""What proves what: the questions that checks prove and those they do not, and the proof of one result as a file."""

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal import catalog
from portal.exam import proof, reading
from portal.exam.blueprint import bp
from portal.exam.coverage import coverage as coverage_of
from portal.gates import Gate, gate
from portal.models.exam import CheckResult


@bp.get("/developers/checks/coverage")
@gate(Gate.EVIDENCE)
def coverage() -> ResponseReturnValue:
    return render_template("exam/coverage.html", found=coverage_of(catalog.certification()))


@bp.get("/developers/checks/results/<result_key>/proof.json")
@gate(Gate.EVIDENCE)
def proof_file(result: CheckResult) -> ResponseReturnValue:
    """As it is signed, byte by byte (docs/checks-proofs.md)."""
    whole = reading.result_whole(result)
    if whole.proof is None:
        abort(404)
    name = f"proof-{whole.check_id}-{whole.at:%Y-%m-%d}.json"
    response = Response(proof.written(whole), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

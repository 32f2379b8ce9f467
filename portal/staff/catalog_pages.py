"""The certification for staff to read."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.account.forms import clean
from portal.catalog import Catalog, UnknownVersion, certification, versions
from portal.gates import Gate, gate
from portal.staff import catalog as found
from portal.staff.blueprint import bp
from portal.web import number


@bp.get("/catalog", endpoint="catalog")
@gate(Gate.STAFF)
def newest() -> ResponseReturnValue:
    return _version(certification())


@bp.get("/catalog/<version>")
@gate(Gate.STAFF)
def catalog_version(version: str) -> ResponseReturnValue:
    return _version(_catalog(version))


@bp.get("/catalog/changes")
@gate(Gate.STAFF)
def catalog_changes() -> ResponseReturnValue:
    """Between two versions of the address; without them, from the one before the newest."""
    known = versions()
    old = clean(request.args.get("old", "")) or (known[-2] if len(known) > 1 else "")
    new = clean(request.args.get("new", "")) or known[-1]
    return render_template(
        "staff/catalog_changes.html",
        difference=found.difference(_catalog(old).version, _catalog(new).version) if old else None,
        known=[(name, name) for name in known],
    )


@bp.get("/catalog/<version>/questions/<question_key>")
@gate(Gate.STAFF)
def catalog_question(version: str, question_key: str) -> ResponseReturnValue:
    catalog = _catalog(version)
    if question_key not in catalog:
        abort(404)
    places, older = found.places(question_key, request.args.get("before", type=number))
    question = catalog.question(question_key)
    return render_template(
        "staff/catalog_question.html",
        catalog=catalog,
        section=catalog.section_of(question_key),
        question=question,
        condition=found.when_asked(question, catalog),
        places=places,
        older=older,
    )


def _version(catalog: Catalog) -> ResponseReturnValue:
    conditions = {question.key: found.when_asked(question, catalog) for question in catalog.questions}
    return render_template(
        "staff/catalog.html", catalog=catalog, versions=found.all_versions(), flagged=found.flagged(), conditions=conditions
    )


def _catalog(version: str) -> Catalog:
    try:
        return certification(version)
    except UnknownVersion:
        abort(404)

"""From the posted form to what was asked for."""

from flask import abort, request

from portal.status import ExportKind


def kind() -> ExportKind:
    """Which of the two documents of a submission; 404 for anything else."""
    asked = request.form.get("kind", ExportKind.DOCUMENT.value)
    return ExportKind(asked) if asked in {ExportKind.DOCUMENT.value, ExportKind.ARCHIVE.value} else abort(404)

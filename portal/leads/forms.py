"""What is typed on the pages of leads, as plain values."""

from flask import request
from werkzeug.datastructures import MultiDict

from portal.account.fields import MOST_TYPED
from portal.account.forms import clean
from portal.leads.fields import FIELDS, Values
from portal.leads.service import TEXT
from portal.refusals import Invalid


def values(posted: MultiDict[str, str]) -> Values:
    """Every field as it was typed, valid or not."""
    typed: Values = {}
    for field in FIELDS:
        if field.several:
            typed[field.name] = sorted({clean(code)[:40] for code in posted.getlist(field.name) if code})
        else:
            typed[field.name] = clean(posted.get(field.name, ""))[:MOST_TYPED]
    return typed


def text(name: str = "text", *, required: bool = True) -> str:
    """Raises Invalid."""
    typed = clean(request.form.get(name, ""))
    if required and not typed:
        raise Invalid({name: "Write something first."})
    if len(typed) > TEXT:
        raise Invalid({name: f"Use at most {TEXT:,} characters."})
    return typed

"""Every form that the pages of a person offer, as it would be sent; and which names a view asks a request for."""

from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

ASKED = set()
"""Names that were looked up in a query or a form since this was emptied."""


class Noting(ImmutableMultiDict):
    """The values of a request, which notes what it is asked for."""

    def __getitem__(self, key):
        ASKED.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        ASKED.add(key)
        return super().__contains__(key)

    def get(self, key, default=None, type=None):  # noqa: A002 - Werkzeug's own signature
        ASKED.add(key)
        return super().get(key, default, type)

    def getlist(self, key, type=None):  # noqa: A002 - Werkzeug's own signature
        ASKED.add(key)
        return super().getlist(key, type)


def forms_of(text, base):
    """(path, fields) of every POST form on a page, once for each address that its buttons lead to."""
    page = LexborHTMLParser(text)
    for form in page.css("form"):
        if (form.attributes.get("method") or "get").lower() != "post":
            continue
        fields = MultiDict(_fields(form))
        yield from ((urlsplit(urljoin(base, place)).path, fields) for place in _places(form))


def texts_of(text, base):
    """(path, names) of what a person types into the POST forms of a page; passwords are never shown again."""
    for form in LexborHTMLParser(text).css("form[method=post]"):
        fields = form.css("textarea[name], input[name]:not([type]), input[type=text], input[type=url], input[type=email]")
        names = [field.attributes["name"] for field in fields if "hidden" not in field.attributes]
        yield from ((urlsplit(urljoin(base, place)).path, names) for place in _places(form))


def _places(form):
    """Where its buttons lead; a form without one leads nowhere."""
    buttons = form.css("button:not([type=button]), input[type=submit]")
    return {one.attributes.get("formaction") or form.attributes["action"] for one in buttons}


def _fields(form):
    for field in form.css("input[name], textarea[name], select[name], button[name]"):
        name, kind = field.attributes["name"], field.attributes.get("type")
        if name == "csrf_token" or kind == "file":
            continue
        if field.tag == "select":
            chosen = field.css_first("option[selected]") or field.css_first("option")
            yield name, (chosen.attributes.get("value") or "") if chosen else ""
        elif field.tag == "textarea":
            yield name, field.text().removeprefix("\n")
        elif kind not in ("checkbox", "radio") or "checked" in field.attributes:
            yield name, field.attributes.get("value") or ""

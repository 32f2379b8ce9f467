"""Words that cannot change are part of the compiled template; everything else stays as it was."""

import pytest
from markupsafe import Markup

from portal.status import RemarkKind


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{{ _("Save & go") }}', "Save &amp; go"),
        ('{{ _("100% sure") }}', "100% sure"),
        ('{{ _("%(n)s left", n=2) }}', "2 left"),
        ("{{ _(words) }}", "&lt;b&gt;"),
        ('{{ ngettext("%(num)s day", "%(num)s days", 1) }}', "1 day"),
        ('{{ ngettext("%(num)s day", "%(num)s days", 3) }}', "3 days"),
        ('{{ ngettext("%(num)s day of %(who)s", "%(num)s days of %(who)s", 3, who="<b>") }}', "3 days of &lt;b&gt;"),
        ('{% macro m(a, b=_("one")) %}{{ a }} {{ b }}{% endmacro %}{{ m(_("two")) }}', "two one"),
    ],
)
def test_words_are_shown_and_escaped_as_ever(app, source, shown):
    assert app.jinja_env.from_string(source).render(words="<b>") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b> & \"'", "&lt;b&gt; &amp; &#34;&#39;"),
        (Markup("<b>"), "<b>"),
        (7, "7"),
        (None, "None"),
        (["<b>"], "[&#39;&lt;b&gt;&#39;]"),
        (RemarkKind.BLOCKING, "blocking"),
    ],
)
def test_values_are_escaped_as_ever(app, value, shown):
    assert app.jinja_env.from_string("{{ value }}").render(value=value) == shown
    inside = "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{% set kept %}{{ m(value) }}{% endset %}{{ kept }}"
    assert app.jinja_env.from_string(inside).render(value=value) == f"<i>{shown}</i>"


def test_fixed_words_need_no_call_when_the_page_is_drawn(app):
    code = app.jinja_env.compile('{{ _("Save") }} {{ _(words) }}', raw=True)
    assert "Save" in code
    assert code.count("context.call(") == 1


def test_an_import_sees_what_the_page_sees(app):
    shown = app.jinja_env.from_string('{% from "components/icon.html" import icon %}{{ icon("clock") }}').render()
    assert "<svg" in shown

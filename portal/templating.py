"""How templates are compiled: fixed words once and for all, and imports without comparing every global name."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from jinja2.visitor import NodeTransformer
from markupsafe import _escape_inner  # type: ignore[attr-defined]  # the part in C, without what `escape` wraps around it

from portal.words import translated


def escape(value: Any) -> str:
    """What a page prints is only joined, so that wrapping each piece in a Markup of its own would be for nothing."""
    if type(value) is str:
        return _escape_inner(value)
    return str(value.__html__()) if hasattr(value, "__html__") else _escape_inner(str(value))


class Quick(Context):
    """Most calls of a page are calls of its macros: they need none of the questions that Jinja asks of other things."""

    @internalcode
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(called) is not Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class Templates(Environment):
    """Jinja as Flask has it, but a page does less each time that it is drawn."""

    context_class = Quick

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """`_("Save")` means the same on every page of one language: it is looked up when the template is compiled."""
        parsed = super()._parse(source, name, filename)
        FixedWords().visit(parsed)
        return parsed

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:  # noqa: FBT001, FBT002 - Jinja's own signature
        """The compiled page escapes with the function below."""
        first, _, rest = super()._generate(source, name, filename, defer_init).partition("\n")
        return f"{first}\nfrom portal.templating import escape\n{rest}"

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Every import compares the globals of both templates, which is quick when they are one plain dictionary."""
        return super().make_globals(d) if d else self.globals


class FixedWords(NodeTransformer):
    """Puts the words themselves in the place of a call that can only give these."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja finds it by the name of the node
        self.generic_visit(node)
        if _is_fixed(node):
            return nodes.Const(translated(node.args[0].value), lineno=node.lineno)  # type: ignore[attr-defined]  # a Const, see below
        return node


def _is_fixed(node: nodes.Call) -> bool:
    named = isinstance(node.node, nodes.Name) and node.node.name == "_"
    values = node.kwargs or node.dyn_args or node.dyn_kwargs
    return named and not values and len(node.args) == 1 and isinstance(node.args[0], nodes.Const)

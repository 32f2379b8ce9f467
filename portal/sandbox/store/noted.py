"""Looking for metadata inside the stored documents, in the words of each kind of database."""

from typing import Any

from sqlalchemy import Column, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import BindParameter, FunctionElement


class noted(FunctionElement[str]):  # noqa: N801 - stands in statements like the functions of SQL
    """The metadata value of a document under a key, or NULL; the key holds neither quotation marks nor backslashes."""

    type = String()
    inherit_cache = True

    def __init__(self, body: Column[Any], key: BindParameter[str]) -> None:
        super().__init__(body, key)


@compiles(noted, "sqlite")
def _sqlite(element: noted, compiler: SQLCompiler, **kwargs: Any) -> str:
    body, key = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"""json_extract({body}, '$.metadata."' || {key} || '"')"""


@compiles(noted, "postgresql")
def _postgresql(element: noted, compiler: SQLCompiler, **kwargs: Any) -> str:
    body, key = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"json_extract_path_text(CAST({body} AS json), 'metadata', {key})"

"""What certification asks, as data: versions of the ten sections, schemes, guides and the lists of My Account."""

from portal.catalog.account import AccountChoices, account_choices
from portal.catalog.answers import Need, Parsed, applicable, need, parse, passes
from portal.catalog.changes import CarriedOver, CatalogChanges, Moved, QuestionChange, carry_over, compare
from portal.catalog.conditions import AccountFacts, Condition, Operator, Value, applies
from portal.catalog.guides import guides
from portal.catalog.nouns import (
    Catalog,
    Guide,
    Level,
    Limits,
    Option,
    Passing,
    Question,
    QuestionType,
    Rule,
    Screenshot,
    Section,
)
from portal.catalog.reading import CatalogError
from portal.catalog.schemes import Kind, Scheme, Verified, schemes
from portal.catalog.versions import UnknownVersion, certification, versions

__all__ = [
    "AccountChoices",
    "AccountFacts",
    "CarriedOver",
    "Catalog",
    "CatalogChanges",
    "CatalogError",
    "Condition",
    "Guide",
    "Kind",
    "Level",
    "Limits",
    "Moved",
    "Need",
    "Operator",
    "Option",
    "Parsed",
    "Passing",
    "Question",
    "QuestionChange",
    "QuestionType",
    "Rule",
    "Scheme",
    "Screenshot",
    "Section",
    "UnknownVersion",
    "Value",
    "Verified",
    "account_choices",
    "applicable",
    "applies",
    "carry_over",
    "certification",
    "compare",
    "guides",
    "need",
    "parse",
    "passes",
    "schemes",
    "versions",
]

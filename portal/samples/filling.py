"""The code with one partner's own values in it: never a secret, and each value as its language writes a text."""

from dataclasses import asdict, dataclass
from functools import cache

from portal.samples.languages import LANGUAGES, PARTS, Language, Part


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in the settings, under the names that the files on disk have in its place."""

    connect_url: str
    api_url: str
    client_id: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class File:
    part: Part
    name: str
    text: str


def files(language: Language, values: Values) -> tuple[File, ...]:
    """All files of one language, in the order in which they are read."""
    return tuple(File(part, language.file(part), filled(language, _source(language.key, part), values)) for part in PARTS)


def filled(language: Language, text: str, values: Values) -> str:
    for name, value in asdict(values).items():
        text = text.replace(f'"{{{{{name}}}}}"', language.quote(value))
    return text


@cache
def _source(language_key: str, part: Part) -> str:
    return next(one for one in LANGUAGES if one.key == language_key).source(part)

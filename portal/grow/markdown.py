"""Markdown as staff write it: what is wrong with it in words, and the HTML that partners are shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = ("https://", "mailto:")
TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "blockquote", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
HTML = "HTML is not taken here. Write it in Markdown."
LINK = "links begin with https://, mailto: or / (a page of this portal)"
PICTURE = "there is no attached picture of this name. Attach it here first; pictures from elsewhere are not taken"
DESCRIBE = "say between the square brackets what the picture shows"
SCROLLING = (("<table>", '<div class="p-table-wrap" role="region" aria-label="Table" tabindex="0"><table class="p-table">'),
             ("</table>", "</table></div>"), ("<pre>", '<pre tabindex="0">'))  # fmt: skip
"""What may be wider than a phone scrolls by itself, with the keyboard too. Only the sanitiser writes these; text has &lt;."""
Pictures = Mapping[str, str]
"""Where an attached picture is, by its name."""

_SEES_HTML = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_DRAWS = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
for _reader in (_SEES_HTML, _DRAWS):
    _reader.validateLink = lambda url: True  # type: ignore[method-assign]  # every link is looked at below, and told of


def problems(text: str, *, pictures: Sequence[str] = ()) -> list[str]:
    """What an author has to change, with the line; empty when nothing is wrong."""
    found = [f"Line {line}: {words}" for line, words in _wrong(_SEES_HTML.parse(text), set(pictures))]
    return list(dict.fromkeys(found))


def html(text: str, *, pictures: Pictures) -> str:
    """Safe HTML, whatever the text is: what `problems` tells of is left out. Headings begin at the second level."""
    tokens = _DRAWS.parse(text)
    _level(tokens)
    _mend(tokens, pictures)
    drawn = _DRAWS.renderer.render(tokens, _DRAWS.options, {})
    clean = nh3.clean(drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel="noopener noreferrer")
    for plain, scrolling in SCROLLING:
        clean = clean.replace(plain, scrolling)
    return clean


def plain(text: str) -> str:
    """Only the words, for a search."""
    return " ".join(
        token.content for block in _DRAWS.parse(text) for token in [block, *(block.children or ())] if token.content
    )


def _wrong(tokens: Sequence[Token], pictures: set[str]) -> Iterator[tuple[int, str]]:
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "html_block":
            yield line, HTML
        for child in token.children or ():
            if words := _wrong_within(child, pictures):
                yield line, words


def _wrong_within(token: Token, pictures: set[str]) -> str:
    if token.type == "html_inline":
        return HTML
    if token.type == "link_open" and not allowed(str(token.attrs.get("href", ""))):
        return f"“{_short(token.attrs.get('href'))}”: {LINK}."
    if token.type == "image" and _name(token) not in pictures:
        return f"“{_short(token.attrs.get('src'))}”: {PICTURE}."
    return f"“{_name(token)}”: {DESCRIBE}." if token.type == "image" and not token.content.strip() else ""


def allowed(url: str) -> bool:
    """Whether a link may lead there: into the open web with https, to a mailbox, or to a page of ours."""
    own = url.startswith("/") and not url.startswith(("//", "/\\"))
    return (own or url.lower().startswith(SCHEMES)) and not re.search(r"[\x00-\x20]", url)


def _short(url: object) -> str:
    return str(url or "")[:60]


def _name(token: Token) -> str:
    """What the author wrote: the reader encodes spaces and accents."""
    return unquote(str(token.attrs.get("src", "")))


def _level(tokens: Sequence[Token]) -> None:
    """The page has the first heading; below it none is left out, whatever the author began with."""
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in tokens if token.type == "heading_open"}))}
    before = 1
    for token in tokens:
        if token.type == "heading_open":
            before = min(ranks[token.tag] + 2, before + 1)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{before}"


def _mend(tokens: Sequence[Token], pictures: Pictures) -> None:
    """Links that lead where they may not become plain words; pictures get the address of the attached file, or go."""
    for block in tokens:
        if block.children:
            block.children = [token for token in block.children if not _dropped(token, pictures)]


def _dropped(token: Token, pictures: Pictures) -> bool:
    if token.type == "link_open" and not allowed(str(token.attrs.get("href", ""))):
        token.attrs.pop("href", None)
    if token.type != "image":
        return False
    name = _name(token)
    token.attrs["src"] = pictures.get(name, "")
    return name not in pictures

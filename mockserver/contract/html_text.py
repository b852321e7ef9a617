"""The text of a message: what a reader sees of its HTML, on one line or as a page shows it."""

import html
import re
from functools import lru_cache

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|template|title|iframe|noscript|textarea)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# A `>` within a quoted attribute ends no tag; where a quote is never closed, the next `>` does.
_TAG = re.compile(
    r"<(/?)([a-z][a-z0-9]*)((?:\"[^\"]*\"|'[^']*'|[^\"'>])*(?:>|\Z)|[^>]*(?:>|\Z))", re.IGNORECASE
)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")

_PARAGRAPHS = frozenset(
    (
        *("p", "div", "ul", "ol", "table", "tr", "blockquote", "pre", "hr", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
    )
)
_BLOCKS = _PARAGRAPHS | {"br", "li", "td", "th"}
_OPENING = {"br": "\n", "li": "\n• ", "td": " ", "th": " "}


@lru_cache(maxsize=2048)  # a batch of seeded messages: each is asked for three times
def text_of(body_html: str) -> str:
    """Return the text without markup on one line; block tags part words, inline tags do not."""
    # The commonest tags by plain replacement, which is a good deal quicker.
    bare = body_html.replace("</p>", " ").replace("<p>", " ").replace("<br>", " ")
    if "<" in bare:
        bare = _TAG.sub(_blank, _HIDDEN.sub("", bare))
    if "&" in bare:
        bare = html.unescape(bare)
    return " ".join(bare.split())


def page_text_of(body_html: str) -> str:
    """Return the text with an empty line between paragraphs, list items on lines of their own."""
    flat = _BLANKS.sub(" ", _HIDDEN.sub("", body_html))
    text = html.unescape(_TAG.sub(_mark, flat))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text)).strip()


def _blank(tag: re.Match[str]) -> str:
    return " " if tag[2].lower() in _BLOCKS else ""


def _mark(tag: re.Match[str]) -> str:
    closing, name = tag[1], tag[2].lower()
    if name in _PARAGRAPHS:
        return "\n\n"
    if name == "img" and not closing:
        return f"[image{_described(tag[3])}]"
    return "" if closing else _OPENING.get(name, "")


def _described(attributes: str) -> str:
    found = _ALT.search(attributes)
    said = next((part for part in found.groups() if part), "").strip() if found else ""
    return f": {said}" if said else ""

"""The preview of a message: its text, cut as the vendor's framework cuts."""

import html
import re
from unicodedata import east_asian_width

# The documented preview is 29 characters and three dots: a cut at 30, trailing blank removed.
PREVIEW_WIDTH = 30

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BLOCKS = re.compile(
    r"</?(?:p|div|br|hr|ul|ol|li|h[1-6]|table|tr|td|th|blockquote|pre)\b[^>]*>", re.IGNORECASE
)
_TAGS = re.compile(r"</?[a-z][^>]*(?:>|\Z)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def text_of(body_html: str) -> str:
    """Return the text of a message without tags, entities decoded, blanks run together."""
    seen = _HIDDEN.sub("", body_html)
    bare = _TAGS.sub("", _BLOCKS.sub(" ", seen))
    return _BLANKS.sub(" ", html.unescape(bare)).strip()


def preview(body_html: str) -> str | None:
    """Return the start of a message's text; a message without text has none."""
    text = text_of(body_html)
    if not text:
        return None
    start = _cut(text, PREVIEW_WIDTH)
    return text if start == text else start.rstrip() + "..."


def _cut(text: str, width: int) -> str:
    """Return what fits the width, wide East Asian characters and emoji counting double."""
    if text.isascii():
        return text[:width]
    used = 0
    for position, character in enumerate(text):
        used += 2 if east_asian_width(character) in "WF" else 1
        if used > width:
            return text[:position]
    return text

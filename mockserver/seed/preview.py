"""The preview of a message: its text, truncated as the vendor's framework does."""

from unicodedata import east_asian_width

from mockserver.contract.html_text import text_of

# The documented preview is 29 characters and three dots: a cut at 30, trailing blank removed.
PREVIEW_WIDTH = 30


def preview(body_html: str) -> str | None:
    """Return the start of a message's text, None for a message without text."""
    text = text_of(body_html)
    if not text:
        return None
    start = _cut(text, PREVIEW_WIDTH)
    return text if start == text else start.rstrip() + "..."


def _cut(text: str, width: int) -> str:
    """Return the text up to a width; wide East Asian characters and emoji count twice."""
    if text.isascii():
        return text[:width]
    used = 0
    for position, character in enumerate(text):
        used += 2 if east_asian_width(character) in "WF" else 1
        if used > width:
            return text[:position]
    return text

"""Values of the API as a person reads them: the text of a message, and how long ago."""

import re
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

_HIDDEN = frozenset({"script", "style", "template", "title", "iframe", "noscript", "textarea"})
_BLOCKS = frozenset(
    (
        *("p", "div", "ul", "ol", "table", "tr", "blockquote", "pre", "hr", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
    )
)
_STEPS = (
    (7 * 86400, 86400, "d"),
    (86400, 3600, "h"),
    (3600, 60, "min"),
)


class _Text(HTMLParser):
    """Gathers what a reader would see; a start of a block is a paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "td":
            self.parts.append(" ")
        elif tag == "img":
            self.parts.append(f"[image{_described(dict(attrs))}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(body_html: str) -> str:
    """Return the text of a message, an empty line between its paragraphs."""
    parser = _Text()
    parser.feed(body_html)
    parser.close()
    text = re.sub(r" *\n *", "\n", "".join(parser.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def is_plain(body_html: str) -> bool:
    """Tell whether the text says all there is: paragraphs and line breaks only."""
    return not re.sub(r"</?p>|<br ?/?>", "", body_html).count("<")


def ago(moment: str, now: datetime) -> str:
    """Return a time of the API as `5 min`, `3 h`, `2 d` before now, or as a date."""
    then = datetime.fromisoformat(moment)
    passed = (now - then).total_seconds()
    if abs(passed) < 60:
        return "now"
    for limit, unit, name in reversed(_STEPS):
        if 0 < passed < limit:
            return f"{passed // unit:.0f} {name}"
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {then:%b}{year}"


def clock_face(moment: str) -> str:
    """Return a time of the API to the minute."""
    then = datetime.fromisoformat(moment)
    return f"{then.day} {then:%b %Y, %H:%M}"


def initials(person: dict[str, Any]) -> str:
    """Return up to two letters for somebody with a name or only an address."""
    words = re.findall(r"\w+", person.get("name") or person.get("email") or "?")
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def _described(attributes: dict[str, str | None]) -> str:
    said = (attributes.get("alt") or "").strip()
    return f": {said}" if said else ""

"""Avatars: SVG pictures with the initials of a name."""

from markupsafe import escape

COLORS = ("#1d4ed8", "#047857", "#b45309", "#6d28d9", "#be123c", "#0e7490", "#4d7c0f", "#a21caf")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
    '<rect width="96" height="96" fill="{color}"/>'
    '<text x="48" y="48" dy=".35em" text-anchor="middle" fill="#fff"'
    ' font-family="system-ui, sans-serif" font-size="40">{initials}</text></svg>'
)


def avatar(id: int, name: str) -> bytes:
    """Return the picture of a person; the id selects its color."""
    color = COLORS[id % len(COLORS)]
    return _SVG.format(color=color, initials=escape(initials(name.split()))).encode()


def initials(words: list[str]) -> str:
    """Return the first letters of the first and the last word of a name."""
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()

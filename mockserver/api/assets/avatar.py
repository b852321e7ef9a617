"""Avatars: SVG pictures with the initials of a name."""

from markupsafe import escape

_COLORS = ("#1d4ed8", "#047857", "#b45309", "#6d28d9", "#be123c", "#0e7490", "#4d7c0f", "#a21caf")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
    '<rect width="96" height="96" fill="{color}"/>'
    '<text x="48" y="48" dy=".35em" text-anchor="middle" fill="#fff"'
    ' font-family="system-ui, sans-serif" font-size="40">{initials}</text></svg>'
)


def avatar(id: int, name: str) -> bytes:
    """Return the picture of a person; the id selects its color."""
    color = _COLORS[id % len(_COLORS)]
    return _SVG.format(color=color, initials=escape(_initials(name))).encode()


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

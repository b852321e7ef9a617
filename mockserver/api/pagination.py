"""Links and meta of a page."""

from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote_plus

from mockserver.api.query import Pairs
from mockserver.contract.choices import Choices
from mockserver.store import Page

_WINDOW = 3
"""Page numbers that the framework's navigation shows on each side."""


def links_and_meta(page: Page, base_url: str, query: Pairs, choices: Choices) -> dict[str, Any]:
    """Return the keys of a page besides its data."""
    if choices.pagination == "flat":
        return _numbers(page)
    links = Links(base_url, [] if choices.link_query == "drop" else query)
    return {
        "links": {
            "first": links.to(1),
            "last": links.to(page.last),
            "prev": links.to(page.number - 1) if page.number > 1 else None,
            "next": links.to(page.number + 1) if page.number < page.last else None,
        },
        "meta": _meta(page, links, choices),
    }


class Links:
    """URLs of the pages of one query: the query as it came, and `page` last."""

    def __init__(self, base_url: str, query: Pairs) -> None:
        self.path = base_url
        self._start = f"{base_url}?{_before_page(query)}page="

    def to(self, number: int) -> str:
        return f"{self._start}{number}"


def _before_page(query: Pairs) -> str:
    kept = [f"{_quoted(name)}={_quoted(value)}&" for name, value in query if name != "page"]
    return "".join(kept)


_quoted = lru_cache(maxsize=1_000)(partial(quote_plus, errors="surrogateescape"))


def _numbers(page: Page) -> dict[str, Any]:
    return {
        "current_page": page.number,
        "last_page": page.last,
        "per_page": page.size,
        "total": page.total,
    }


def _meta(page: Page, links: Links, choices: Choices) -> dict[str, Any]:
    meta = _numbers(page)
    if choices.meta_keys == "framework":
        first = (page.number - 1) * page.size + 1 if page.rows else None
        meta |= {
            "from": first,
            "to": first and first + len(page.rows) - 1,
            "path": links.path,
            "links": _navigation(page, links),
        }
    return meta


def _navigation(page: Page, links: Links) -> list[dict[str, Any]]:
    """The framework's page buttons, with a gap wherever numbers are left out."""
    buttons = [_button("&laquo; Previous", page.number - 1, page, links)]
    before = 0
    for number in sorted(_shown(page)):
        if number > before + 1:
            buttons.append({"url": None, "label": "...", "active": False})
        buttons.append(_button(str(number), number, page, links))
        before = number
    return [*buttons, _button("Next &raquo;", page.number + 1, page, links)]


def _shown(page: Page) -> set[int]:
    """Two pages at each end and a window round this one, wider where it meets an end."""
    near = _WINDOW + 4
    if page.last < 2 * _WINDOW + 8:
        return set(range(1, page.last + 1))
    if page.number <= near:
        window = range(1, near + _WINDOW + 1)
    elif page.number > page.last - near:
        window = range(page.last - near - _WINDOW + 1, page.last + 1)
    else:
        window = range(page.number - _WINDOW, page.number + _WINDOW + 1)
    return {1, 2, page.last - 1, page.last, *window}


def _button(label: str, number: int, page: Page, links: Links) -> dict[str, Any]:
    there = 1 <= number <= page.last
    return {
        "url": links.to(number) if there else None,
        "label": label,
        "page": number if there else None,
        "active": label.isdigit() and number == page.number,
    }

"""Defects of the search: syntax, letters, and where a term is looked for."""

from collections.abc import Callable

from mockserver.defects.catalogue.lists.searches import every_text, inside, message_texts, wildcard
from mockserver.defects.catalogue.second.searching import searching
from mockserver.defects.changes.conditions import gives, when
from mockserver.defects.changes.exchange import Row
from mockserver.defects.changes.filters import SEARCH
from mockserver.defects.changes.requests import ignoring, param


def without_type(kind: str) -> Callable[[Row], list[str]]:
    return lambda ticket: every_text(
        ticket | {"messages": [each for each in ticket["messages"] if each["type"] != kind]}
    )


DEFECTS = (
    searching("search-question-mark-is-wildcard", "list.filter.search.literal", wildcard("?", ".")),
    searching(
        "search-drops-plural",
        "list.filter.search",
        param(
            SEARCH, lambda given: given[:-1] if given.endswith("s") and len(given) > 3 else given
        ),
    ),
    searching("search-notes-missed", "list.filter.search.messages", inside(without_type("note"))),
    searching(
        "search-answers-missed", "list.filter.search.messages", inside(without_type("outbound"))
    ),
    searching(
        "search-long-subjects-cut",
        "list.filter.search.subject",
        inside(lambda t: [t["subject"][:24], *message_texts(t)]),
    ),
    searching(
        "search-page-size-ignored", "list.per_page", when(gives(SEARCH), ignoring("per_page"))
    ),
)

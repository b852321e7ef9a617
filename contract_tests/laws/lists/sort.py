"""Sort: each key, in each direction, on every list answer of the run."""

from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.lists.last_activity import READINGS, Reading
from contract_tests.laws.lists.page_bounds import Keys, first_fault
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.query import Query, Sort
from contract_tests.observations.ticket import Row, moment


@law(
    "list.sort.created_at",
    "list.sort.updated_at",
    "list.sort.descending",
    "list.sort.default",
    "list.sort.several",
)
def order(history: History) -> Iterator[Finding]:
    """Rows stand in the order of the keys; the order of equal ones is free."""
    for page in sorted_pages(history):
        if any(sort.key == "last_activity_at" for sort in page.query.sorts):
            continue
        keys = [tuple(moment(row.get(s.key)) for s in page.query.sorts) for row in page.rows]
        if len(set(keys)) < 2 or any(None in key for key in keys):
            continue
        requirement = _requirement(page.query)
        wrong = first_fault(keys, page.query.sorts)
        if wrong is None:
            yield holds(requirement, page.exchange)
            if page.query.sorted and page.query.sorts[0].descending:
                yield holds("list.sort.descending", page.exchange)
            continue
        yield violated(
            _blamed(keys, page.query), _words(page.rows, wrong, page.query), page.exchange
        )


@law("list.sort.last_activity_at", "list.sort.descending")
def activity_order(history: History) -> Iterator[Finding]:
    """One reading of "last activity" must explain every order; judged from the details."""
    pages = [p for p in sorted_pages(history) if p.query.sorts[0].key == "last_activity_at"]
    faults = {name: _activity_faults(history, pages, read) for name, read in READINGS.items()}
    if not any(judged for judged, _ in faults.values()):
        yield not_observed(
            "list.sort.last_activity_at", "too few tickets of different activity were read"
        )
        return
    judged, wrong = min(faults.values(), key=lambda found: len(found[1]))
    for page, message, *others in wrong:
        yield violated("list.sort.last_activity_at", message, page.exchange, *others)
    if not wrong:
        for page in judged:
            yield holds("list.sort.last_activity_at", page.exchange)


def sorted_pages(history: History) -> Iterator[Page]:
    return (page for page in history.pages if page.query.plain and len(page.rows) > 1)


def _requirement(query: Query) -> str:
    if not query.sorted:
        return "list.sort.default"
    if len(query.sorts) > 1:
        return "list.sort.several"
    return f"list.sort.{query.sorts[0].key}"


def _blamed(keys: list[Keys], query: Query) -> str:
    """Blame the direction when the rows stand in exactly the opposite order."""
    reverse = tuple(Sort(sort.key, not sort.descending) for sort in query.sorts)
    if query.sorted and first_fault(keys, reverse) is None and query.sorts[0].descending:
        return "list.sort.descending"
    return _requirement(query)


def _words(rows: list[Row], index: int, query: Query) -> str:
    names = ",".join(map(str, query.sorts))
    before, after = rows[index - 1], rows[index]
    key = query.sorts[0].key
    return (
        f"sorted by {names}, ticket {after['id']} ({after.get(key, '')}) stands after "
        f"ticket {before['id']} ({before.get(key, '')})"
    )


def _activity_faults(
    history: History, pages: list[Page], read: Reading
) -> tuple[list[Page], list[tuple]]:  # type: ignore[type-arg]
    judged, wrong = [], []
    for page in pages:
        known = [d for row in page.rows if (d := history.thread(row["id"], row)) and read(d)]
        if len({read(detail) for detail in known}) < 2:
            continue
        judged.append(page)
        keys: list[Keys] = [(read(detail),) for detail in known]
        index = first_fault(keys, page.query.sorts[:1])
        if index is not None:
            pair = known[index - 1], known[index]
            message = (
                f"sorted by {page.query.sorts[0]}, ticket {pair[1].id} (active {keys[index][0]}) "
                f"stands after ticket {pair[0].id} (active {keys[index - 1][0]})"
            )
            wrong.append((page, message, *(detail.exchange for detail in pair)))
    return judged, wrong

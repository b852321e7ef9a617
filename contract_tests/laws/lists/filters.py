"""Filters: a list holds every ticket that it should and no other, on every list answer.

A page is a contiguous piece of a sorted list, taken at one instant. So each ticket that is
known to have been the same before and after, that meets the filters, and whose sort key lies
between those of the first and the last row, must be on the page. This needs no quiet
deployment: tickets that others touched meanwhile are left out.
"""

from collections import Counter
from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.lists.filter_statements import (
    BOOLEANS,
    COMBINED,
    LISTS,
    name_of,
    remark,
    requirements,
    statement_of,
    told_beside_others,
)
from contract_tests.laws.lists.misread_filters import blamed
from contract_tests.laws.lists.page_bounds import (
    Candidate,
    Members,
    candidates,
    due_total,
    ends_list,
    follows,
    in_order,
    inside,
    is_all,
    members_of,
    place,
    window,
)
from contract_tests.observations.filter_semantics import Reading, meets, readings
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row
from mockserver.contract.operation import filter_name


@law(
    "list.paginated",
    "list.meta.total",
    COMBINED,
    *(f"list.filter.{name}" for name in (*LISTS, *BOOLEANS)),
    *(f"list.filter.{name}.values" for name in LISTS),
    *(f"list.filter.{name}.false" for name in BOOLEANS),
)
def members(history: History) -> Iterator[Finding]:
    """The reading of the open questions that explains most is the deployment's own."""
    pages, me = without_search(history), who_am_i(history)
    found = under_each_reading(history, pages, me)
    reading = min(found, key=lambda each: weight(found[each]))
    yield from found[reading]
    for page in pages:
        if not is_telling(page):
            yield from judge(history, page, reading, candidates(history, page))


def without_search(history: History) -> list[Page]:
    return [
        p for p in history.pages if p.query.plain and "filter[search]" not in p.query.filter_names
    ]


def under_each_reading(
    history: History, pages: list[Page], me: int | None
) -> dict[Reading, list[Finding]]:
    """Return what those of the pages that tell a reading say under each one."""
    found: dict[Reading, list[Finding]] = {reading: [] for reading in readings(me)}
    for page in filter(is_telling, pages):
        known = candidates(history, page)
        said: dict[Reading, list[Finding]] = {}
        for reading in found:
            own = _as_far_as_asked(page, reading)
            if own not in said:
                said[own] = [*judge(history, page, own, known)]
            found[reading] += said[own]
    return found


def _as_far_as_asked(page: Page, reading: Reading) -> Reading:
    """Return a reading without what makes no difference to the filters of a page."""
    values = dict(page.query.filters)
    return Reading(
        reading.every_tag and "," in values.get("filter[tag_ids]", ""),
        reading.false_excludes and "false" in values.values(),
        reading.me,
    )


@law("list.filter.assigned_to_me")
def one_person(history: History) -> Iterator[Finding]:
    """All tickets "assigned to me" are assigned to one and the same user."""
    pages = [p for p in history.pages if p.query.plain and p.asks_assigned_to_me]
    users = Counter(user for page in pages for user in page.assignee_ids)
    me = users.most_common(1)[0][0] if users else None
    if not users:
        yield not_observed(
            "list.filter.assigned_to_me", "no ticket is listed as assigned to the token's user"
        )
    for page in pages:
        strange = [user for user in page.assignee_ids if user != me]
        if strange:
            message = f"tickets of user {me} and of user {strange[0]} are both assigned to me"
            yield violated("list.filter.assigned_to_me", message, page.exchange)
        elif page.rows:
            yield holds("list.filter.assigned_to_me", page.exchange)


def judge(
    history: History, page: Page, reading: Reading, known: list[Candidate]
) -> Iterator[Finding]:
    """Yield what one page says of soundness, completeness, place and total."""
    members = members_of(history, page, reading, known)
    faults = [*_strangers(history, page, reading), *_missing(history, page, known, members)]
    if not faults:  # a wrong member explains a wrong place and a wrong total
        faults = [
            *_misplaced(history, page, known, members),
            *_miscounted(history, page, members),
        ]
    yield from blamed(page, (each.row for each in known), reading, faults)
    if not faults and page.rows:
        told = told_beside_others(history, page, reading, known)
        for requirement in (*requirements(page), *_switched_off(page), *told):
            yield holds(requirement, page.exchange)
        if page.meta and page.total >= 0 and history.covers(page.number):
            yield holds("list.meta.total", page.exchange)


def _switched_off(page: Page) -> list[str]:
    """Return the requirements on filters set to false, which other filters do not hide."""
    off = [pair for pair in page.query.filters if pair[1] == "false"]
    return [statement_of(*pair) for pair in off if len(page.query.filters) > 1]


def _strangers(history: History, page: Page, reading: Reading) -> Iterator[Finding]:
    """Rows that should not be there; one answer is proof enough.

    The filter that such a row fails is the one to blame, whatever company it is in.
    """
    for row in page.rows:
        detail = history.texts(row["id"], row)
        failed = [
            (name, value)
            for name, value in page.query.filters
            if meets(name, value, row, detail, reading) is False
        ]
        if failed:
            name, value = failed[0]
            message = f"ticket {row['id']} is listed, but does not meet {name}={value}"
            message += remark(name, value, row, reading)
            evidence = [page.exchange] + ([detail.exchange] if detail else [])
            yield violated(statement_of(name, value), message, *evidence)
            return


def _missing(
    history: History, page: Page, unchanged_around: list[Candidate], members: Members
) -> Iterator[Finding]:
    listed = {row["id"] for row in page.rows}
    low, high = window(page)
    ends = ends_list(page, members)
    if low is None and high is None and not is_all(page, ends=ends):
        return
    for candidate in unchanged_around:
        if candidate.id in listed or not inside(candidate, page, low, high, ends=ends):
            continue
        if members[candidate.id] is True:
            message = f"ticket {candidate.id} belongs on {name_of(page)}, but is not there"
            detail = history.texts(candidate.id, candidate.row)
            before, after = history.around(candidate.id, page.number)
            evidence = [before, page.exchange, after] + ([detail.exchange] if detail else [])
            yield violated(_missing_by(page, candidate.row), message, *evidence)
            return


def _missing_by(page: Page, row: Row) -> str:
    """Blame a list of values when the page has no row of the value that the ticket meets."""
    for name, value in page.query.filters if page.rows else ():
        if filter_name(name) not in LISTS or "," not in value:
            continue
        items = [v for v in value.split(",") if meets(name, v, row, None, Reading()) is True]
        if not any(meets(name, v, each, None, Reading()) for v in items for each in page.rows):
            return statement_of(name, value)
    return requirements(page)[0]


def _misplaced(
    history: History, page: Page, unchanged_around: list[Candidate], members: Members
) -> Iterator[Finding]:
    """A page begins where the pages before it end: neither too far on nor too far back."""
    key = place(page.rows[0], page) if page.rows else None
    if key is None or not page.complete or not history.covers(page.number) or not in_order(page):
        return
    sure = possible = 0
    known = {candidate.id: candidate for candidate in unchanged_around}
    listed = {row["id"] for row in page.rows}
    for ticket in history.observations.keys() - listed:
        candidate = known.get(ticket)
        if candidate is None or candidate.key is None:
            possible += 1
            continue
        member = members[ticket]
        if member is False or follows(candidate.key, key, page):
            continue
        possible += 1
        sure += member is True and candidate.key != key
    if not sure <= page.offset <= possible:
        message = f"{sure} tickets come before the page, which starts after {page.offset}"
        yield violated(requirements(page)[0], message, page.exchange, fragile=True)


def _miscounted(history: History, page: Page, members: Members) -> Iterator[Finding]:
    if page.meta is None:
        return
    sure, most = due_total(history, page, members)
    if page.total >= 0 and not sure <= page.total <= most:
        due = f"{sure}" if sure == most else f"{sure} to {most}"
        message = f"total is {page.total} where {due} tickets meet the query"
        yield violated(_miscounting(page), message, page.exchange, fragile=True)


def _miscounting(page: Page) -> str:
    """Blame the list when rows and total agree with each other on its end, else the total.

    A full page does not tell where its list ends: only the total does.
    """
    left = max(0, page.total - page.offset)
    agree = page.reaches_end and len(page.rows) == left < page.query.per_page
    return requirements(page)[0] if agree else "list.meta.total"


def is_open(page: Page) -> bool:
    """True when the page's query can be read in several ways."""
    return any(value == "false" or "," in value for _, value in page.query.filters)


def is_telling(page: Page) -> bool:
    """True when a page tells how a deployment reads what is open: not one with a ticket twice.

    How often a ticket comes twice, and what that counts for, depends on the reading by chance.
    """
    ids = [row["id"] for row in page.rows]
    return is_open(page) and len(set(ids)) == len(ids)


def weight(findings: list[Finding]) -> int:
    return sum(finding.outcome == "violated" for finding in findings)

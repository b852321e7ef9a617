"""The forms in which lists are asked for meet each filter in few requests."""

from itertools import product
from random import Random

from contract_tests.probes.queries.list_forms import SORTS, Form, Forms

NAMES = ("status", "channel_ids", "tag_ids", "search", "unassigned")


def test_every_filter_meets_every_sort_in_about_as_many_requests_as_there_are_sorts():
    forms = Forms(Random(0))

    chosen = [forms.next(NAMES, members=50) for _ in range(9)]

    assert {form.sort for form in chosen} == set(SORTS)
    met = {(name, ("sort", form.sort)) for name, form in product(NAMES, chosen)}
    assert met <= forms.covered


def test_a_page_holds_some_of_the_tickets_that_are_known_to_meet_the_filters():
    forms = Forms(Random(1))

    chosen = [forms.next(NAMES[:2], members=2) for _ in range(40)]

    assert all(form.per_page * (form.page - 1) < 2 for form in chosen)
    assert any(form.page == 2 for form in chosen)


def test_filters_come_before_or_after_sort_and_size():
    filters = {"status": "open"}

    first = Form("created_at", 3, 2, filters_last=False).query(filters)
    last = Form("created_at", 3, 2, filters_last=True).query(filters)

    assert list(first) == ["status", "sort", "per_page", "page"]
    assert list(last) == ["page", "per_page", "sort", "status"]

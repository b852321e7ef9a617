"""Every check fails for an answer that is wrong in its respect, and passes for ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.contenders.dialect import Documented
from benchmarks.dataset.dataset import Dataset
from benchmarks.dataset.export import CLOCK, WORLD
from benchmarks.load.checks import CHECKS, Caller, wrong_answers
from benchmarks.load.mix import mix
from tests.support.harness import MakeApp


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args: object) -> None:
        """Log nothing."""


@contextmanager
def _mock(make_app: MakeApp, dataset: Dataset, *defects: str) -> Iterator[Caller]:
    """Serve this mock in a thread, with the dataset and the defects."""
    app = make_app(world=WORLD, tickets=len(dataset), clock=CLOCK, defects=defects)
    with make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Caller(f"http://127.0.0.1:{server.server_port}", Documented(), dataset)
        server.shutdown()
        thread.join()


def test_this_mock_passes_all_sixteen(make_app: MakeApp, tickets: Dataset) -> None:
    with _mock(make_app, tickets) as caller:
        assert wrong_answers(caller) == {}
    assert len(CHECKS) == 16


def test_this_mock_answers_the_whole_mix_with_success(make_app: MakeApp, tickets: Dataset) -> None:
    with _mock(make_app, tickets) as caller:
        for call in mix(tickets, Documented(), 200):
            caller.send(call)


@pytest.mark.parametrize(
    ("defect", "checks"),
    [
        ("sort-default-ascending", {"list, newest first"}),
        ("ticket-summary-missing", {"list, newest first"}),
        ("per-page-ignored", {"second page of ten"}),
        ("page-ignored", {"second page of ten"}),
        ("total-one-over", {"total", "total of what the filter leaves"}),
        ("total-unfiltered", {"total of what the filter leaves"}),
        ("filter-status-ignored", {"filter by status", "two filters at once"}),
        ("filter-mine-ignored", {"filter by assignee"}),
        ("filters-first-only", {"two filters at once"}),
        ("search-subject-only", {"search"}),
        ("sort-ignored", {"sort"}),
        ("messages-none", {"detail with its messages"}),
        ("missing-ticket-500", {"404 for a missing ticket"}),
        ("token-not-required-to-list", {"401 without a token"}),
        ("status-unknown-accepted", {"422 for a bad status"}),
        ("crash-filter-unknown", {"400 for an unknown filter"}),
        ("status-not-stored", {"a change shows in detail and filter"}),
        ("filter-status-by-old-status", {"a change shows in detail and filter"}),
    ],
)
def test_a_defect_fails_its_checks(
    defect: str, checks: set[str], make_app: MakeApp, tickets: Dataset
) -> None:
    with _mock(make_app, tickets, defect) as caller:
        assert checks <= set(wrong_answers(caller))


def test_a_shared_world_fails_the_check_of_private_worlds(
    make_app: MakeApp, tickets: Dataset
) -> None:
    class SharedWorld(Caller):
        def ticket(self, id: int, token: str = "jane") -> dict[str, object]:
            return super().ticket(id)

    with _mock(make_app, tickets) as caller:
        shared = SharedWorld(caller.url, Documented(), tickets)
        assert set(wrong_answers(shared)) == {"a change stays in its private world"}

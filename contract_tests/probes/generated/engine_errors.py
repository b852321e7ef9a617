"""Notes about generated requests that ended early, for each error of the engine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from hypothesis.errors import HypothesisException, StopTest
from schemathesis.engine import events
from schemathesis.engine.run.stateful import _executor as chains
from schemathesis.engine.run.unit import _errors as single

from contract_tests.client.budget import Exhausted
from contract_tests.client.safety import NotAllowed

Note = Callable[[str], None]
DIFFERENT = (
    "generated requests ended early: the deployment answered the same requests differently, "
    "so what follows from its answers could not be repeated"
)


@contextmanager
def told(note: Note) -> Iterator[None]:
    """Note it when generation ends because the same requests had other answers.

    Requests that follow from answers, as along links, are drawn again from the same choices; with
    other answers there are others to draw, and Hypothesis gives up. The engine takes that for
    noise and emits no event; the version is pinned, and a test has such a deployment.
    """
    try:
        with ExitStack() as stack:
            for module in (chains, single):
                honest = module._classify_flaky  # noqa: SLF001 - the only place that knows
                stack.enter_context(patch.object(module, "_classify_flaky", _noting(note, honest)))
            yield
    except (HypothesisException, StopTest):
        note(DIFFERENT)


def heard(event: events.EngineEvent, note: Note) -> None:
    """Note an event that says that the engine could not go on with something."""
    if isinstance(event, events.FatalError):
        note(f"generated requests ended early: {_in_a_line(event.exception)}")
    if isinstance(event, events.NonFatalError) and not isinstance(
        event.value, (Exhausted, NotAllowed)
    ):
        note(f"generated requests ended early for {event.label}: {_in_a_line(event.value)}")


def _noting(note: Note, honest: Callable[..., Any]) -> Callable[..., Any]:
    def classify(*given: Any, **more: Any) -> Any:
        note(DIFFERENT)
        return honest(*given, **more)

    return classify


def _in_a_line(error: Exception) -> str:
    first, *_ = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {first[:160]}"

"""Opening a private world costs the same with any number of tickets, in instructions of SQLite."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.harness import Api


class Instructions:
    """Counts what SQLite's virtual machine executes on the connections opened from now on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._connect = sqlite3.connect
        patch.setattr(sqlite3, "connect", self._counted)

    def _counted(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = self._connect(*arguments, **options)
        connection.set_progress_handler(self._step, 1)
        return connection

    def _step(self) -> None:
        self.count += 1


def test_a_private_world_opens_at_the_same_cost_with_any_number_of_tickets(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    instructions = Instructions(monkeypatch)

    def cost_of_opening(app: Flask, world: str) -> int:
        api, spent = Api(app, f"jane@{world}"), []
        for _ in range(2):  # the second request finds the world open
            before = instructions.count
            api.ticket(42)
            spent.append(instructions.count - before)
        return spent[0] - spent[1]

    def least_cost(tickets: int) -> int:
        app = make_app(tickets=tickets)
        # Every few seconds, a request also writes down when each world was used.
        return min(cost_of_opening(app, world) for world in "abc")

    few, many = least_cost(50), least_cost(1_000)
    assert 0 < many < 2 * few

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from harness import CLOCK, DESK, Api, MakeApp, Serving, serving

from mockserver.app import create_app
from mockserver.choices import Choices
from mockserver.config import Config

_worlds = count(1)


@pytest.fixture(scope="session")
def desk() -> Iterator[Flask]:
    """The small written world, as an app in this process."""
    app = create_app(Config(world=DESK, clock=CLOCK))
    yield app
    app.extensions["store"].close()


@pytest.fixture
def world_name() -> str:
    """A name that no other test's private world has."""
    return f"test-{next(_worlds)}"


@pytest.fixture
def ann(desk: Flask, world_name: str) -> Api:
    """Ann, user 1, in a private copy of the written world."""
    return Api(desk, f"ann@{world_name}")


@pytest.fixture
def ben(desk: Flask, world_name: str) -> Api:
    """Ben, user 2, in the world where Ann is."""
    return Api(desk, f"ben@{world_name}")


@pytest.fixture
def rita(desk: Flask, world_name: str) -> Api:
    """Rita, whose token may only read."""
    return Api(desk, f"rita@{world_name}")


@pytest.fixture
def zoe(desk: Flask, world_name: str) -> Api:
    """Zoe, of another workspace."""
    return Api(desk, f"zoe@{world_name}")


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """Make apps with any configuration; they are closed when the test ends."""
    with ExitStack() as stack:

        def make(**options: Any) -> Flask:
            app = create_app(Config(**{"clock": CLOCK, **options}))
            stack.callback(app.extensions["store"].close)
            return app

        yield make


@pytest.fixture
def choosing(make_app: MakeApp) -> Callable[..., Api]:
    """Make Ann a caller of the written world under other choices."""

    def choose(**choices: Any) -> Api:
        return Api(make_app(world=DESK, choices=Choices(**choices)), "ann")

    return choose


@pytest.fixture(scope="session")
def server() -> Iterator[Serving]:
    """The demo world behind the real server, in a process of its own."""
    with serving("--clock", CLOCK) as running:
        yield running


@pytest.fixture
def jane(server: Serving, world_name: str) -> str:
    """Jane's token for a private world of the server."""
    return f"jane@{world_name}"


@pytest.fixture
def contract_folder(tmp_path: Path) -> Path:
    """A copy of openapi.yaml and schemas/ to alter."""
    from shutil import copy, copytree

    from mockserver import resources

    copy(resources.contract(), tmp_path)
    copytree(resources.root() / "schemas", tmp_path / "schemas")
    return tmp_path

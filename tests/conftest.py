import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from tests.support.admin import AdminClient
from tests.support.harness import CLOCK, WORLD_FILE, Api, MakeApp, NewDatabase, Serving, serving
from tests.support.postgres import Postgres, cluster

_worlds = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default=os.environ.get("MOCKSERVER_TEST_DATABASE", "sqlite"),
        help="what the apps of the tests keep their state in",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: the last ones should not leave all processes but one idle."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both = metafunc.definition.get_closest_marker("both_databases")
    if "backend" in metafunc.fixturenames and on_both:
        databases = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
        metafunc.parametrize("backend", databases, indirect=True, scope="session")


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database that the apps of a test keep their state in."""
    return str(getattr(request, "param", None) or request.config.getoption("--database"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def new_database(backend: str, request: pytest.FixtureRequest) -> NewDatabase:
    """Return where the state of one more app is to be: a URL, or None for a temporary file."""
    if backend == "sqlite":
        return lambda: None
    found: Postgres = request.getfixturevalue("postgres")
    return found.url


@pytest.fixture(scope="session")
def seeded_app(new_database: NewDatabase) -> Iterator[Flask]:
    """The small written world, as an app in this process."""
    app = create_app(Config(world=WORLD_FILE, clock=CLOCK, database=new_database()))
    yield app
    app.extensions["store"].close()


@pytest.fixture(scope="module")
def admin(new_database: NewDatabase) -> Iterator[AdminClient]:
    """The admin API of an app with the small written world, one for each file of tests."""
    app = create_app(Config(world=WORLD_FILE, clock=CLOCK, database=new_database()))
    yield AdminClient(app)
    app.extensions["store"].close()


@pytest.fixture
def world_name() -> str:
    """A name that no other test's private world has."""
    return f"test-{next(_worlds)}"


@pytest.fixture
def ann(seeded_app: Flask, world_name: str) -> Api:
    """Ann, user 1, in a private copy of the written world."""
    return Api(seeded_app, f"ann@{world_name}")


@pytest.fixture
def ben(seeded_app: Flask, world_name: str) -> Api:
    """Ben, user 2, in the world where Ann is."""
    return Api(seeded_app, f"ben@{world_name}")


@pytest.fixture
def rita(seeded_app: Flask, world_name: str) -> Api:
    """Rita, whose token may only read."""
    return Api(seeded_app, f"rita@{world_name}")


@pytest.fixture
def zoe(seeded_app: Flask, world_name: str) -> Api:
    """Zoe, of another workspace."""
    return Api(seeded_app, f"zoe@{world_name}")


@pytest.fixture
def make_app(new_database: NewDatabase) -> Iterator[MakeApp]:
    """Make apps with any configuration; they are closed when the test ends."""
    with ExitStack() as stack:

        def make(**options: Any) -> Flask:
            if "database" not in options:
                options["database"] = new_database()
            app = create_app(Config(**{"clock": CLOCK, **options}))
            stack.callback(app.extensions["store"].close)
            return app

        yield make


@pytest.fixture
def choosing(make_app: MakeApp) -> Callable[..., Api]:
    """Make Ann a caller of the written world under other choices."""

    def choose(**choices: Any) -> Api:
        return Api(make_app(world=WORLD_FILE, choices=Choices(**choices)), "ann")

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

    from mockserver.contract import resources

    copy(resources.contract(), tmp_path)
    copytree(resources.root() / "schemas", tmp_path / "schemas")
    return tmp_path

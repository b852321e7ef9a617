from collections.abc import Iterator

import pytest
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.harness import CLOCK, Api, NewDatabase


@pytest.fixture(scope="session")
def demo_app(new_database: NewDatabase) -> Iterator[Flask]:
    """The demo world, as an app in this process; tests change private worlds of it alone."""
    app = create_app(Config(clock=CLOCK, database=new_database()))
    yield app
    app.extensions["store"].close()


@pytest.fixture
def demo(demo_app: Flask, world_name: str) -> Api:
    """Jane, in a private copy of the demo world."""
    return Api(demo_app, f"jane@{world_name}")

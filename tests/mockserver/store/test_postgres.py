"""What is PostgreSQL's own: how it is reached, and that it holds what SQLite holds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import NullPool, create_engine

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import StoreError
from mockserver.store.database import connect, schema
from tests.support.admin import AdminClient, everything
from tests.support.harness import WORLD_FILE, Api, MakeApp
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow  # it starts a database server


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


def test_a_database_that_is_not_there_is_told_in_one_line(postgres: Postgres) -> None:
    where = f"postgresql+psycopg://mock@127.0.0.1:{postgres.port}/no_such"
    with pytest.raises(StoreError, match='database "no_such" does not exist') as caught:
        create_app(Config(database=where))
    assert "\n" not in str(caught.value)


def test_a_missing_driver_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_driver(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(connect, "create_engine", no_driver)
    with pytest.raises(StoreError, match=r"driver: pip install .psycopg\[binary\]") as caught:
        create_app(Config(database="postgresql+psycopg://mock@127.0.0.1:1/x"))
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_both_databases_hold_the_same_bytes(url: str, make_app: MakeApp) -> None:
    apps = [make_app(database=where) for where in (None, url)]
    for app in apps:
        admin = AdminClient(app)
        admin.json("POST", "/worlds/shared/activity/actions", {"count": 30})
        admin.json("PUT", "/worlds/shared/snapshots/then")
    one, two = (everything(Api(app, "jane")) for app in apps)
    assert one == two
    one, two = (AdminClient(app).export("shared") for app in apps)
    assert one == two


def test_connections_that_died_while_idle_are_replaced_unseen(
    url: str, postgres: Postgres, make_app: MakeApp
) -> None:
    ann = Api(make_app(world=WORLD_FILE, database=url), "ann")
    for _ in range(3):
        assert ann.put("/api/tickets/1/status", {"status": "spam"}).status_code == 200
        postgres.disconnect(url)
        assert ann.get("/api/tickets").status_code == 200
        postgres.disconnect(url)


def test_many_clients_share_few_connections(url: str, make_app: MakeApp) -> None:
    app = make_app(world=WORLD_FILE, database=url)
    with ThreadPoolExecutor(40) as pool:
        replies = pool.map(lambda n: Api(app, f"ann@w{n}").get("/api/tickets"), range(80))
        assert {reply.status_code for reply in replies} == {200}
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with create_engine(url, poolclass=NullPool).connect() as connection:
        others = connection.exec_driver_sql(count).scalar_one() - 1
    assert 0 < others <= 15


def test_texts_are_indexed(url: str, make_app: MakeApp) -> None:
    make_app(world=WORLD_FILE, database=url)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        found = connection.exec_driver_sql("SELECT indexname FROM pg_indexes").scalars().all()
    assert "texts_trigrams" in found


def test_a_server_without_the_trigram_extension_is_searched_all_the_same(
    url: str, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    statement = "CREATE EXTENSION no_such_extension"
    monkeypatch.setattr(schema, "search_index", lambda _: [statement])
    ann = Api(make_app(world=WORLD_FILE, database=url), "ann")
    assert ann.get("/api/tickets?filter[search]=e").json["meta"]["total"] > 0
    assert "pg_trgm is not available" in caplog.text


def test_odd_texts_are_searched_for_and_the_one_that_no_column_holds_is_kept(
    url: str, make_app: MakeApp
) -> None:
    app = make_app(world=WORLD_FILE, database=url)
    for text in ("%00", "a%00b", "%25", "_", "%5C", "%F0%9F%98%80", "'"):
        for name in ("search", "status", "tag_ids"):
            query = f"/api/tickets?filter[{name}]={text}"
            assert Api(app, "ann").get(query).status_code == 200
    letter = {"subject": "odd \0 subject", "text": "odd \0 text"}
    ticket = AdminClient(app).json("POST", "/worlds/shared/tickets", letter)["ticket"]
    assert ticket["subject"] == "odd \0 subject"

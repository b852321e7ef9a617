"""A kept database: found again, never spoilt, and never seen half changed."""

import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from mockserver.contract.errors import StoreError
from mockserver.store.database import temporary
from mockserver.store.database.pool import Pool
from mockserver.store.database.temporary import TemporaryFolder
from tests.support.harness import CLOCK, WORLD_FILE, Api, Serving, serving

Keep = Callable[..., Api]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def keep(file: Path) -> Keep:
    """Open the kept database as Ann; `close` it before the next."""

    def open_(**options: Any) -> Api:
        config = {"clock": CLOCK, "database": f"sqlite:///{file}", **options}
        return Api(create_app(Config(**config)), "ann")

    return open_


def close(api: Api) -> None:
    api.app.extensions["store"].close()


def content(file: Path) -> dict[str, bytes]:
    """Return the bytes of a database, and of whatever SQLite puts beside it."""
    return {path.name: path.read_bytes() for path in file.parent.glob(f"{file.name}*")}


def test_changes_are_there_after_a_restart(keep: Keep) -> None:
    first = keep(world=WORLD_FILE)
    first.change(1, status="spam")
    first.change(2, user_id=2)
    Api(first.app, "ann@private").change(3, status="open")
    before = first.page(), first.ticket(1), Api(first.app, "ann@private").page()
    close(first)

    again = keep()
    assert (again.page(), again.ticket(1), Api(again.app, "ann@private").page()) == before
    close(again)


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_database_file_that_is_gone_is_noticed_by_the_next_change(
    keep: Keep, file: Path, suffix: str
) -> None:
    api = keep(world=WORLD_FILE)
    api.change(1, status="spam")
    gone = file.with_name(f"{file.name}{suffix}")
    gone.unlink()

    refused = api.put("/api/tickets/2/status", {"status": "spam"})
    assert refused.status_code == 503
    assert f"{gone} was deleted or replaced while the mock was running" in refused.text
    close(api)


def test_a_temporary_database_goes_with_its_store() -> None:
    api = Api(create_app(Config(world=WORLD_FILE)), "ann")
    folder = Path(api.app.extensions["store"].url.removeprefix("sqlite:///")).parent
    assert folder.is_dir()
    close(api)
    assert not folder.exists()


@pytest.fixture
def kept(keep: Keep, file: Path) -> Path:
    """A database that was used and closed."""
    api = keep(world=WORLD_FILE)
    api.change(1, status="spam")
    close(api)
    return file


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[200:20_000] = os.urandom(19_800)
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:9_000])


def of_another_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE about SET value = '0' WHERE key = 'version'")


def of_others(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.execute("INSERT INTO recipes VALUES ('bread')")


def no_database(file: Path) -> None:
    file.write_text("Dear diary,\n" * 1000)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (spoil, "damaged, or not an SQLite database"),
        (cut, "damaged, or not an SQLite database"),
        (no_database, "damaged, or not an SQLite database"),
        (of_another_version, "created by another version of the mock"),
        (of_others, "holds other tables; name another database"),
    ],
)
def test_a_database_that_is_not_ours_is_refused_in_one_line_and_left_as_it_is(
    keep: Keep, kept: Path, damage: Callable[[Path], None], complaint: str
) -> None:
    damage(kept)
    before = content(kept)
    with pytest.raises(StoreError) as caught:
        keep()

    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(kept) in str(caught.value)
    assert content(kept) == before


def test_a_database_made_under_another_contract_is_refused(
    keep: Keep, kept: Path, contract_folder: Path
) -> None:
    status = contract_folder / "schemas/status.yaml"
    status.write_text(status.read_text().replace("spam]", "spam, pending]"))
    before = content(kept)
    with pytest.raises(StoreError, match="created under another contract"):
        keep(contract=str(contract_folder / "openapi.yaml"))
    assert content(kept) == before


def test_a_database_made_under_another_choice_of_form_is_refused(keep: Keep, kept: Path) -> None:
    with pytest.raises(StoreError, match="schemas or choices differ"):
        keep(choices=Choices(ulid_case="lower"))


def test_a_choice_that_changes_no_stored_byte_is_taken(keep: Keep, kept: Path) -> None:
    api = keep(choices=Choices(update_reply="detail", tag_match="all"))
    assert api.ticket(1)["status"] == "spam"
    close(api)


@pytest.mark.parametrize("option", [{"world": "small"}, {"seed": 2}, {"tickets": 3}])
def test_a_database_of_another_world_is_refused(
    keep: Keep, kept: Path, option: dict[str, Any]
) -> None:
    with pytest.raises(
        StoreError, match=r"holds world six-tickets, seed 1, not .*; leave these options"
    ):
        keep(**option)


def test_the_same_world_may_be_named_again(keep: Keep, kept: Path) -> None:
    api = keep(world=WORLD_FILE)
    assert api.ticket(1)["status"] == "spam"
    close(api)


def test_an_empty_file_is_a_database_to_begin_with(keep: Keep, file: Path) -> None:
    file.touch()
    api = keep(world=WORLD_FILE)
    assert len(api.ids()) == 6
    close(api)


def test_a_folder_that_may_not_be_written_is_told(keep: Keep, file: Path) -> None:
    file.mkdir()
    with pytest.raises(StoreError) as caught:
        keep(world=WORLD_FILE)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_kept_database_is_for_its_user_alone(keep: Keep, file: Path) -> None:
    mask = os.umask(0o022)
    try:
        api = keep(world=WORLD_FILE)
    finally:
        os.umask(mask)
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == {f"kept.db{suffix}": 0o600 for suffix in ("", "-wal", "-shm")}
    close(api)


def limit_pages(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Let database files grow no further, as on a full disk, or as far as they may again."""

    def take(pool: Pool) -> Any:
        connection = original(pool)
        connection.driver_connection.execute(f"PRAGMA max_page_count={pages}")
        return connection

    monkeypatch.undo()
    original = Pool.take
    monkeypatch.setattr(Pool, "take", take)


def test_a_full_disk_is_told_to_those_who_write_and_reading_goes_on(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = keep(world=WORLD_FILE)
    admin = api.app.test_client()
    limit_pages(monkeypatch, 1)  # which SQLite takes for as many as there are
    writes = (api.put("/api/tickets/1/assignee", {"user_id": n % 2 or None}) for n in count())
    refused = next(reply for reply in writes if reply.status_code != 200)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert "disk is full" in refused.text
    opened = admin.post("/_mock/worlds", json={"world": "small", "seed": 5})
    assert (opened.status_code, "disk is full" in opened.text) == (503, True)
    assert admin.get("/_mock/worlds").status_code == 200
    assert api.page()["meta"]["total"] == 6
    limit_pages(monkeypatch, 2**30)
    assert api.change(1, status="spam")["status"] == "spam"
    close(api)


def write_until_gone(server: Serving, token: str, warm: Event) -> tuple[dict[int, str], int]:
    """Change ticket after ticket until the server is killed.

    Return the status last answered of each, and the ticket whose answer never came.
    """
    answered: dict[int, str] = {}
    ids = [t["id"] for t in server.get("/api/tickets?sort=created_at", token).json()["data"]]
    for turn in count():
        id, status = ids[turn % len(ids)], ("open", "closed", "spam")[turn // len(ids) % 3]
        try:
            reply = server.put(f"/api/tickets/{id}/status", {"status": status}, token)
        except requests.RequestException:
            return answered, id
        answered[id] = reply.json()["ticket"]["status"]
        assert answered[id] == status
        if turn == 30:
            warm.set()
    raise AssertionError("it never ended")


@pytest.mark.slow
def test_a_killed_server_loses_no_answered_write(file: Path) -> None:
    options = ("--clock", CLOCK, "--database", f"sqlite:///{file}")
    tokens = ["jane", "jane@a", "jane@b", "jane@c"]
    warm = Event()
    with serving(*options) as running, ThreadPoolExecutor(4) as pool:
        work = [pool.submit(write_until_gone, running, token, warm) for token in tokens]
        assert warm.wait(30)
        os.killpg(running.process.pid, signal.SIGKILL)
        written = [each.result(timeout=30) for each in work]

    with serving(*options) as again:
        for token, (answered, unanswered) in zip(tokens, written, strict=True):
            page = again.get("/api/tickets?sort=created_at", token).json()["data"]
            found = {t["id"]: t["status"] for t in page if t["id"] in answered}
            assert len(found) > 5
            assert found | {unanswered: ""} == answered | {unanswered: ""}


def half_changes(api: Api, stop: Event) -> list[str]:
    """Read lists and details until told to stop, and return what did not fit together."""
    faults = []
    while not stop.is_set():
        for status in ("open", "closed", "spam"):
            page = api.page(f"filter[status]={status}&per_page=100")
            if page["meta"]["total"] != len(page["data"]):
                faults.append(f"total {page['meta']['total']}, rows {len(page['data'])}")
            if {ticket["status"] for ticket in page["data"]} - {status}:
                faults.append(f"filter {status}, found another")
        whole = api.ids()
        if sorted(whole) != [1, 2, 3, 4, 5, 6]:
            faults.append(f"the list shows {whole}")
        ticket = api.ticket(1)
        changes = sum(a["type"] == "status_changed" for a in ticket["activities"]) - 1
        if ticket["status"] != ("open", "closed", "spam")[changes % 3]:
            faults.append(f"{ticket['status']} after {changes} changes")
    return faults


def test_no_reader_sees_half_a_change(seeded_app: Flask, ann: Api, ben: Api) -> None:
    stop = Event()
    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(half_changes, reader, stop) for reader in (ann, ben, ann)]
        try:
            for turn in range(1, 151):
                ann.change(1, status=("open", "closed", "spam")[turn % 3])
                ben.change(2 + turn % 5, status=("closed", "spam", "open")[turn % 3])
        finally:
            stop.set()
        assert [reader.result(timeout=30) for reader in readers] == [[], [], []]


def test_writers_of_one_ticket_lose_nothing(ann: Api, ben: Api) -> None:
    def toggle(api: Api) -> int:
        return sum(
            api.put("/api/tickets/1/status", {"status": s}).status_code
            for s in ("closed", "open") * 10
        )

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(toggle, (ann, ben, ann, ben)))

    assert codes == [200 * 20] * 4
    log = [a for a in ann.ticket(1)["activities"] if a["type"] == "status_changed"]
    # Of changes in turn every odd one closes: had one been lost, the count would not fit.
    assert (len(log) - 1) % 2 == (ann.ticket(1)["status"] == "closed")


@pytest.mark.parametrize(
    "value", ["'; DROP TABLE tickets; --", '" OR 1=1', "%", "\\", "?", ":layer"]
)
def test_texts_are_never_read_as_sql(ann: Api, value: str) -> None:
    from urllib.parse import quote

    for name in ("search", "status", "tag_ids", "channel_ids"):
        assert ann.get(f"/api/tickets?filter[{name}]={quote(value)}").status_code == 200
    assert len(ann.ids()) == 6


def test_a_folder_that_a_killed_mock_left_is_swept_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    stale, young = (tmp_path / f"there-there-mock-{name}" for name in ("stale", "young"))
    for folder in (stale, young):
        folder.mkdir()
    (stale / "lock").touch()
    first = TemporaryFolder()
    second = TemporaryFolder()
    assert set(tmp_path.iterdir()) == {young, first.path, second.path}
    first.remove()
    second.remove()
    assert list(tmp_path.iterdir()) == [young]


def test_a_folder_that_another_mock_sweeps_while_it_is_made_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    lock, files = temporary._lock, []

    def lock_what_is_swept_at_first(folder: Path, mode: str) -> Any:
        files.append(lock(folder, mode))
        if len(files) == 1:
            shutil.rmtree(folder)
        return files[-1]

    monkeypatch.setattr(temporary, "_lock", lock_what_is_swept_at_first)
    made = TemporaryFolder()
    assert list(tmp_path.iterdir()) == [made.path]
    assert [file.closed for file in files] == [True, False]
    made.remove()

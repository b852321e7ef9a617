"""In which worlds colleagues are at work, and which process does that work."""

from typing import Any

from sqlalchemy import bindparam, delete, select, update

from mockserver.store.database import Database
from mockserver.store.sharedtables import shifts


class Shifts:
    """A row for each busy world; the process that it names works there, and no other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        compile_ = database.compile
        of_world = shifts.c.world == bindparam("of")
        by = shifts.c.process == bindparam("by")
        new: dict[str, Any] = {name: bindparam(name) for name in ("world", "per_second", "process")}
        self._put = compile_(
            database.insert(shifts)
            .values(new)
            .on_conflict_do_update(
                index_elements=[shifts.c.world],
                set_={"per_second": bindparam("per_second"), "process": bindparam("process")},
            )
        )
        columns = (shifts.c.world, shifts.c.per_second, shifts.c.process)
        self._all = compile_(select(*columns))
        self._pace = compile_(select(shifts.c.per_second).where(of_world))
        self._delete = compile_(delete(shifts).where(of_world))
        self._end = compile_(delete(shifts).where(of_world, by))
        self._take = compile_(
            update(shifts).where(of_world, by).values(process=bindparam("new_process"))
        )

    def put(self, world: str, per_second: float, process: int) -> None:
        with self._database.write() as transaction:
            values = {"world": world, "per_second": per_second, "process": process}
            transaction.run(self._put, **values)

    def pace(self, world: str) -> float:
        """Return the acts a second in a world; 0: nobody is at work there."""
        row = self._database.one(self._pace, of=world)
        return float(row[0]) if row else 0

    def all(self) -> list[tuple[str, float, int]]:
        """Return world, acts a second and process of each."""
        with self._database.read() as transaction:
            rows = transaction.all(self._all)
        return [(str(world), float(pace), int(process)) for world, pace, process in rows]

    def end(self, world: str, process: int | None = None) -> None:
        """End the work in a world, if this process does it; None: whoever does."""
        with self._database.write() as transaction:
            if process is None:
                transaction.run(self._delete, of=world)
            else:
                transaction.run(self._end, of=world, by=process)

    def take(self, world: str, process: int, new_process: int) -> bool:
        """Take a shift over; False: another process was quicker."""
        with self._database.write() as transaction:
            return transaction.run(self._take, of=world, by=process, new_process=new_process) > 0

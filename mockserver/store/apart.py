"""Work done in a process of its own, with which all the memory goes that it took."""

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import Pipe, get_all_start_methods, get_context, parent_process

from mockserver.contract.errors import MockError, StoreError


def apart(work: Callable[[], None]) -> None:
    """Do some work in a copy of this process; in this one where it cannot be copied safely.

    Raises the MockError that the work raises, and StoreError where its process is killed.
    """
    if "fork" not in get_all_start_methods() or threading.active_count() > 1:
        work()
        return
    heard, told = Pipe(duplex=False)
    process = get_context("fork").Process(target=_do, args=(work, told.send))
    process.start()
    told.close()
    try:
        error = heard.recv()
    except EOFError:
        error = StoreError("the process that seeds was killed; start again, and it goes on")
    finally:
        process.terminate()
        process.join()
    if error is not None:
        raise error


def _do(work: Callable[[], None], tell: Callable[[MockError | None], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the other process says what there is to say
    once_orphaned(lambda: os._exit(1))
    try:
        work()
    except MockError as error:
        tell(error)
    else:
        tell(None)


def once_orphaned(do: Callable[[], None]) -> None:
    """Do something when this process outlives the one that made it, which nobody else can do."""

    def wait() -> None:
        parent = parent_process()
        assert parent is not None
        parent.join()
        do()

    threading.Thread(target=wait, name="orphan", daemon=True).start()

"""What stands round the operations: preferences, faults and the journal."""

from collections.abc import Iterable, Mapping
from functools import partial

from flask import Flask

from mockserver.api.faults import Faults, Interference, SharedFaults
from mockserver.api.faults.forced_response import Forced
from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.journal import Journal, Recorder, SharedJournal
from mockserver.journal.validation import Judge
from mockserver.store import SHARED, Store, World


def add_stage(
    app: Flask, contract: Contract, store: Store, choices: Choices, former: Flask | None
) -> None:
    """Add them to a finished app, as its outermost layer; those of `former` go on with it.

    They are found again as `app.extensions["faults"]` and `["journal"]`.
    """
    judge = Judge(contract, choices)
    if former is None:
        planned, journal = _planned(contract, store), _journal(judge, store)
    else:
        planned, journal = former.extensions["faults"], former.extensions["journal"]
        journal.judge = judge
    forced = Forced(contract, choices, store)
    app.before_request(Interference(contract, store, forced, planned).before)
    app.wsgi_app = Recorder(app.wsgi_app, journal)  # type: ignore[method-assign]  # Flask's way
    app.extensions["faults"] = planned
    app.extensions["mock"].plan_faults = partial(_plan, planned)
    app.extensions["journal"] = journal


def _planned(contract: Contract, store: Store) -> Faults:
    if store.sharing is None:
        return Faults(contract.operations)
    return SharedFaults(contract.operations, store.sharing)


def _journal(judge: Judge, store: Store) -> Journal:
    if store.sharing is None:
        return Journal(judge)
    entry = store.worlds.entry(SHARED)
    return SharedJournal(judge, store.sharing.peers, entry.created if entry else 0)


def _plan(planned: Faults, world: World, faults: Iterable[Mapping[str, str]]) -> None:
    """Put the faults that a world is opened with in force, all or none; raises ConfigError."""
    for fault in [planned.parse(each["fault"]) for each in faults]:
        planned.add(world.name, fault, kept=True)

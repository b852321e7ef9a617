"""What stands round the operations: preferences, faults and the journal."""

from collections.abc import Iterable, Mapping
from functools import partial

from flask import Flask

from mockserver.api.faults import Faults, Interference
from mockserver.api.faults.forced_response import Forced
from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.journal import Journal, Recorder
from mockserver.journal.validation import Judge
from mockserver.store import Store, World


def add_stage(
    app: Flask, contract: Contract, store: Store, choices: Choices, former: Flask | None
) -> None:
    """Add them to a finished app, as its outermost layer; those of `former` go on with it.

    They are found again as `app.extensions["faults"]` and `["journal"]`.
    """
    judge = Judge(contract, choices)
    if former is None:
        planned, journal = _planned(contract), _journal(judge)
    else:
        planned, journal = former.extensions["faults"], former.extensions["journal"]
        journal.judge = judge
    forced = Forced(contract, choices, store)
    app.before_request(Interference(contract, store, forced, planned).before)
    app.wsgi_app = Recorder(app.wsgi_app, journal)  # type: ignore[method-assign]  # Flask's way
    app.extensions["faults"] = planned
    app.extensions["mock"].plan_faults = partial(_plan, planned)
    app.extensions["journal"] = journal


def _planned(contract: Contract) -> Faults:
    return Faults(contract.operations)


def _journal(judge: Judge) -> Journal:
    return Journal(judge)


def _plan(planned: Faults, world: World, faults: Iterable[Mapping[str, str]]) -> None:
    """Put the faults that a world is opened with in force, all or none; raises ConfigError."""
    for fault in [planned.parse(each["fault"]) for each in faults]:
        planned.add(world.name, fault, kept=True)

"""The laws: what the documented page means, as pure functions over what was seen."""

from contract_tests.laws import (
    access,
    bystanders,
    detail,
    membership,
    page,
    person,
    presence,
    robustness,
    search,
    shape,
    sort,
    thread,
    update,
)
from contract_tests.verdict import LAWS

__all__ = [
    "LAWS",
    "access",
    "bystanders",
    "detail",
    "membership",
    "page",
    "person",
    "presence",
    "robustness",
    "search",
    "shape",
    "sort",
    "thread",
    "update",
]

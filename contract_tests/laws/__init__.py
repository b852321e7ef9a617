"""The laws: what the documented page means, as pure functions over what was seen."""

from contract_tests.laws import (
    access,
    bystanders,
    detail,
    membership,
    page,
    presence,
    robustness,
    search,
    shape,
    sort,
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
    "presence",
    "robustness",
    "search",
    "shape",
    "sort",
    "update",
]

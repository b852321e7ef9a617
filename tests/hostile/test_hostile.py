"""A deployment that misbehaves neither stops, fools nor bloats the suite."""

import pytest

from tests.hostile.check import check
from tests.hostile.ways import WAYS


@pytest.mark.slow
@pytest.mark.parametrize("name", WAYS)
def test_a_hostile_deployment_is_reported_within_bounds(name):
    way = WAYS[name]

    assert check(way).faults(way) == []

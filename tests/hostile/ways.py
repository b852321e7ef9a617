"""All ways to misbehave, by name."""

from tests.hostile import bodies, connections, heads, json_bodies, odd_values, statuses

WAYS = {
    way.name: way
    for module in (connections, heads, statuses, bodies, json_bodies, odd_values)
    for way in module.WAYS
}

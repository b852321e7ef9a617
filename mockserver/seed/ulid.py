"""ULIDs: 26 upper-case Crockford characters that begin with a time and sort by it."""

from datetime import UTC, datetime

from mockserver.seed.generator.random import seeded_random

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]

# Contacts and tags have no published time of creation: theirs is counted from here by their id,
# so their ULIDs sort by id and do not move with the clock.
EPOCH = datetime(2024, 5, 7, 12, 0, tzinfo=UTC)


def ulid(milliseconds: int, randomness: int) -> str:
    """Return the ULID of a Unix time in milliseconds and 80 random bits."""
    p, t, r = _PAIRS, milliseconds, randomness
    return (  # written out, because a large seeding makes millions of them
        f"{p[t >> 40 & 1023]}{p[t >> 30 & 1023]}{p[t >> 20 & 1023]}{p[t >> 10 & 1023]}"
        f"{p[t & 1023]}{p[r >> 70 & 1023]}{p[r >> 60 & 1023]}{p[r >> 50 & 1023]}"
        f"{p[r >> 40 & 1023]}{p[r >> 30 & 1023]}{p[r >> 20 & 1023]}{p[r >> 10 & 1023]}"
        f"{p[r & 1023]}"
    )


def derived_ulid(noun: str, id: int, moment: datetime) -> str:
    """Return the ULID of a record that has none in the world file, derived from its id."""
    random = seeded_random(noun, id)
    milliseconds = int(moment.timestamp()) * 1000 + random.randrange(1000)
    return ulid(milliseconds, random.getrandbits(80))

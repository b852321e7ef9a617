"""ULIDs: 26 upper-case Crockford characters that begin with a time and sort by it."""

from datetime import UTC, datetime

from mockserver.seed.chance import chance

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_TIME_SHIFTS = (40, 30, 20, 10, 0)
_RANDOM_SHIFTS = (70, 60, 50, 40, 30, 20, 10, 0)

# Contacts and tags have no published time of creation: theirs is counted from here by their id,
# so their ULIDs sort by id and do not move with the clock.
EPOCH = datetime(2024, 5, 7, 12, 0, tzinfo=UTC)


def ulid(milliseconds: int, randomness: int) -> str:
    """Return the ULID of a Unix time in milliseconds and 80 random bits."""
    pairs = _PAIRS
    time = [pairs[milliseconds >> shift & 1023] for shift in _TIME_SHIFTS]
    rest = [pairs[randomness >> shift & 1023] for shift in _RANDOM_SHIFTS]
    return "".join(time + rest)


def derived_ulid(noun: str, id: int, moment: datetime) -> str:
    """Return the ULID of a record that was written without one: the same for the same record."""
    random = chance(noun, id)
    milliseconds = int(moment.timestamp()) * 1000 + random.randrange(1000)
    return ulid(milliseconds, random.getrandbits(80))

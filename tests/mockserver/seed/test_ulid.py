from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mockserver.seed.ulid import derived_ulid, ulid

MILLISECONDS = st.integers(0, 2**48 - 1)
RANDOMNESS = st.integers(0, 2**80 - 1)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def decoded(text: str) -> int:
    number = 0
    for character in text:
        number = number * 32 + ALPHABET.index(character)
    return number


@given(MILLISECONDS, RANDOMNESS)
def test_a_ulid_is_its_time_and_its_randomness(milliseconds: int, randomness: int) -> None:
    text = ulid(milliseconds, randomness)

    assert len(text) == 26
    assert decoded(text) == milliseconds << 80 | randomness


@given(MILLISECONDS, MILLISECONDS, RANDOMNESS, RANDOMNESS)
def test_ulids_sort_by_time(one: int, other: int, first: int, second: int) -> None:
    if one != other:
        assert (ulid(one, first) < ulid(other, second)) == (one < other)


def test_a_derived_ulid_belongs_to_its_record_alone() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    made = {derived_ulid(noun, id, moment) for noun in ("ticket", "message") for id in range(50)}

    assert len(made) == 100
    assert derived_ulid("ticket", 7, moment) == derived_ulid("ticket", 7, moment)
    assert decoded(derived_ulid("ticket", 7, moment)[:10]) // 1000 == moment.timestamp()

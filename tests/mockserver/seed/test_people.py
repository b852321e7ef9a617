from random import Random

import pytest

from mockserver.seed.generator.locale_names import STORED, locale_names
from mockserver.seed.generator.people import People, address
from tests.support.locale_names import written


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Smith", "jane.smith"),
        ("José Müller-Weiß", "jose.muller.weiss"),
        ("Dr. Anne O'Neil III", "dr.anne.o.neil.iii"),
        ("山田 太郎", "customer"),
        ("x" * 39 + " y", "x" * 39),
    ],
)
def test_a_name_becomes_a_mailbox_of_plain_letters(name: str, expected: str) -> None:
    assert address(name, "customer") == expected


def test_no_two_contacts_share_an_address_even_without_latin_names() -> None:
    contacts = People("ja_JP", "seed").contacts(Random(1), range(1, 2_001))

    assert len({contact.email for contact in contacts}) == 2_000


def test_the_same_seed_makes_the_same_people() -> None:
    one, same, other = (People("de_DE", seed) for seed in ("a", "a", "b"))

    assert (one.companies, one.cities, one.names) == (same.companies, same.cities, same.names)
    assert one.companies != other.companies


def test_what_is_stored_is_what_faker_draws() -> None:
    assert STORED.read_bytes() == written(), "run `python -m tests.support.locale_names`"


def test_a_large_world_has_more_names_than_are_stored() -> None:
    few, many = (People("en_US", "seed").contacts(Random(1), range(1, end)) for end in (300, 5000))

    assert many[: len(few)] == few
    assert len({contact.name for contact in many} - set(locale_names("en_US").names)) > 2_000

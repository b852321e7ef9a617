"""Names, companies and cities of a locale from Faker; those of the default locale are stored.

Importing Faker takes longer than generating 200 tickets.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from mockserver.contract.errors import FixtureError

DEFAULT_LOCALE = "en_US"

STORED = Path(__file__).with_name(f"locale_names.{DEFAULT_LOCALE}.json")
_PROVIDERS = ["faker.providers.person", "faker.providers.company", "faker.providers.address"]


class LocaleNames(NamedTuple):
    """Distinct values, in Faker's order."""

    names: list[str]
    companies: list[str]
    cities: list[str]


@cache
def locale_names(locale: str) -> LocaleNames:
    """Return the names of a locale; raises FixtureError for one that Faker does not know."""
    if locale == DEFAULT_LOCALE:
        return LocaleNames(**orjson.loads(STORED.read_bytes()))
    return draw(locale)


def draw(locale: str) -> LocaleNames:
    """Generate the names of a locale with Faker; raises FixtureError."""
    faker = _faker(locale, "stock")
    return LocaleNames(
        names=_distinct(faker.name, 1500),
        companies=_distinct(faker.company, 200),
        cities=_distinct(faker.city, 200),
    )


def more_names(locale: str, seed: str) -> Iterator[str]:
    """Yield an infinite sequence of names."""
    faker = _faker(locale, seed)
    while True:
        yield faker.name()


def _distinct(make: Callable[[], str], times: int) -> list[str]:
    return list(dict.fromkeys(make() for _ in range(times)))


def _faker(locale: str, seed: str) -> Any:
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - see above
    from faker.factory import Factory  # noqa: PLC0415

    wanted = locale.replace("-", "_")
    known = {one.lower(): one for one in AVAILABLE_LOCALES}
    if wanted.lower() not in known:
        language = wanted.lower().split("_")[0]
        close = sorted(one for one in AVAILABLE_LOCALES if one.lower().startswith(language + "_"))
        remedy = f"did you mean {', '.join(close)}?" if close else "use one such as en_US or de_DE"
        raise FixtureError(f"locale {locale!r}: Faker does not support it; {remedy}")
    faker = Factory.create(known[wanted.lower()], providers=_PROVIDERS)
    faker.seed_instance(seed)
    return faker

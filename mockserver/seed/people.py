"""Faker's part: the names, companies and places of a locale."""

import re
from random import Random
from typing import Any
from unicodedata import normalize

from mockserver.errors import FixtureError
from mockserver.records import Contact
from mockserver.seed.cast import labelled_ulid

_PROVIDERS = ["faker.providers.person", "faker.providers.company", "faker.providers.address"]
_NOT_IN_ADDRESSES = re.compile(r"[^a-z0-9]+")


class People:
    """Pools of a locale's companies and cities, and as many contacts as are asked for."""

    def __init__(self, locale: str, seed: str) -> None:
        self._faker = _faker(locale, seed)
        self.companies = [self._faker.company() for _ in range(40)]
        self.cities = [self._faker.city() for _ in range(40)]
        self.names = [self._faker.name() for _ in range(20)]

    def contacts(self, random: Random, ids: range) -> list[Contact]:
        """Return contacts at these companies; a few give no name, some have a picture."""
        return [self._contact(random, id) for id in ids]

    def _contact(self, random: Random, id: int) -> Contact:
        name = self._faker.name()
        company = self.companies[int(random.random() * len(self.companies))]
        mailbox = address(name, "customer")
        pictured = random.random() < 0.25
        return Contact(
            id=id,
            ulid=labelled_ulid("contact", id),
            name=None if random.random() < 0.04 else name,
            email=f"{mailbox}.{id}@{address(company, 'company').replace('.', '-')}.example",
            avatar_url=f"https://avatars.example.com/{id}.png" if pictured else None,
        )


def _faker(locale: str, seed: str) -> Any:
    # Imported here, because Faker takes longer to import than a world of 200 tickets to make.
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415
    from faker.factory import Factory  # noqa: PLC0415

    wanted = locale.replace("-", "_")
    known = {one.lower(): one for one in AVAILABLE_LOCALES}
    if wanted.lower() not in known:
        language = wanted.lower().split("_")[0]
        close = sorted(one for one in AVAILABLE_LOCALES if one.lower().startswith(language + "_"))
        remedy = f"did you mean {', '.join(close)}?" if close else "use one such as en_US or de_DE"
        raise FixtureError(f"locale {locale!r}: Faker does not know it; {remedy}")
    faker = Factory.create(known[wanted.lower()], providers=_PROVIDERS)
    faker.seed_instance(seed)
    return faker


def address(name: str, otherwise: str) -> str:
    """Return a name as it may stand in an e-mail address."""
    plain = normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_ADDRESSES.sub(".", plain).strip(".")[:40].strip(".") or otherwise

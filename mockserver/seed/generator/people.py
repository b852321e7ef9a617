"""Generated people of a locale: names, companies and cities."""

import re
from itertools import chain
from random import Random
from unicodedata import normalize

from mockserver.seed.generator.files import avatar_url
from mockserver.seed.generator.locale_names import locale_names, more_names
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.records import Contact
from mockserver.seed.world_file.defaults import ulid_from_id

_COMPANIES = 40
_CITIES = 40
_COLLEAGUES = 20
_NOTED = 0.15
_NOTES = (
    "Prefers to be called.",
    "Pays by invoice, 30 days.",
    "Has a premium plan.",
    "Asked for a discount last year.",
    "Speaks for the whole office.",
)
_NOT_IN_ADDRESSES = re.compile(r"[^a-z0-9]+")


class People:
    """Companies, cities and names of agents, and any number of contacts."""

    def __init__(self, locale: str, seed: str) -> None:
        names, random = locale_names(locale), seeded_random(seed, "people")
        self.companies = _shuffled(random, names.companies)[:_COMPANIES]
        self.cities = _shuffled(random, names.cities)[:_CITIES]
        self.names = _shuffled(random, names.names)[:_COLLEAGUES]
        self._names = chain(_shuffled(random, names.names), more_names(locale, seed))

    def contacts(self, random: Random, ids: range) -> list[Contact]:
        """Return contacts of these companies; some have no name, some have an avatar."""
        return [self._contact(random, id) for id in ids]

    def _contact(self, random: Random, id: int) -> Contact:
        name = next(self._names)
        company = self.companies[int(random.random() * len(self.companies))]
        mailbox = address(name, "customer")
        pictured = random.random() < 0.25
        return Contact(
            id=id,
            ulid=ulid_from_id("contact", id),
            name=None if random.random() < 0.04 else name,
            email=f"{mailbox}.{id}@{address(company, 'company').replace('.', '-')}.example",
            avatar_url=avatar_url(id, name) if pictured else None,
            notes=_notes(id),
        )


def _notes(id: int) -> str | None:
    random = seeded_random("notes", id)
    return random.choice(_NOTES) if random.random() < _NOTED else None


def _shuffled(random: Random, values: list[str]) -> list[str]:
    return random.sample(values, len(values))


def address(name: str, otherwise: str) -> str:
    """Return a name in the form of an e-mail mailbox or domain."""
    plain = normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_ADDRESSES.sub(".", plain).strip(".")[:40].strip(".") or otherwise

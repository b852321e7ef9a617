"""Escaped texts: JSON has no markup, so that a sign in a text is the sign, not its HTML entity."""

import re
from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row

_ENTITIES = {
    "&": re.compile("&amp;"),
    "<": re.compile("&lt;"),
    ">": re.compile("&gt;"),
    '"': re.compile("&quot;|&#0?34;"),
    "'": re.compile("&apos;|&#0?39;|&#x27;", re.IGNORECASE),
}
_ANY_ENTITY = re.compile("|".join(entity.pattern for entity in _ENTITIES.values()), re.IGNORECASE)
_NAMED = ("contact", "channel", "tags")
_PLAIN = ("subject", "latest_message_preview", "summary")
ENOUGH = 3
"""Texts with an entity: one or two may be what somebody wrote."""


@law(*(f"ticket.{name}" for name in (*_PLAIN, *_NAMED)))
def signs_are_themselves(history: History) -> Iterator[Finding]:
    """Where several texts of a field hold an entity, one at least holds the sign itself."""
    texts: dict[str, dict[str, int]] = {}
    for observations in history.observations.values():
        for observation in observations[-1:]:
            for name, text in _texts(observation.row):
                texts.setdefault(name, {}).setdefault(text, observation.number)
    for name, found in texts.items():
        escaped = {sign: [text for text in found if entity.search(text)]
                   for sign, entity in _ENTITIES.items()}  # fmt: skip
        raw = {sign for sign in _ENTITIES for text in found if sign in _ANY_ENTITY.sub("", text)}
        wrong = [sign for sign in escaped if len(escaped[sign]) >= ENOUGH and sign not in raw]
        for sign in wrong[:1]:
            exchange = history.exchange(found[escaped[sign][0]])
            message = f"{sign} stands as an HTML entity in each {name} that has one"
            yield violated(f"ticket.{name}", message, exchange)
        if raw and not wrong:
            yield holds(f"ticket.{name}", history.exchange(next(iter(found.values()))))


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the texts of a row that people wrote, by the field they stand in."""
    for name in _PLAIN:
        yield from ((name, text) for text in [row.get(name)] if isinstance(text, str))
    for name in _NAMED:
        node = row.get(name)
        records = node if isinstance(node, list) else [node]
        names = (record.get("name") for record in records if isinstance(record, dict))
        yield from ((name, text) for text in names if isinstance(text, str))

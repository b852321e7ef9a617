"""What fills the slots of a topic: one value each, so that a thread agrees with itself."""

from collections.abc import Callable

from mockserver.seed.generator.conversation import Desk
from mockserver.seed.generator.people import People
from mockserver.seed.generator.topics import Topic
from mockserver.seed.records import Contact


def fill_slots(desk: Desk, topic: Topic, people: People, contact: Contact) -> dict[str, str]:
    """Return a value for each slot of the topic, and the contact's names."""
    slots = {"contact": contact.name or "", "first": first_name(contact.name)}
    for slot in topic.slots:
        values = desk.phrases.slots.get(slot)
        slots[slot] = desk.pick(values) if values else FILLERS[slot](desk, people)
    return slots


def first_name(name: str | None) -> str:
    """Return how an agent addresses a contact; a title or another script keeps the whole name."""
    if name is None:
        return "there"
    first = name.split()[0]
    return first if first.isascii() and first.isalpha() else name


def _amount(desk: Desk, _: People) -> str:
    cents = int(desk.random.random() * desk.random.random() * 90_000) + 900
    return f"{cents // 100}.{cents % 100:02}"


def _number(desk: Desk, _: People) -> str:
    return str(10_000 + int(desk.random.random() * 90_000))


FILLERS: dict[str, Callable[[Desk, People], str]] = {
    "amount": _amount,
    "city": lambda desk, people: desk.pick(people.cities),
    "company": lambda desk, people: desk.pick(people.companies),
    "invoice": _number,
    "number": _number,
    "order": _number,
    "person": lambda desk, people: desk.pick(people.names),
}

"""Values for the placeholders of a topic, one for each conversation."""

from collections.abc import Callable

from mockserver.seed.generator.conversation import Context
from mockserver.seed.generator.people import People
from mockserver.seed.generator.topics import Topic
from mockserver.seed.records import Contact


def fill_placeholders(
    context: Context, topic: Topic, people: People, contact: Contact
) -> dict[str, str]:
    """Return a value for each placeholder of the topic, and the contact's names."""
    slots = {"contact": contact.name or "", "first": first_name(contact.name)}
    for slot in topic.slots:
        values = context.phrases.slots.get(slot)
        slots[slot] = context.pick(values) if values else FILLERS[slot](context, people)
    return slots


def first_name(name: str | None) -> str:
    """Return the first name, or the whole name if it starts with a title or is not ASCII."""
    if name is None:
        return "there"
    first = name.split()[0]
    return first if first.isascii() and first.isalpha() else name


def _amount(context: Context, _: People) -> str:
    cents = int(context.random.random() * context.random.random() * 90_000) + 900
    return f"{cents // 100}.{cents % 100:02}"


def _number(context: Context, _: People) -> str:
    return str(10_000 + int(context.random.random() * 90_000))


FILLERS: dict[str, Callable[[Context, People], str]] = {
    "amount": _amount,
    "city": lambda context, people: context.pick(people.cities),
    "company": lambda context, people: context.pick(people.companies),
    "invoice": _number,
    "number": _number,
    "order": _number,
    "person": lambda context, people: context.pick(people.names),
}

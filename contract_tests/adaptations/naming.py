"""Styles of names: camel case in place of snake case."""


def camel_case(name: str) -> str:
    """Return perPage for per_page; what stands in brackets is changed in the same way."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)

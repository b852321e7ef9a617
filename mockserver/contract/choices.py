"""Choices: behavior that the vendor does not document, each with a typed setting."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_type_hints

from mockserver.contract.errors import ConfigError, suggestion


def _choice(default: str, question: str, reason: str) -> Any:
    return field(default=default, metadata={"question": question, "reason": reason})


@dataclass(frozen=True, slots=True)
class Choices:
    """One field for each choice, with the question's number and the reason for the default."""

    path_id: Literal["integer", "ulid", "either"] = _choice(
        "integer", "A1", "the documented paths contain integers; a later vendor document uses ULIDs"
    )
    ulid_case: Literal["upper", "lower"] = _choice(
        "upper", "A2", "the documentation shows upper case; the framework stores lower case"
    )
    update_reply: Literal["ticket", "detail"] = _choice(
        "ticket", "A3", "no response is documented; the vendor's first spec has the list fields"
    )
    assignee_field: Literal["user_id", "assignee_id", "member_id"] = _choice(
        "user_id", "A4", "the page; two other documents of the same month have other names"
    )
    absent_user_id: Literal["refuse", "unassign"] = _choice(
        "refuse", "A5", "treating a missing field as null would lose data silently"
    )
    unchanged_write: Literal["ignore", "touch"] = _choice(
        "ignore", "A7", "the framework does not save a model that did not change"
    )
    page_invalid: Literal["first", "refuse"] = _choice(
        "first", "A15", "the framework's paginator treats an invalid page as page 1"
    )
    per_page_above_max: Literal["clamp", "refuse"] = _choice(
        "clamp", "A16", "a documented maximum without a documented error is usually a clamp"
    )
    per_page_invalid: Literal["default", "one", "refuse"] = _choice(
        "default", "A16", "0, negative or not a number is treated as not sent"
    )
    link_query: Literal["keep", "drop"] = _choice(
        "keep", "A17", "links without the filter would lead to other tickets"
    )
    meta_keys: Literal["documented", "framework"] = _choice(
        "documented", "A18", "four keys are documented; the framework's default response has more"
    )
    pagination: Literal["nested", "flat"] = _choice(
        "nested", "A33", "the page; the vendor's first spec has the numbers beside data"
    )
    unknown_status: Literal["nothing", "refuse"] = _choice(
        "nothing", "A19", "the query builder's exact filter matches nothing for an unknown value"
    )
    unknown_query: Literal["refuse", "ignore"] = _choice(
        "refuse", "A20", "the query builder rejects unknown filters and sorts with 400"
    )
    tag_match: Literal["any", "all"] = _choice(
        "any", "A21", "the other comma-separated lists can only mean any of the values"
    )
    false_filter: Literal["no_filter", "opposite"] = _choice(
        "no_filter", "A24", '"only …" in the documentation means that true adds a restriction'
    )
    search: Literal["substring", "words"] = _choice(
        "substring", "A25", "the query builder's partial filter is a substring"
    )
    search_comma: Literal["phrase", "any"] = _choice(
        "phrase", "A25", "the query builder splits a term at commas and finds either part"
    )
    get_body: Literal["ignore", "merge"] = _choice(
        "ignore", "A20", "the framework merges a JSON body into the query of a GET request"
    )
    missing_text: Literal["model", "plain"] = _choice(
        "model", "A27", "the framework names the model that was not found"
    )
    foreign_ticket: Literal["missing", "forbidden"] = _choice(
        "missing", "A28", "404 does not reveal that another workspace has the ticket"
    )
    activity_order: Literal["oldest_first", "newest_first"] = _choice(
        "oldest_first", "A30", "like the messages, which the vendor documents as chronological"
    )
    me: Literal["bare", "wrapped"] = _choice(
        "bare", "A34", "the vendor's page on authentication; its first spec adds the workspace"
    )
    tag_removal: Literal["ticket", "empty"] = _choice(
        "ticket", "A35", "the vendor's page on tags answers 200; its first spec answers 204"
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A choice, described for `mockserver choices`."""

    name: str
    number: str
    default: str
    values: tuple[str, ...]
    reason: str


def questions() -> list[Question]:
    """Return all choices."""
    hints = get_type_hints(Choices)
    return [
        Question(
            name=each.name,
            number=each.metadata["question"],
            default=str(each.default),
            values=get_args(hints[each.name]),
            reason=each.metadata["reason"],
        )
        for each in fields(Choices)
    ]


def choose(settings: Iterable[str]) -> Choices:
    """Return the choices of `name=value` settings; raises ConfigError for unknown ones."""
    known = {question.name: question for question in questions()}
    chosen: dict[str, Any] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in known:
            remedy = suggestion(name, known, "`mockserver choices` lists them")
            raise ConfigError(f"unknown choice {name!r}; {remedy}")
        if value not in known[name].values:
            options = " or ".join(known[name].values)
            raise ConfigError(f"choice {name}: {value!r} is not {options}")
        chosen[name] = value
    return Choices(**chosen)

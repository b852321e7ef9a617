"""The laws: the meaning of the documented API, as pure functions over a history."""

from contract_tests.laws import access, completeness, documented_fields, responses, robustness
from contract_tests.laws.extension import (
    extension_answers,
    extension_contact_agreement,
    extension_contacts,
    extension_lists,
    extension_tags,
    extension_writes,
)
from contract_tests.laws.finding import LAWS
from contract_tests.laws.lists import (
    acceptance,
    filters,
    list_detail_agreement,
    odd_filters,
    pagination,
    search,
    sort,
    stability,
    status_totals,
)
from contract_tests.laws.tickets import (
    clock,
    conservation,
    current_user,
    detail,
    escaped_texts,
    identity,
    messages,
    repeated_records,
)
from contract_tests.laws.updates import (
    assigned_people,
    missing_tickets,
    new_tickets,
    untouched_tickets,
    update,
    validators,
)

__all__ = [
    "LAWS",
    "acceptance",
    "access",
    "assigned_people",
    "clock",
    "completeness",
    "conservation",
    "current_user",
    "detail",
    "documented_fields",
    "escaped_texts",
    "extension_answers",
    "extension_contact_agreement",
    "extension_contacts",
    "extension_lists",
    "extension_tags",
    "extension_writes",
    "filters",
    "identity",
    "list_detail_agreement",
    "messages",
    "missing_tickets",
    "new_tickets",
    "odd_filters",
    "pagination",
    "repeated_records",
    "responses",
    "robustness",
    "search",
    "sort",
    "stability",
    "status_totals",
    "untouched_tickets",
    "update",
    "validators",
]

"""A fault given as fields, for example as JSON, in the syntax of faults."""

from collections.abc import Mapping
from typing import Any

from mockserver.contract.errors import ConfigError

_DETAILS = {
    "latency": ("delay",),
    "slow": ("delay",),
    "error": ("status", "statuses"),
    "sequence": ("statuses",),
    "rate": ("rate",),
    "type": ("media_type",),
}
"""Kind of a fault → the fields that say what happens."""

_SCOPE = ("operation", "path", "world", "times", "retry_after", "seed")
"""Fields that stand in the text with their name."""


def text_of_fields(fields: Mapping[str, Any]) -> str:
    """Return a fault as text; raises ConfigError for fields that do not go together."""
    if "fault" in fields:
        return _only_text(fields)
    kind = fields["kind"]
    value = ":".join(filter(None, (_share(fields), _detail(kind, fields))))
    scope = [f"{name.replace('_', '-')}={fields[name]}" for name in _SCOPE if name in fields]
    return " ".join([f"{kind}={value}" if value else kind, *scope])


def _share(fields: Mapping[str, Any]) -> str:
    if "share" not in fields:
        return ""
    return f"{fields['share'] * 100:.4f}".rstrip("0").rstrip(".") + "%"


def _only_text(fields: Mapping[str, Any]) -> str:
    if others := [name for name in fields if name != "fault"]:
        raise ConfigError(f"{others[0]}: write it into the text of the fault, or give kind instead")
    return str(fields["fault"])


def _detail(kind: str, fields: Mapping[str, Any]) -> str:
    allowed = _DETAILS.get(kind, ())
    details = {name for names in _DETAILS.values() for name in names}
    given = [name for name in fields if name in details]
    if wrong := [name for name in given if name not in allowed]:
        remedy = f"takes {' or '.join(allowed)}" if allowed else "takes no such field"
        raise ConfigError(f"{wrong[0]}: a fault of kind {kind} {remedy}")
    if len(given) > 1:
        raise ConfigError(f"give only one of {', '.join(given)}")
    value = fields[given[0]] if given else ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)

"""A world file: found by name or path, read, and validated before it is seeded."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind, validator_for

from mockserver.contract import resources
from mockserver.contract.document.violations import explain, nearest_property
from mockserver.contract.errors import FixtureError, located
from mockserver.seed.edge_cases import add_edge_cases
from mockserver.seed.world_file.changed_world import check_changes
from mockserver.seed.world_file.references import check_references, number
from mockserver.seed.world_file.yaml import read_yaml

STATUSES = ("open", "closed", "spam")
_MOST_NAMED = 5
"""Mistakes of a file that are named at once."""

_SCHEMA = Path(__file__).with_name("world.schema.yaml")


@dataclass(frozen=True, slots=True)
class WorldFile:
    """A validated world file; its workspaces are plain data in which every record has an id."""

    name: str
    source: str
    description: str
    seed: int | None
    locale: str | None
    workspaces: list[dict[str, Any]]
    faults: tuple[str, ...] = ()
    collections: Mapping[str, Any] = field(default_factory=dict)
    reference: Any = ""
    """What a file that extends this world names it by: a shipped name, or what was read."""
    extended: "Extended | None" = None

    @property
    def generates(self) -> bool:
        """Whether tickets are generated beside those that are written in the file."""
        return any("generate" in workspace for workspace in self.workspaces)


@dataclass(frozen=True, slots=True)
class Extended:
    """The world that a file extends, the options of its seed, and the changes of the file."""

    world: WorldFile
    seed: int | None
    tickets: int | None
    locale: str | None
    clock: str | None
    changes: Mapping[str, Any]


def load_world(path_or_name: str | Path, statuses: Collection[str] = STATUSES) -> WorldFile:
    """Return a world of fixtures/worlds by name, or any world file by path.

    Raises FixtureError: the file, the field and how to correct it, in one line.
    """
    path = find_world(path_or_name)
    written = read_yaml(path)
    if path.parent == resources.worlds():
        return replace(_read(path.name, path.stem, written, statuses), reference=path.stem)
    return _read(path.name, path.stem, written, statuses)


def _read(file: str, name: str, written: Any, statuses: Collection[str]) -> WorldFile:
    _check_shape(file, written)
    reference = deepcopy(written)
    extended = _extended(file, written, statuses)
    workspaces = extended.world.workspaces if extended else written["workspaces"]
    if extended is None:
        with located(file):
            add_edge_cases(workspaces)
            number(workspaces)
            check_references(workspaces, statuses)
    base = extended.world if extended else None
    return WorldFile(
        name=written.get("name", name),
        source=file,
        description=written.get("description", ""),
        seed=written.get("seed"),
        locale=written.get("locale"),
        workspaces=workspaces,
        faults=tuple(written.get("faults", base.faults if base else ())),
        collections=written.get("collections", base.collections if base else {}),
        reference=reference,
        extended=extended,
    )


def _extended(file: str, written: Mapping[str, Any], statuses: Collection[str]) -> Extended | None:
    if "extends" not in written:
        return None
    asked = written["extends"]
    world, place = asked["world"], f"{file}: extends.world"
    if isinstance(world, str):
        base = load_world(world, statuses)
    else:
        base = _read(place, str(world.get("name", "world")), world, statuses)
    with located(file):
        check_changes(written.get("changes", {}), statuses)
    options = {name: asked.get(name) for name in ("seed", "tickets", "locale", "clock")}
    return Extended(base, changes=written.get("changes", {}), **options)


def find_world(path_or_name: str | Path) -> Path:
    """Return the path of a world file; a plain word is a name in fixtures/worlds."""
    shipped = {path.stem: path for path in sorted(resources.worlds().glob("*.yaml"))}
    if path_or_name in shipped:
        return shipped[str(path_or_name)]
    path = Path(path_or_name)
    if path.is_file():
        return path
    problem = "is a folder" if path.is_dir() else "the world does not exist"
    raise FixtureError(
        f"{path_or_name}: {problem}; give the path of a world file or one of {', '.join(shipped)}"
    )


def _check_shape(file: str, written: object) -> None:
    try:
        errors = list(_validator().iter_errors(written))
    except ValueError as error:
        raise FixtureError(f"{file}: not plain YAML data: {error}") from None
    if not errors:
        return
    if not isinstance(written, dict):
        problem = "it is empty; add workspaces" if written is None else "write keys and values"
        raise FixtureError(f"{file}: the file: {problem}")
    # A misspelt key is named before the key that is missing for it.
    unknown = ValidationErrorKind.AdditionalProperties
    errors.sort(key=lambda error: not isinstance(error.kind, unknown))
    complaints = [complaint for error in errors for complaint in _complaints(error)]
    more = f" (and {len(complaints) - _MOST_NAMED} more)" if len(complaints) > _MOST_NAMED else ""
    raise FixtureError(f"{file}: {' | '.join(complaints[:_MOST_NAMED])}{more}")


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = read_yaml(_SCHEMA)
    return schema


@cache
def _validator() -> Any:
    return validator_for(_schema())


def _complaints(error: ValidationError) -> list[str]:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path]
    place = "".join(parts).lstrip(".")
    if isinstance(error.kind, ValidationErrorKind.AdditionalProperties):
        return [_unknown_key(place, str(key), error) for key in error.kind.unexpected]
    return [f"{place or 'the file'}: {_problem(error)}"]


def _problem(error: ValidationError) -> str:
    """Return what is wrong with a value, and how to correct it."""
    kind: Any = error.kind
    if isinstance(kind, ValidationErrorKind.OneOfNotValid):  # of the file, as the next
        return "workspaces is missing; add it"
    if isinstance(kind, ValidationErrorKind.OneOfMultipleValid):
        return "workspaces and extends exclude each other; keep one"
    if isinstance(kind, ValidationErrorKind.PropertyNames):
        return explain(_schema(), kind.error)
    quotable = isinstance(kind, ValidationErrorKind.Type) and "string" in kind.types
    remedy = (
        "; write it in quotes" if quotable and not isinstance(error.instance, dict | list) else ""
    )
    return f"{explain(_schema(), error)}{remedy}"


def _unknown_key(place: str, key: str, error: ValidationError) -> str:
    meant = nearest_property(_schema(), error, key)
    return f"{f'{place}.{key}'.lstrip('.')}: unknown key; {meant}"

"""Where openapi.yaml, schemas/ and fixtures/ are: in the wheel, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def root() -> Path:
    """Return the folder that holds openapi.yaml, schemas/ and fixtures/."""
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent


def contract() -> Path:
    """Return the path of the contract, openapi.yaml."""
    return root() / "openapi.yaml"


def worlds() -> Path:
    """Return the folder of the worlds a mock can start in."""
    return root() / "fixtures" / "worlds"


def examples() -> Path:
    """Return the folder of the documented examples, made complete."""
    return root() / "fixtures" / "examples"

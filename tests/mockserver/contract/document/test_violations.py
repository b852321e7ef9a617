"""A pattern is explained by its example."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.admin.openapi.document import load_document
from mockserver.seed.world_file import file

WORLD_SCHEMA = yaml.safe_load((Path(file.__file__).with_name("world.schema.yaml")).read_text())


def patterns(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema with a pattern."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from patterns(each)


@pytest.mark.parametrize("document", [load_document(), WORLD_SCHEMA], ids=["admin", "world"])
def test_every_pattern_has_an_example(document: dict[str, Any]) -> None:
    found = list(patterns(document))
    assert len(found) > 3
    assert [each["pattern"] for each in found if not each.get("examples")] == []

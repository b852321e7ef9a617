"""Seed data: records from a world file, a random seed and Faker, and back to a world file.

`load_world` reads and validates a file, `build_workspaces` creates its records, `world_to_yaml`
writes records as a file. `fixtures/worlds/small.yaml` explains the format. Texts are English;
names, companies and places are those of the locale.
"""

from mockserver.seed.preview import preview
from mockserver.seed.workspaces import build_workspaces
from mockserver.seed.world_file.changes import changes_to_yaml
from mockserver.seed.world_file.export import world_to_yaml
from mockserver.seed.world_file.file import WorldFile, load_world

__all__ = [
    "WorldFile",
    "build_workspaces",
    "changes_to_yaml",
    "load_world",
    "preview",
    "world_to_yaml",
]

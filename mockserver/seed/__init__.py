"""Worlds: from a world file, a seed and Faker to records, and back to a world file.

`load_world` reads and checks a file, `plant` makes records of it, `dump_world` writes records out
as a file again. `fixtures/worlds/small.yaml` shows, with comments, what a file may say. Texts are
English whatever the locale; names, companies and places are the locale's.
"""

from mockserver.seed.edge_cases.gallery import GALLERY, Exhibit
from mockserver.seed.planting import plant
from mockserver.seed.preview import preview
from mockserver.seed.world_file.export import dump_world
from mockserver.seed.world_file.file import WorldFile, load_world

__all__ = [
    "GALLERY",
    "Exhibit",
    "WorldFile",
    "dump_world",
    "load_world",
    "plant",
    "preview",
]

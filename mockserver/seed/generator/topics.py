"""What customers write about: topics.yaml, ready to be filled in."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from mockserver.seed.world_file.yaml import read_yaml

TOPICS_FILE = Path(__file__).with_name("topics.yaml")
STORIES = 2
PARTS = ("opening", "answer", "followup", "solution", "note", "forward")
_LIST_ITEM = re.compile(r"(?:- |\d+\. )")


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject matter with its stories: texts with slots in braces, bodies as HTML already."""

    name: str
    tags: tuple[str, ...]
    files: tuple[str, ...]
    subjects: tuple[str, ...]
    summaries: tuple[str, ...]
    bodies: Mapping[str, tuple[str, ...]]
    slots: tuple[str, ...]

    def body(self, part: str, story: int) -> str:
        return _of_story(self.bodies[part], story)

    def summary(self, story: int) -> str:
        return _of_story(self.summaries, story)


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All topics, spam apart, and the phrases every topic shares."""

    topics: tuple[Topic, ...]
    spam: tuple[Topic, ...]
    greetings: tuple[str, ...]
    farewells: tuple[str, ...]
    thanks: tuple[str, ...]
    replies: tuple[str, ...]
    closings: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]


@cache
def phrasebook() -> Phrasebook:
    """Return the phrases of topics.yaml."""
    written = read_yaml(TOPICS_FILE)
    shared = {key: tuple(written[key]) for key in ("greetings", "farewells", "replies", "closings")}
    return Phrasebook(
        topics=tuple(_topic(name, topic) for name, topic in written["topics"].items()),
        spam=tuple(_topic(name, topic) for name, topic in written["spam"].items()),
        thanks=tuple(map(as_html, written["thanks"])),
        slots={slot: tuple(values) for slot, values in written["slots"].items()},
        **shared,
    )


def _topic(name: str, written: dict[str, Any]) -> Topic:
    texts = [text for part in written.values() if isinstance(part, list) for text in part]
    slots = {slot for text in texts for _, slot, _, _ in Formatter().parse(text) if slot}
    return Topic(
        name=name,
        tags=tuple(written.get("tags", ())),
        files=tuple(written.get("files", ())),
        subjects=tuple(written["subjects"]),
        summaries=tuple(written.get("summaries", ())),
        bodies={part: tuple(map(as_html, written.get(part, ()))) for part in PARTS},
        slots=tuple(sorted(slots)),
    )


def _of_story(phrasings: tuple[str, ...], story: int) -> str:
    return phrasings[story % len(phrasings)] if phrasings else ""


def as_html(text: str) -> str:
    """Return a phrase as HTML: blank lines part paragraphs, `- ` and `1. ` begin list items."""
    return "".join(_block(block) for block in text.strip().split("\n\n"))


def _block(block: str) -> str:
    lines = [html.escape(line.strip(), quote=False) for line in block.split("\n")]
    if not all(map(_LIST_ITEM.match, lines)):
        return f"<p>{' '.join(lines)}</p>"
    items = "".join(f"<li>{_LIST_ITEM.sub('', line, count=1)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if lines[0].startswith("- ") else f"<ol>{items}</ol>"

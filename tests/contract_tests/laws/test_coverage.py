"""Contract, requirements, laws and planted defects are linked without gaps."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from contract_tests.laws import LAWS, requirements
from mockserver.contract.operations import Contract
from mockserver.defects import CATALOGUE

REQUIREMENTS = requirements.load()
ELSEWHERE = yaml.safe_load(
    Path(requirements.__file__).with_name("covered_elsewhere.yaml").read_text(encoding="utf-8")
)
NO_DEFECT = {
    "documented_fields.undocumented": "an option asks for it; an additional field is no defect",
}


def places() -> Iterator[str]:
    contract = Contract.load().page
    for name, operation in contract.operations.items():
        yield name
        yield from (f"{name}.{parameter.name}" for parameter in operation.parameters)
    for title, schema in contract.document["components"]["schemas"].items():
        for part in (schema, *schema.get("allOf", ())):
            yield from (f"{title}.{field}" for field in part.get("properties", {}))


def matches(place, pattern):
    return fnmatchcase(place.replace("[", "("), pattern.replace("[", "("))


@pytest.mark.parametrize("place", sorted(set(places())))
def test_each_place_of_the_contract_has_a_requirement(place):
    named = [r.id for r in REQUIREMENTS.values() if r.where == place]
    elsewhere = [pattern for pattern in ELSEWHERE if matches(place, pattern)]
    assert named or elsewhere, (
        f"{place}: no requirement names it; add one with `where: {place}` to "
        "contract_tests/laws/requirements.yaml, or say in covered_elsewhere.yaml what covers it"
    )


@pytest.mark.parametrize("pattern", ELSEWHERE)
def test_each_entry_of_covered_elsewhere_is_needed(pattern):
    assert ELSEWHERE[pattern]["reason"]
    assert ELSEWHERE[pattern]["requirement"] in REQUIREMENTS
    named = {r.where for r in REQUIREMENTS.values()}
    assert [p for p in places() if matches(p, pattern) and p not in named], (
        f"{pattern}: every place that it matches has a requirement, or is no longer in the "
        "contract; remove it from contract_tests/laws/covered_elsewhere.yaml"
    )


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_each_requirement_has_a_law(requirement):
    assert [law for law in LAWS.values() if requirement in law.requirements], (
        f"{requirement}: no law judges it; add `@law({requirement!r})` in contract_tests/laws/"
    )


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
def test_each_law_judges_known_requirements(law):
    unknown = set(law.requirements) - set(REQUIREMENTS)
    assert law.requirements, f"{law.name} judges nothing; name its requirements in `@law(…)`"
    assert not unknown, (
        f"{law.name} judges {sorted(unknown)}, which contract_tests/laws/requirements.yaml lacks"
    )


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
def test_each_law_has_a_planted_defect(law):
    planted = [d.name for d in CATALOGUE.values() if d.requirement in law.requirements]
    assert planted or law.name in NO_DEFECT, (
        f"{law.name}: no planted defect violates any of {law.requirements}; add one to "
        "mockserver/defects/catalogue/ that names one of them"
    )
    assert not (planted and law.name in NO_DEFECT), f"{law.name}: remove it from NO_DEFECT"


@pytest.mark.parametrize("defect", CATALOGUE.values(), ids=lambda defect: defect.name)
def test_each_planted_defect_names_a_requirement(defect):
    assert defect.requirement in REQUIREMENTS, (
        f"{defect.name} names {defect.requirement!r}; give an id of "
        "contract_tests/laws/requirements.yaml"
    )

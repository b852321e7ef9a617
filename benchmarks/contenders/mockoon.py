"""Mockoon: a data bucket behind a CRUD route, with rules for refused requests."""

import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.contender import Contender, Site
from benchmarks.contenders.dialect import Mockoon as MockoonDialect
from benchmarks.contenders.packages import Package
from benchmarks.dataset.dataset import Dataset

_BUCKET = "tkts"


class Mockoon(Contender):
    """`mockoon-cli start` with one environment file."""

    key = "mockoon"
    title = "Mockoon"
    setup = (
        "one data bucket of whole tickets behind a CRUD route, rules for 401 and 422; "
        "lists carry messages"
    )
    dialect = MockoonDialect()
    package = Package("@mockoon/cli", "9.9.0")

    def prepare(self, dataset: Dataset, folder: Path) -> None:
        (folder / "environment.json").write_text(json.dumps(_environment(dataset)))

    def command(self, site: Site) -> list[str]:
        program = self.installed(".bin/mockoon-cli")
        address = ["--hostname", "127.0.0.1", "--port", str(site.port)]
        options = ["--disable-log-to-file", "--disable-admin-api", "--repair"]
        data = ["--data", str(site.folder / "environment.json")]
        return ["node", program, "start", *data, *address, *options]


def _environment(dataset: Dataset) -> dict[str, Any]:
    route = {
        "uuid": "tickets",
        "type": "crud",
        "method": "",
        "endpoint": "api/tickets",
        "responses": [_crud(), _unauthenticated(), _invalid()],
    }
    tickets = json.dumps(dataset.details)
    bucket = {"uuid": "bucket", "id": _BUCKET, "name": "tickets", "value": tickets}
    return {
        "uuid": "benchmark",
        "lastMigration": 33,
        "name": "benchmark",
        "hostname": "127.0.0.1",
        "port": 3000,
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": "tickets"}],
        "cors": True,
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "data": [bucket],
    }


def _crud() -> dict[str, Any]:
    return _response(200, default=True, bodyType="DATABUCKET", databucketID=_BUCKET)


def _unauthenticated() -> dict[str, Any]:
    known = _rule("header", "Authorization", "regex", "^Bearer jane", invert=True)
    return _response(401, body='{"message": "Unauthenticated."}', rules=[known])


def _invalid() -> dict[str, Any]:
    given = _rule("body", "status", "null", "", invert=True)
    unknown = _rule("body", "status", "regex", "^(open|closed|spam)$", invert=True)
    body = '{"message": "The selected status is invalid."}'
    return _response(422, body=body, rules=[given, unknown], rulesOperator="AND")


def _rule(target: str, name: str, operator: str, value: str, *, invert: bool) -> dict[str, Any]:
    what = {"target": target, "modifier": name, "value": value}
    return what | {"operator": operator, "invert": invert}


def _response(status: int, **fields: Any) -> dict[str, Any]:
    names = {
        "uuid": str(status),
        "statusCode": status,
        "body": "{}",
        "bodyType": "INLINE",
        "headers": [],
        "rules": [],
        "rulesOperator": "OR",
        "default": False,
        "crudKey": "id",
    }
    return names | fields

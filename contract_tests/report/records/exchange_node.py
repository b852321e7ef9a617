"""An exchange as the record has it: masked, with the command that repeats the request."""

import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from contract_tests.adaptations.requests.header import WITHOUT
from contract_tests.client.http.credentials import CREDENTIALS
from contract_tests.observations.exchange import RARE, Exchange, Who
from contract_tests.report.masking.data_mask import DataMask
from contract_tests.report.records.setting import Setting

Node = dict[str, Any]


def exchange_node(exchange: Exchange, setting: Setting) -> Node:
    request, mask = exchange.sent or exchange.request, setting.mask
    return {
        "number": exchange.number,
        "phase": exchange.phase,
        "purpose": mask.text(request.purpose),
        "method": request.method,
        "target": mask.target(request.target),
        "token": request.who,
        "request_body": None if request.body is None else mask.body(request.body),
        "status": exchange.status,
        "headers": [
            [mask.text(name), mask.header(name, value)] for name, value in exchange.headers
        ],
        "body": mask.response(exchange),
        "started": datetime.fromtimestamp(exchange.started, UTC).isoformat(timespec="milliseconds"),
        "milliseconds": round(exchange.elapsed * 1000, 1),
        "notes": [mask.text(note) for note in exchange.notes],
        "curl": curl(exchange, setting),
        **{name: value for name in RARE if (value := getattr(exchange, name))},
        **_adapted(exchange, mask),
    }


def _adapted(exchange: Exchange, mask: DataMask) -> Node:
    """Return what an exchange went through, and the documented form of its request."""
    if not exchange.through:
        return {}
    request = exchange.request
    found: Node = {"through": list(exchange.through)}
    if exchange.sent is not None:
        documented = replace(request, spelling="")
        body = None if request.body is None else mask.body(request.body)
        found["documented"] = {
            "method": request.method,
            "target": mask.target(documented.target),
            "request_body": body,
        }
    return found


def curl(exchange: Exchange, setting: Setting) -> str:
    """Return a request as a shell command; tokens and values of headers stand as variables."""
    base_url, mask = setting.base_url, setting.mask
    request = exchange.sent or exchange.request
    parts = ["curl", "-g"]
    if request.method == "HEAD":
        parts.append("-I")
    elif request.method != "GET":
        parts += ["-X", request.method]
    parts.append(shlex.quote(base_url + mask.target(request.target)))
    parts += _credentials(request.who)
    parts += ["-H", "'Accept: application/json'"]
    if request.purpose != WITHOUT:
        parts += [f'-H "{name}: ${_variable(name)}"' for name in setting.headers]
    if request.body is not None:
        body = mask.body(request.body)
        parts += ["-H", f"'Content-Type: {request.content_type}'", "-d", shlex.quote(body)]
    return " ".join(parts)


def _credentials(who: Who) -> list[str]:
    """Return the options of curl that send the credentials of `who`."""
    if who == "cookie":
        return ["-H", '"Cookie: $CONTRACT_COOKIE"']
    scheme, shell = CREDENTIALS[who].scheme, CREDENTIALS[who].shell
    return [] if scheme is None else ["-H", f'"Authorization: {scheme}{shell}"']


def _variable(header: str) -> str:
    return re.sub(r"\W", "_", header).upper()

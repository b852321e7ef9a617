"""`python -m tests.fuzz`: send odd requests to a mock; exit 1 on a 5xx, a hang or a traceback."""

import argparse
import sys

from tests.fuzz.run import FuzzResult, fuzz


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="random seed; default: 0")
    parser.add_argument("--requests", type=int, default=5_000, help="default: 5000")
    options = parser.parse_args()
    result = fuzz(options.seed, options.requests, lambda sent: _tell(sent, options.requests))
    print("\n".join(_lines(result)))
    return 0 if result.sound else 1


def _tell(sent: int, number: int) -> None:
    if sent % 500 == 0:
        print(f"{sent} of {number} requests", file=sys.stderr, flush=True)


def _lines(result: FuzzResult) -> list[str]:
    before, after = result.memory
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(result.statuses.items()))
    shown = [f"5xx: {request[:300]!r}" for request in result.server_errors[:10]]
    shown += [f"hangs: {request[:300]!r}" for request in result.hangs[:10]]
    return [
        f"requests: {result.requests}",
        f"responses by status: {statuses}",
        (
            f"5xx: {len(result.server_errors)}, hangs: {len(result.hangs)},"
            f" tracebacks: {result.tracebacks}"
        ),
        f"memory: {before:.0f} MB before, {after:.0f} MB after",
        *shown,
        result.log if result.tracebacks else "",
    ]


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.hostile [WORDS]`: the table of all ways, or of those that WORDS name."""

import sys

from tests.hostile.check import check
from tests.hostile.ways import WAYS


def main(words: list[str]) -> int:
    """Print a line for each way; return 1 if one is not as expected."""
    wrong, largest, longest = 0, 0.0, 0.0
    chosen = [way for way in WAYS.values() if all(word in way.name for word in words)]
    print("| way | exit | message | peak MB | seconds |\n|---|---|---|---|---|")
    for way in chosen:
        ended = check(way)
        faults = ended.faults(way)
        wrong += bool(faults)
        largest, longest = max(largest, ended.megabytes), max(longest, ended.seconds)
        message = "; ".join(faults) and f"WRONG: {'; '.join(faults)} ({ended.message})"
        cells = [way.name, ended.code, message or ended.message]
        print(
            "|", *[f"{cell} |" for cell in cells], f"{ended.megabytes:.0f} | {ended.seconds:.2f} |"
        )
    print(f"{len(chosen)} ways, {wrong} wrong; at most {largest:.0f} MB and {longest:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make years`: a year each of ten thousand made-up people; the figures go to var/years.json.

.venv/bin/python -m tests.years [--people 10000] [--seed 1] [--workers 2]

Every broken promise is printed with the seed of its person, who can be looked at alone with `--only SEED`.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.years.figures import Figures, run
from tests.years.year import live

FILE = Path("var/years.json")


def write(found: Figures, file: Path = FILE) -> None:
    """Keep the figures as JSON."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(found.as_data(), indent=2) + "\n")


def main() -> int:
    """0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.years", description="Years of made-up people.")
    parser.add_argument("--people", type=int, default=10_000, help="how many; 10000")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn; 1")
    parser.add_argument("--workers", type=int, default=2, help="processes; 2")
    parser.add_argument("--only", metavar="SEED", help="the year of one person, with all that happened")
    given = parser.parse_args()
    if given.only:
        lived = live(given.only)
        print(*lived.journal, *lived.broken, sep="\n")
        return len(lived.broken) > 0
    found = run(given.people, given.seed, given.workers)
    print(found, FILE, sep="\n")
    write(found)
    return found.broken > 0


if __name__ == "__main__":
    sys.exit(main())

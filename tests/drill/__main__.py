"""`make drill`: every fault with many cries; prints the figures and writes them to var/drill.json.

.venv/bin/python -m tests.drill [cries for each fault] [fault ...]
"""

import asyncio
import sys
from pathlib import Path

from tests.drill.faults import FAULTS, drill
from tests.drill.figures import MEASURED, write

CRIES = 500
FILE = Path("var/drill.json")


async def main(count: int, names: list[str]) -> int:
    """How many cries were not answered, in all."""
    print(f"Measured: {MEASURED}.")
    found = []
    for name in names:
        found.append(await drill(name, count))
        print(found[-1], flush=True)
    write(found, FILE)
    return sum(one.missing for one in found)


if __name__ == "__main__":
    words = sys.argv[1:]
    many = int(words.pop(0)) if words and words[0].isdigit() else CRIES
    sys.exit(1 if asyncio.run(main(many, words or list(FAULTS))) else 0)

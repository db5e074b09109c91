"""`make chaos`: every trouble in full; prints what was counted and writes it to var/chaos.json.

.venv/bin/python -m tests.chaos [--short] [seed] [trouble ...]

A seed repeats the same decisions, not the same moments: processes are killed in real time.
"""

import asyncio
import random
import sys
import tempfile
import traceback
from collections.abc import Collection
from pathlib import Path

from bot import log
from tests.chaos.figures import Figures, write
from tests.chaos.troubles import TROUBLES, Trouble

FILE = Path("var/chaos.json")


async def main(seed: int, names: Collection[str], *, full: bool) -> int:
    """How many troubles ended otherwise than they should."""
    found: list[Figures] = []
    for trouble in TROUBLES:
        if trouble.name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="evenkeel-chaos-") as folder:
            found.append(await _befall(trouble, Path(folder) / "yard", seed, full=full))
        print(found[-1], flush=True)
        write(found, FILE)
    return sum(bool(one.wrong) for one in found)


async def _befall(trouble: Trouble, folder: Path, seed: int, *, full: bool) -> Figures:
    """One that breaks off is no reason to leave out the others."""
    try:
        return await trouble.befall(folder, seed, full=full)
    except Exception as error:
        traceback.print_exc()
        return Figures(trouble.name, trouble.engine, seed, {}, [f"broke off: {error!r}"])


if __name__ == "__main__":
    log.configure()
    words = sys.argv[1:]
    short = "--short" in words
    numbers = [int(word) for word in words if word.isdigit()]
    chosen = {word for word in words if not word.isdigit() and word != "--short"}
    known = {trouble.name for trouble in TROUBLES}
    if unknown := chosen - known:
        sys.exit(f"no trouble: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    wanted = chosen or known
    sys.exit(
        1
        if asyncio.run(main(numbers[0] if numbers else random.randrange(10**6), wanted, full=not short))
        else 0
    )

"""`make bench`: Evenkeel's speed beside its peers; prints the figures and writes them to var/bench.json.

.venv/bin/python -m tests.bench [--rounds 3] [--people 10000] [measurement ...]
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.clock import SystemClock
from tests.bench import answers, herd, idle, jobqueue, jobstore, kill, large, moving, paced, senders, taps
from tests.bench.figures import Figure, table, write
from tests.bench.scale import Scale

FILE = Path("var/bench.json")

MEASUREMENTS: dict[str, Callable[[Scale], Awaitable[list[Figure]]]] = {
    "herd": herd.measure,
    "large": large.measure,
    "jobqueue": jobqueue.measure,
    "jobstore": jobstore.measure,
    "idle": idle.measure,
    "paced": paced.measure,
    "answers": answers.measure,
    "taps": taps.measure,
    "kill": kill.measure,
    "senders": senders.measure,
    "import": moving.measure,
}


@dataclass(slots=True)
class Run:
    """What was found, and which measurements broke."""

    figures: list[Figure] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


async def measure(names: Sequence[str], rounds: int, people: int, file: Path = FILE) -> Run:
    """Measure these, and write down after each what was found so far. One that breaks ends no other."""
    run, began = Run(), time.monotonic()
    for name in names:
        try:
            with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
                found = await MEASUREMENTS[name](Scale(Path(folder), rounds, people))
        except Exception:
            traceback.print_exc()
            run.broken.append(name)
            continue
        run.figures += found
        seconds = round(time.monotonic() - began)
        print(f"{name}, after {seconds} s\n{table(found)}\n", flush=True)
        write(
            found, file, at=SystemClock().now().isoformat(timespec="minutes"), people=people, of_rounds=rounds
        )
    broken = f"broken: {', '.join(run.broken)}" if run.broken else "nothing broke"
    print(table(run.figures), broken, file, sep="\n")
    return run


def main() -> int:
    """Read the command line, and measure; how many measurements broke. A missed goal breaks nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Speed beside the peers.")
    parser.add_argument("names", nargs="*", metavar="measurement", help=", ".join(MEASUREMENTS))
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many; 3")
    parser.add_argument("--people", type=int, default=10_000, help="the size of the herd; 10000")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in MEASUREMENTS]:
        parser.error(f"no measurement: {', '.join(unknown)}")
    run = asyncio.run(measure(given.names or list(MEASUREMENTS), given.rounds, given.people))
    return len(run.broken)


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: Evenkeel's speed beside its peers; prints the figures and writes them to var/bench.json.

.venv/bin/python -m tests.bench [--rounds 3] [--people 10000] [measurement ...]
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.bench import answers, herd, idle, jobqueue, jobstore, kill, large, paced, senders, taps
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
}


async def measure(names: Sequence[str], rounds: int, people: int, file: Path = FILE) -> list[Figure]:
    """Measure these, print each as it is found and all of them at the end, and write them down."""
    figures: list[Figure] = []
    began = time.monotonic()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
            found = await MEASUREMENTS[name](Scale(Path(folder), rounds, people))
        figures += found
        print(f"{name}, after {time.monotonic() - began:.0f} s\n{table(found)}\n", flush=True)
    seconds = round(time.monotonic() - began)
    write(figures, file, people=people, rounds=rounds, seconds=seconds)
    print(f"{table(figures)}\n{seconds} s; {file}")
    return figures


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Speed beside the peers.")
    parser.add_argument("names", nargs="*", metavar="measurement", help=", ".join(MEASUREMENTS))
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many; 3")
    parser.add_argument("--people", type=int, default=10_000, help="the size of the herd; 10000")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in MEASUREMENTS]:
        parser.error(f"no measurement: {', '.join(unknown)}")
    asyncio.run(measure(given.names or list(MEASUREMENTS), given.rounds, given.people))


if __name__ == "__main__":
    main()

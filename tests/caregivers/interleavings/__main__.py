"""The full form: `make consents`. Prints what was played and looked at."""

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.caregivers.interleavings.play import play, play_share
from tests.caregivers.interleavings.tally import Tally

CASES, PROCESSES = 100_000, 2


def main() -> None:
    """Play until enough cases were looked at, in some processes at once; fail at the first that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.caregivers.interleavings")
    parser.add_argument("cases", type=int, nargs="?", default=CASES)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--postgresql", action="store_true", help="on a real server, in this process alone")
    wished = parser.parse_args()
    if wished.postgresql:
        print(f"all: {play(cases=wished.cases, report=print, on_server=True)}")
        return
    began, share = time.monotonic(), -(-wished.cases // wished.processes)
    with ProcessPoolExecutor(wished.processes, mp_context=get_context("spawn")) as pool:
        shares = [pool.submit(play_share, number, share) for number in range(1, wished.processes + 1)]
        total = sum((done.result() for done in as_completed(shares)), Tally())
    seconds, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime
    print(
        f"all: {total}; {seconds:,.0f} s, {total.cases / seconds:.1f} cases/s, {busy:,.0f} s of a core",
        flush=True,
    )


if __name__ == "__main__":
    main()

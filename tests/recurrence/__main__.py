"""`make bench-detector`: the table of figures of the recurrence patterns, on made-up people."""

import sys
import time

from tests.recurrence.figures import WATCH_DAYS, table

PEOPLE = 2000


def main() -> int:
    began = time.perf_counter()
    figures = []
    for figure in table(PEOPLE):
        print(figure, flush=True)
        figures.append(figure)
    print(f"\n{time.perf_counter() - began:.0f} s, {PEOPLE} people of {WATCH_DAYS} days and more")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

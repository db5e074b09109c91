"""The full form: `make consents`. Prints what was played and looked at."""

import sys

from tests.caregivers.interleavings.play import play

CASES = 100_000


def main() -> None:
    """Play until enough cases were looked at; fail at the first that is wrong."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    play(cases=wanted, report=lambda tally: print(tally, flush=True))


if __name__ == "__main__":
    main()

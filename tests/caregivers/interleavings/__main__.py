"""The full form: `make consents`. Prints what was played and looked at."""

import os
import sys

from tests.caregivers.interleavings.play import play


def main() -> None:
    """Play until enough cases were looked at; fail at the first that is wrong."""
    wanted = int(os.environ.get("EVENKEEL_CONSENTS", "100000"))
    print(play(cases=wanted, report=lambda tally: print(tally, file=sys.stderr, flush=True)))


if __name__ == "__main__":
    main()

"""The result of `make mutants`, and whether it is good enough. Run as `python -m tests.mutants`."""

import json
import sys
from pathlib import Path

LEAST_KILLED = 0.90
_FIGURES = Path("mutants/mutmut-cicd-stats.json")


def main() -> int:
    """Print the count; 1 when too few mutants are killed. One that never ends is not counted as killed."""
    figures = json.loads(_FIGURES.read_text(encoding="utf-8"))
    total, killed = figures["total"], figures["killed"]
    share = killed / total if total else 0.0
    print(
        f"{total} mutants: {killed} killed ({share:.1%}, wanted at least {LEAST_KILLED:.0%}), "
        f"{figures['survived']} survived, {figures['timeout']} timed out, "
        f"{total - killed - figures['survived'] - figures['timeout']} otherwise"
    )
    return 0 if share >= LEAST_KILLED else 1


if __name__ == "__main__":
    sys.exit(main())

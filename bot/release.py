"""`make release-check`: may the helplines as they stand be shipped today? Ends with 1 when they may not."""

import sys
from datetime import date

import typer

from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.lines.standing import faults, ways
from scheduler.clock import SystemClock


def check(today: date) -> bool:
    """Print how the shipped lines were verified, and what is wrong with them. True when nothing is."""
    helplines = shipped_helplines()
    verified = ", ".join(f"{count} {way}" for way, count in ways(helplines).items())
    typer.echo(f"{len(helplines.codes)} countries. Lines by how they were verified: {verified}.")
    found = faults(helplines, today)
    for fault in found:
        typer.echo(f"LOOK  {fault}")
    typer.echo(f"{len(found)} to mend before a release." if found else "Fit for a release.")
    return not found


if __name__ == "__main__":
    sys.exit(0 if check(SystemClock().now().date()) else 1)

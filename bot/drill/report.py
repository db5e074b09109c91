"""What a drill found. It holds the drill's own words and no fact about anybody."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One scene. Milliseconds from the update in hand to the request given to the network, and to its end.

    `wrong` says what is wrong with the card, in a few words each.
    """

    name: str
    said: str
    tier: str
    handed_ms: float | None
    accepted_ms: float | None
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All scenes of one drill."""

    results: tuple[Result, ...]

    @property
    def well(self) -> bool:
        """True when every card came and was right."""
        return bool(self.results) and not self.failed

    @property
    def failed(self) -> tuple[Result, ...]:
        """The scenes in which something was wrong."""
        return tuple(result for result in self.results if result.wrong)

    def slowest(self) -> tuple[float, float]:
        """The longest times of all, in milliseconds: to the network, to acceptance."""
        handed = max((each.handed_ms or 0.0 for each in self.results), default=0.0)
        return handed, max((each.accepted_ms or 0.0 for each in self.results), default=0.0)


def as_data(report: Report) -> dict[str, Any]:
    """The report for JSON."""
    return {"well": report.well, "results": [asdict(result) for result in report.results]}


def from_data(data: dict[str, Any]) -> Report:
    """The report that `as_data` wrote. Raises KeyError or TypeError for anything else."""
    return Report(tuple(Result(**{**each, "wrong": tuple(each["wrong"])}) for each in data["results"]))


def as_table(report: Report) -> str:
    """The report for a terminal."""
    head = ("scene", "said", "tier", "to network", "accepted", "card")
    rows = [head, *(_row(result) for result in report.results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(result: Result) -> tuple[str, ...]:
    times = (_ms(result.handed_ms), _ms(result.accepted_ms))
    return (result.name, result.said, result.tier, *times, "; ".join(result.wrong) or "right")


def _ms(time: float | None) -> str:
    return "–" if time is None else f"{time:.1f} ms"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

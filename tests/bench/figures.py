"""What was measured, beside what it should be: a table for the eye, and JSON."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.gauge import Reading


class Side(StrEnum):
    """On which side of its goal a figure should lie."""

    LEAST = "≥"
    MOST = "≤"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for a figure."""

    side: Side
    bound: float

    def holds(self, value: float) -> bool:
        """True on the right side."""
        return value >= self.bound if self.side is Side.LEAST else value <= self.bound


def at_least(bound: float) -> Goal:
    """The more, the better."""
    return Goal(Side.LEAST, bound)


def at_most(bound: float) -> Goal:
    """The less, the better."""
    return Goal(Side.MOST, bound)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, the values of the rounds, and what it should be, if anything.

    `unit` is "×" for a ratio. `cpu_ms` is the CPU time of the measured process for each message, `stall_ms`
    the longest time for which its loop stood; None where that says nothing.
    """

    name: str
    rounds: Sequence[float]
    unit: str = "×"
    goal: Goal | None = None
    cpu_ms: float | None = None
    stall_ms: float | None = None
    note: str = ""
    worst: bool = False

    @property
    def value(self) -> float:
        """The median of the rounds, or with `worst` the largest."""
        return max(self.rounds) if self.worst else median(self.rounds)

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        return None if self.goal is None else self.goal.holds(self.value)


def of_readings(
    name: str,
    rounds: Sequence[float],
    readings: Sequence[Reading],
    *,
    unit: str = "×",
    goal: Goal | None = None,
    note: str = "",
) -> Figure:
    """A figure with the CPU time (median) and the longest stall (of all rounds) of what was measured."""
    cpu = median(reading.cpu_ms for reading in readings)
    stall = max(reading.stall_ms for reading in readings)
    return Figure(name, rounds, unit, goal, cpu, stall, note)


def lost(name: str, rounds: Sequence[float], note: str = "") -> Figure:
    """How many were lost: none may be in any round."""
    return Figure(name, rounds, "", at_most(0), note=note, worst=True)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours ÷ theirs, round by round: what slows the machine down for a while slows both."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def rates(readings: Sequence[Reading]) -> list[float]:
    """Messages a second of each round."""
    return [reading.rate for reading in readings]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value within which this share of them lies; infinite where there is none."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * share) - 1] if ordered else math.inf


def table(figures: Sequence[Figure]) -> str:
    """Every figure on a line, with its goal and whether that is reached."""
    head = ("figure", "value", "goal", "", "CPU ms/msg", "stall ms", "rounds", "note")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    missed = sum(figure.holds is False for figure in figures)
    held = sum(figure.holds is True for figure in figures)
    return "\n".join([*lines, "", f"goals reached: {held}, missed: {missed}"])


def _row(figure: Figure) -> tuple[str, ...]:
    goal = f"{figure.goal.side} {_number(figure.goal.bound)}" if figure.goal else ""
    verdict = {True: "ok", False: "MISSED", None: ""}[figure.holds]
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        goal,
        verdict,
        _number(figure.cpu_ms),
        _number(figure.stall_ms),
        " ".join(_number(value) for value in figure.rounds),
        figure.note,
    )


def _number(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    whole = not math.isfinite(value) or abs(value) >= 100 or value == int(value)
    return f"{value:,.0f}" if whole else f"{value:.3g}"


def _plain(figure: Figure, about: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: what never came has no value."""
    rounds = [value if math.isfinite(value) else None for value in figure.rounds]
    value = figure.value if math.isfinite(figure.value) else None
    return {**asdict(figure), "rounds": rounds, "value": value, "holds": figure.holds, **about}


def write(figures: Sequence[Figure], file: Path, **about: Any) -> None:
    """The figures as JSON, each with `about` its run; what was measured on this machine before stays."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, "
    machine += f"Python {platform.python_version()}"
    before = _read(file, machine)
    found = before | {figure.name: _plain(figure, about) for figure in figures}
    content = {"machine": machine, "figures": list(found.values())}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _read(file: Path, machine: str) -> dict[str, dict[str, Any]]:
    """What the file holds, by name; nothing of another machine."""
    if not file.is_file():
        return {}
    content = json.loads(file.read_text("utf-8"))
    return {figure["name"]: figure for figure in content["figures"]} if content["machine"] == machine else {}

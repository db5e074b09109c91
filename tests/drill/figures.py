"""What a drill measured, in words and as JSON."""

import json
import math
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MEASURED = (
    "from the moment the stand-in handed the update to the bot (its reply to getUpdates was ready) to the "
    "moment the request with the card had arrived at the stand-in. That is an upper bound of the time from "
    "the update received to the request handed to the network"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One fault. Milliseconds; None where nothing was measured. `note` says how it was done."""

    fault: str
    n: int
    missing: int
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None
    note: str = ""

    def __str__(self) -> str:
        times = f"p50 {self.p50_ms} p99 {self.p99_ms} max {self.max_ms} ms"
        return f"{self.fault:32} n {self.n}  missing {self.missing}  {times}  {self.note}"


def figures(fault: str, answers: Sequence[float | None], note: str = "") -> Figures:
    """The figures of one fault from its answers; a missing one counts as such and has no time."""
    times = sorted(answer for answer in answers if answer is not None)
    p50, p99, most = (_quantile(times, share) for share in (0.5, 0.99, 1.0))
    return Figures(fault, len(answers), len(answers) - len(times), p50, p99, most, note)


def write(all_of_them: Sequence[Figures], file: Path) -> None:
    """The figures as JSON, with what was measured and on what."""
    table = {
        "measured": MEASURED,
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "faults": [asdict(one) for one in all_of_them],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _quantile(times: Sequence[float], share: float) -> float | None:
    """The smallest of the sorted times within which this share of them lies."""
    return round(times[math.ceil(len(times) * share) - 1], 1) if times else None

"""What a run found, as a line of the table and as JSON."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """One trouble on one engine. `counts` are what was counted or measured; `wrong` says what must not be."""

    trouble: str
    engine: str
    seed: int
    counts: dict[str, Any]
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.counts.items())
        verdict = "ok  " if not self.wrong else "LOOK"
        ends = f"  !! {'; '.join(self.wrong)}" if self.wrong else ""
        return f"{verdict}  {self.trouble:34} {self.engine:10} seed {self.seed:<6}  {counts}{ends}"


def check(**broken: bool) -> list[str]:
    """The names of what is true and must not be, as words."""
    return [name.replace("_", " ") for name, is_broken in broken.items() if is_broken]


def write(found: Sequence[Figures], file: Path) -> None:
    """The figures as JSON, with the machine; earlier ones stay, by trouble, engine and seed."""
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    before = json.loads(file.read_text("utf-8"))["runs"] if file.is_file() else []
    after = [asdict(one) | {"machine": machine} for one in found]
    runs = {(run["trouble"], run["engine"], run["seed"]): run for run in (*before, *after)}
    table = {"runs": list(runs.values())}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")

"""What was played and looked at."""

from dataclasses import dataclass, fields


@dataclass
class Tally:
    """Counts of one play. A case is an interleaving; a decision is about a letter, at claim or gate."""

    cases: int = 0
    steps: int = 0
    letters: int = 0
    claimed: int = 0
    withheld_at_claim: int = 0
    passed_gate: int = 0
    withheld_at_gate: int = 0
    sends: int = 0
    bonds: int = 0
    leavings: int = 0
    dead_links: int = 0
    crashes: int = 0
    restores: int = 0

    @property
    def decisions(self) -> int:
        """How often somebody had to say whether a letter may leave."""
        return self.claimed + self.withheld_at_claim + self.passed_gate + self.withheld_at_gate

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __str__(self) -> str:
        counts = (f"{each.name.replace('_', ' ')}: {getattr(self, each.name):,}" for each in fields(self))
        return ", ".join((*counts, f"decisions: {self.decisions:,}"))

"""What is known of a person's days. Missing is missing: nothing is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

HIGHEST: Final = 10.0


@dataclass(frozen=True, slots=True)
class Doses:
    """The doses of one day: due, of those answered in any way, of those taken.

    `missed` are those that were asked for until their window ended, without an answer.
    """

    due: int
    answered: int
    taken: int
    missed: int = 0

    @property
    def none_taken(self) -> bool:
        """A missed day: something is known of its doses, and none was taken."""
        return self.answered + self.missed > 0 and self.taken == 0


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. Items run 0..10, higher is heavier; `energy` and `sleep` are reversed already.

    `doses` is None where nothing is known of any. `dose_changed`: a medicine or a dose changed on this day.
    `phq` is the sum of a PHQ-8 or PHQ-9. `helped`: the person's word that the dose of this day has helped for
    three weeks or more.
    """

    date: date
    down: float | None = None
    interest: float | None = None
    restless: float | None = None
    doses: Doses | None = None
    dose_changed: bool = False
    phq: int | None = None
    heavy: float | None = None
    helped: bool = False

    @property
    def core(self) -> float | None:
        """The core score: the mean of down and interest, or the one tap of the short form."""
        if self.down is not None and self.interest is not None:
            return (self.down + self.interest) / 2
        return self.heavy


@dataclass(frozen=True, slots=True)
class Declared:
    """What the person says of their dose and their usual time.

    `helped`: this dose helped for three weeks or more. `stable_since`: unchanged since that day, from before
    the record. `usual_from`: the baseline is to be taken anew from that day on. `usual_chosen`: the days from
    then on were called usual as a whole, so that no part of them stands for the rest.
    """

    helped: bool = False
    stable_since: date | None = None
    usual_from: date | None = None
    usual_chosen: bool = False


Days = Sequence[Day]

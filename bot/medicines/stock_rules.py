"""Until when a medicine lasts, and when to say that it runs out. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from scheduler.localtime import MIDNIGHT, instant
from scheduler.plans import Course, Plan, place, planned
from scheduler.timing import UNBOUNDED, AsNeeded, Bounds, Planned

MOST = Decimal(10_000)
LONGEST_LEAD = 90
OFFERED_LEAD = (3, 5, 7, 10, 14, 21)
TELLS_AT = time(10)
_THOUSANDTH = Decimal("0.001")
_LOOK_AHEAD = timedelta(days=3 * 366)


def read_number(text: str, *, least: Decimal = Decimal(0)) -> Decimal | None:
    """A typed number such as "28", "3.5", "3,5" or "½", to three decimals; None for anything else."""
    plain = text.strip().replace(",", ".").replace("½", ".5").replace("¼", ".25").replace("¾", ".75")
    if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    exact = number == number.quantize(_THOUSANDTH) if number <= MOST else False
    return number if exact and number >= least else None


@dataclass(frozen=True, slots=True)
class Takes:
    """What a dose takes of what is left: `usual`, or in a plan so much for each amount of each step."""

    usual: Decimal
    by_step: Sequence[Sequence[Decimal]] = ()

    def of(self, step: int | None, turn: int | None) -> Decimal:
        """What a dose of this step takes; `turn` is the place of its amount among those that take turns."""
        return self.usual if step is None else self.by_step[step][turn or 0]


def run_out(
    course: Course,
    zone: ZoneInfo,
    left: Decimal,
    takes: Takes,
    now: datetime,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> date | None:
    """The own day of the first dose after `now` (aware) for which there is not enough.

    What is taken as needed is reckoned at its daily maximum. None when all doses of three years are covered.
    """
    if isinstance(course, AsNeeded):
        covered = int(left // takes.usual)
        return (now + timedelta(days=covered // course.daily_maximum)).astimezone(zone).date()
    ahead = planned(course, zone, after=now, until=now + _LOOK_AHEAD, day_ends=day_ends, bounds=bounds)
    for dose, (step, turn) in _placed(course, zone, ahead, day_ends):
        needed = takes.of(step, turn)
        if needed > left:
            return dose.slot.day
        left -= needed
    return None


def _placed(
    course: Course, zone: ZoneInfo, doses: Iterable[Planned], day_ends: time
) -> Iterator[tuple[Planned, tuple[int | None, int | None]]]:
    """Doses that follow each other, with the step and the turn of each; looked up once for each step."""
    turns: dict[int, int] = {}
    for dose in doses:
        step = course.step_on(dose.slot.day) if isinstance(course, Plan) else None
        if not isinstance(course, Plan) or step is None:
            yield dose, (None, None)
            continue
        if step in turns:
            turns[step] += 1
        else:
            turns[step] = place(course, zone, dose, day_ends=day_ends)[1] or 0
        yield dose, (step, turns[step] % course.steps[step].turns)


def tells_at(runs_out: date, lead_days: int, zone: ZoneInfo) -> datetime | None:
    """When to say it: in the morning, so many days before; None on a day that never was."""
    return instant(runs_out - timedelta(days=lead_days), TELLS_AT, zone)


def is_news(runs_out: date, told_for: date | None) -> bool:
    """Whether somebody who heard of one run-out date is to hear of this one: only when it comes earlier."""
    return told_for is None or runs_out < told_for

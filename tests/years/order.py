"""What people do about the order of their days, drawn: doses moved, plans, medicines as needed, own days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from bot.medicines.plan_rules import SaidPlan, SaidStep
from bot.medicines.rules import weekend_timing
from scheduler.timing import AsNeeded, Daily, EveryNDays, Interval, Timing, Weekly
from tests.years import deeds
from tests.years.deeds import Deed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_AMOUNTS = ("10 mg", "20 mg", "15 mg")
_TIMES = (time(1, 30), time(7), time(8), time(12), time(20), time(22, 30), time(23, 59))
_DAY_ENDS = (time(3), time(4), time(5, 30))
_QUIET = (None, (time(22), time(7)), (time(23, 30), time(6)), (time(13), time(15)))
Happening = tuple[datetime, Deed]


def kept(
    chance: Random, begins: datetime, ends: datetime, medicines: int, per_year: float
) -> list[Happening]:
    """All of it in a span. `medicines`: how many there are; one as needed may come to them."""
    spans = _Span(chance, begins, ends, per_year)
    found = [*_days(spans), *_as_needed(spans, medicines + 1)]
    found += _plans(spans, chance.randint(1, medicines))
    found += [(at, deeds.ShiftDay(chance.choice((1, 2, -1)))) for at in spans.some(12)]
    found += [(at, deeds.KeepQuiet(chance.choice(_QUIET))) for at in spans.some(3)]
    for at in spans.some(1):
        weekend = weekend_timing((chance.choice(_TIMES),), (time(10),))
        found.append((at, deeds.ChangeTimes(chance.randint(1, medicines), weekend)))
    return [(at.replace(microsecond=0), deed) for at, deed in found]


class _Span:
    """A time in which things happen, so many a year."""

    def __init__(self, chance: Random, begins: datetime, ends: datetime, per_year: float) -> None:
        self.chance, self.begins, self.ends, self.per_year = chance, begins, ends, per_year

    def at(self) -> datetime:
        length = (self.ends - self.begins).total_seconds()
        return self.begins + HOUR + timedelta(seconds=self.chance.randrange(int(length)))

    def some(self, most: float) -> list[datetime]:
        """From none to so many a year."""
        return [self.at() for _ in range(int(self.chance.uniform(0, most * self.per_year) + 0.5))]


def _days(span: _Span) -> Iterator[Happening]:
    """Night shifts, for a while."""
    if span.chance.random() < 0.25:
        at = span.at()
        yield at, deeds.EndDaysAt(span.chance.choice(_DAY_ENDS))
        yield at + span.chance.uniform(1, 90) * DAY, deeds.EndDaysAt(time(0))


def _as_needed(span: _Span, number: int) -> Iterator[Happening]:
    chance = span.chance
    if chance.random() < 0.2:
        limits = AsNeeded(chance.choice((0, 4, 6)), chance.choice((1, 3, 4)))
        yield span.begins + HOUR / 2, deeds.Add(limits)
        for at in span.some(50):
            yield at, deeds.TakeAsNeeded(number, anyway=chance.random() < 0.1)
            if chance.random() < 0.3:
                yield at + chance.uniform(0.01, 5) * HOUR, deeds.TakeAsNeeded(number)


def _plans(span: _Span, number: int) -> Iterator[Happening]:
    """A taper or a titration, and what is done to it; a pause of it, and how it goes on."""
    chance = span.chance
    if chance.random() < 0.3:
        at = span.at()
        yield at, deeds.WritePlan(number, a_plan(chance, at))
        for _ in range(chance.randrange(4)):
            at += chance.uniform(10, 400) * HOUR
            push = deeds.PushBack(number, chance.randint(1, 14))
            yield at, chance.choice((push, push, deeds.StepBefore(number), deeds.EndPlan(number)))
        at += chance.uniform(1, 100) * HOUR
        yield at, deeds.Pause(number)
        at += chance.uniform(1, 200) * HOUR
        yield at, deeds.Resume(number)
        yield at + timedelta(minutes=2), deeds.GoOn(number, where=chance.random() < 0.5)


def a_plan(chance: Random, now: datetime) -> SaidPlan:
    """Steps from about now on, of every kind that a plan may have."""
    since = now.date() + chance.randrange(-3, 9) * DAY
    steps = []
    for _ in range(chance.randint(1, 5)):
        amounts = _AMOUNTS[: chance.choice((1, 1, 1, 2, 3))]
        steps.append(SaidStep(since, _of_step(chance, now, since), amounts))
        since += chance.randint(3, 21) * DAY
    return SaidPlan(tuple(steps), since if chance.random() < 0.4 else None)


def _of_step(chance: Random, now: datetime, since: date) -> Timing:
    at, other = chance.sample(_TIMES, 2)
    makers = (
        lambda: Daily((at,)),
        lambda: Daily((at, other)),
        lambda: EveryNDays(2, since, (at,)),
        lambda: Weekly(frozenset({0, 2, 4}), (at,)),
        lambda: weekend_timing((at,), (other,)),
        lambda: Interval(12, now.replace(minute=0, second=0, microsecond=0)),
    )
    return chance.choices(makers, (5, 3, 3, 2, 2, 1))[0]()

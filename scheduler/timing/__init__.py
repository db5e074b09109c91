"""When a dose is due: the kinds of timing, and the slots that each of them names.

A *timing* is the rule ("Mondays and Thursdays at 09:00"), a *slot* one local date and wall-clock time that
it names, *planned* a slot with the UTC instant at which it is due. Timings are values: they check themselves
when they are made, compare equal when they say the same, and know no clock.

This is the front door: `kinds` says what timings there are, `days` which dates they name, `planning` when
their doses are due, `data` how they are written down.
"""

from scheduler.timing.data import from_data, to_data
from scheduler.timing.kinds import (
    LONGEST_DAYS,
    LONGEST_GAP_HOURS,
    LONGEST_HOURS,
    LONGEST_WEEKS,
    MOST_TIMES_A_DAY,
    SHORTEST_HOURS,
    UNBOUNDED,
    AsNeeded,
    Bounds,
    CountedFrom,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    OnDays,
    PerWeekday,
    Planned,
    Slot,
    Timing,
    Weekly,
    of_week,
)
from scheduler.timing.planning import following, planned

__all__ = [
    "LONGEST_DAYS",
    "LONGEST_GAP_HOURS",
    "LONGEST_HOURS",
    "LONGEST_WEEKS",
    "MOST_TIMES_A_DAY",
    "SHORTEST_HOURS",
    "UNBOUNDED",
    "AsNeeded",
    "Bounds",
    "CountedFrom",
    "Cycle",
    "Daily",
    "EveryNDays",
    "EveryNWeeks",
    "Interval",
    "MonthDays",
    "OnDays",
    "PerWeekday",
    "Planned",
    "Slot",
    "Timing",
    "Weekly",
    "following",
    "from_data",
    "of_week",
    "planned",
    "to_data",
]

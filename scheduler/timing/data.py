"""Timings as data, for a JSON column."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from scheduler.timing.kinds import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    PerWeekday,
    Timing,
    Weekly,
)

_KINDS: Mapping[str, type[Timing]] = {
    "daily": Daily,
    "weekly": Weekly,
    "per_weekday": PerWeekday,
    "month_days": MonthDays,
    "every_n_days": EveryNDays,
    "every_n_weeks": EveryNWeeks,
    "cycle": Cycle,
    "interval": Interval,
    "as_needed": AsNeeded,
}
_KIND_OF = {kind: name for name, kind in _KINDS.items()}


def _write_times(times: Iterable[time]) -> list[str]:
    return [at.strftime("%H:%M") for at in times]


def _read_times(texts: Iterable[str]) -> tuple[time, ...]:
    return tuple(time.fromisoformat(text) for text in texts)


_WRITE: Mapping[str, Callable[[Any], object]] = {
    "times": _write_times,
    "week": lambda week: [_write_times(times) for times in week],
    "days": sorted,
    "start": date.isoformat,
    "anchor": datetime.isoformat,
    "waking": _write_times,
}
_READ: Mapping[str, Callable[[Any], object]] = {
    "times": _read_times,
    "week": lambda week: tuple(_read_times(texts) for texts in week),
    "days": frozenset,
    "start": date.fromisoformat,
    "anchor": datetime.fromisoformat,
    "waking": _read_times,
}


def to_data(timing: Timing) -> dict[str, object]:
    """The timing as JSON-ready data, such as {"kind": "daily", "times": ["08:00", "20:00"]}.

    What a timing does without is left out, so that one stored before it could have it looks the same.
    """
    data: dict[str, object] = {"kind": _KIND_OF[type(timing)]}
    for field in fields(timing):
        value = getattr(timing, field.name)
        if value is not None:
            data[field.name] = _WRITE[field.name](value) if field.name in _WRITE else value
    return data


def from_data(data: Mapping[str, object]) -> Timing:
    """The timing that `to_data` wrote; raises ValueError for an unknown kind or for parts that do not fit."""
    kind = _KINDS.get(str(data.get("kind")))
    if kind is None:
        raise ValueError("This is no kind of timing that we know.")
    try:
        values: dict[str, Any] = {
            name: _READ[name](value) if name in _READ else value
            for name, value in data.items()
            if name != "kind"
        }
        return kind(**values)
    except (TypeError, AttributeError) as error:
        raise ValueError("This timing is not complete, or one of its parts has the wrong type.") from error

"""Where a local date and wall-clock time become an instant, and back: the one bridge between the two.

Local times are what people live by; every other part of the house counts in UTC. A time that the clock
skips moves forward by the gap; a time that it shows twice means its first showing; a local day that never
was (Samoa, 2011-12-30) has no instants at all.

Somebody who works at night may have a day of their own that ends after midnight: with `day_ends` 04:00 their
Monday lasts until 04:00 on Tuesday, and (Monday, 01:00) is an hour after the midnight that follows Monday. A
day end is a wall-clock time from 00:00, the calendar's own, to 06:00.

Nothing here reads a clock: whoever asks says what time it is.
"""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import metadata, resources
from zoneinfo import ZoneInfo

_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})
MIDNIGHT = time(0, 0)
LATEST_DAY_END = time(6, 0)
_LAST_MINUTE = time(23, 59)
_LOOK_AHEAD = timedelta(days=400)
_QUARTER = timedelta(minutes=15)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class UnknownZone(ValueError):
    """The key names no time zone of the packaged data."""


def use_packaged_zones() -> None:
    """Read every zone from the tzdata package, never from the machine's own copy.

    Python prefers the machine's copy, which is as old as the machine: on one Debian, 13 zones were wrong by
    an hour. Zones that were already loaded are forgotten, so that nobody keeps an old one.
    """
    zoneinfo.reset_tzpath([])
    ZoneInfo.clear_cache()
    zone.cache_clear()


def tzdata_version() -> str:
    """The version of the packaged zone data, such as "2026.6"; times may move when it changes."""
    return metadata.version("tzdata")


@cache
def all_zones() -> frozenset[str]:
    """Every key that `zone` accepts: the IANA names, with the old ones that still work."""
    listed = (resources.files("tzdata") / "zones").read_text(encoding="ascii").split()
    return frozenset(listed) - _NOT_PLACES


@cache
def zone(key: str) -> ZoneInfo:
    """The zone of an IANA key, spelled exactly; raises UnknownZone for anything else.

    The key is looked up in the list before a file is opened: a path or a megabyte of text reaches no disk.
    """
    if key not in all_zones():
        raise UnknownZone(f"There is no time zone called {key[:40]!r}.")
    return ZoneInfo(key)


def instant(day: date, at: time, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> datetime | None:
    """The UTC instant of `at` on somebody's own `day`.

    None when the day of the calendar that shows it does not exist in `zone`.
    """
    return _instant(calendar_day(day, at, day_ends), at.replace(fold=0) if at.fold else at, zone)


def calendar_day(day: date, at: time, day_ends: time = MIDNIGHT) -> date:
    """The date on the calendar at `at` of somebody's own `day`: the next one before their day ends."""
    return day + _DAY if at < day_ends else day


def own_day(shown: date, at: time, day_ends: time = MIDNIGHT) -> date:
    """The own day of whoever sees the date `shown` and the time `at`; undoes `calendar_day`."""
    return shown - _DAY if at < day_ends else shown


@lru_cache(maxsize=4096)  # when thousands are woken in one minute, most of them ask for the same few
def _instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    # Only a time skipped across midnight lands on another day; that is rare, so the day is looked at late.
    if local_day(moment, zone) == day or day_exists(day, zone):
        return moment
    return None


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """What calendar and clock show in `zone` at an aware instant; `fold` is 1 in a second showing."""
    return instant.astimezone(zone)


def local_day(instant: datetime, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> date:
    """The local date at an aware instant: the calendar's, or somebody's own day when theirs ends later.

    An own day begins when the clock first shows the end of the one before; it does not end again when that
    hour is shown twice.
    """
    shown = instant.astimezone(zone)
    if shown.time() >= day_ends:
        return shown.date()
    begun = datetime.combine(shown.date(), day_ends, zone).astimezone(UTC)
    return shown.date() if begun <= instant else shown.date() - _DAY


def day_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the calendar in `zone` ever shows `day`."""
    edges = (datetime.combine(day, edge, zone).astimezone(UTC) for edge in (MIDNIGHT, _LAST_MINUTE))
    return any(local_day(edge, zone) == day for edge in edges)


def shift_at(day: date, at: time, zone: ZoneInfo) -> timedelta:
    """By how much the clock jumps over a wall time: positive when the time is skipped, negative when it shows
    twice, zero on every ordinary occasion."""
    before = datetime.combine(day, at.replace(fold=0), zone).utcoffset()
    after = datetime.combine(day, at.replace(fold=1), zone).utcoffset()
    return (after or timedelta()) - (before or timedelta())


def offset_at(zone: ZoneInfo, moment: datetime) -> timedelta:
    """How far the clock in `zone` is ahead of UTC at an aware instant."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def next_clock_change(zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant later than `after` (aware) at which the clock has jumped, in UTC.

    None when the clock runs evenly for the next 400 days. Steps of one day find the day of the jump: some
    zones jump twice in a month, none there and back within a day.
    """
    early = after.astimezone(UTC).replace(microsecond=0)  # clocks jump on whole seconds
    end = early + _LOOK_AHEAD
    usual = offset_at(zone, early)
    while early < end:
        late = early + _DAY
        if offset_at(zone, late) != usual:
            return _jump_between(zone, early, late)
        early = late
    return None


def _jump_between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The whole second of the one jump after `early` and not after `late`, by halving."""
    usual = offset_at(zone, early)
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if offset_at(zone, middle) == usual:
            early = middle
        else:
            late = middle
    return late


def clock_changes(zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """The instants in (after, until] at which the clock jumps, in order."""
    change = next_clock_change(zone, after)
    while change is not None and change <= until:
        yield change
        change = next_clock_change(zone, change)


def places() -> Iterator[str]:
    """The zones that stand for a place on the map ("Europe/Rome", not "EST" or "Etc/GMT+5"), in order."""
    return (key for key in sorted(all_zones()) if "/" in key and not key.startswith("Etc/"))


def places_at(offset: timedelta, now: datetime) -> tuple[str, ...]:
    """The places whose clock is `offset` ahead of UTC at `now` (aware)."""
    return tuple(key for key in places() if offset_at(zone(key), now) == offset)


def zones_showing(local: time, now: datetime) -> tuple[timedelta, ...]:
    """The UTC offsets for "my clock says `local`" at `now` (aware): none, one or two, the likelier one first.

    The answer is read to the nearest quarter of an hour, because people's clocks are a few minutes off and
    offsets are whole quarters. Two come back where the date line runs: the same time, a day apart. None comes
    back when no place on earth shows that time.
    """
    says = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    here = now.astimezone(UTC)
    shows = timedelta(hours=here.hour, minutes=here.minute, seconds=here.second)
    quarters = round((says - shows) / _QUARTER)
    candidates = (_QUARTER * quarters + _DAY * days for days in (-1, 0, 1))
    crowds = {offset: len(places_at(offset, now)) for offset in candidates}
    return tuple(sorted((offset for offset in crowds if crowds[offset]), key=lambda o: (-crowds[o], o)))


# Importing the bridge is enough to stand on the packaged zones, in a test or a script as in the bot.
use_packaged_zones()

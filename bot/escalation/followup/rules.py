"""The day after: when a person is asked how it is now, and what a "no" takes back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import chain, takewhile
from zoneinfo import ZoneInfo

from bot.conversation.quiet import is_quiet
from bot.escalation.rules import Outlook
from scheduler.localtime import instant, local, local_day

CALM_AFTER = timedelta(hours=12)
FOLLOW_UP_AFTER = timedelta(hours=24)
STILL_WORTH_ASKING = timedelta(hours=24)
QUESTION_STANDS = timedelta(hours=48)  # a "no" may come the next morning, before anybody was asked
FIRST, LAST = time(10), time(20)
UNDER_WAY = (
    60  # minutes that a question has to arrive: it may line up behind a herd, or a chat may have to wait
)

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_AROUND = range(_DAY // _MINUTE)
_MINUTES = tuple(time(n // 60, n % 60) for n in _AROUND)


@dataclass(frozen=True, slots=True)
class Hours:
    """Where a person lives, and from when until when they want no sound; both None for never."""

    zone: ZoneInfo
    quiet_from: time | None = None
    quiet_until: time | None = None

    def humane(self) -> frozenset[time]:
        """The minutes from 10:00 to 20:00 out of quiet hours; whoever is quiet all that time: any other."""
        return _humane(self.quiet_from, self.quiet_until)

    def asking(self) -> frozenset[time]:
        """The humane minutes that are followed by an hour of such; whoever has no such hour: all of them."""
        return _asking(self.quiet_from, self.quiet_until)


@lru_cache(maxsize=1_000)  # a batch of people is looked at in one go, and most have the same hours
def _humane(quiet_from: time | None, quiet_until: time | None) -> frozenset[time]:
    awake = [at for at in _MINUTES if not is_quiet(at, quiet_from, quiet_until)]
    return frozenset(at for at in awake if FIRST <= at <= LAST) or frozenset(awake)


@lru_cache(maxsize=1_000)
def _asking(quiet_from: time | None, quiet_until: time | None) -> frozenset[time]:
    humane = _humane(quiet_from, quiet_until)
    lasts = range(UNDER_WAY + 1)
    found = (_MINUTES[n] for n in _AROUND if all(_MINUTES[(n + m) % len(_MINUTES)] in humane for m in lasts))
    return frozenset(found) or humane


@dataclass(frozen=True, slots=True)
class Step:
    """What follows now: ask, forget it because it is too late, or look again at `next_wake`."""

    ask: bool = False
    drop: bool = False
    next_wake: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was shown. `urgent`: the full card; `asked`: the gentle question, to a text."""

    event_id: int
    outlook: Outlook
    urgent: bool
    asked: bool


def follow_up_at(shown_at: datetime, hours: Hours) -> datetime:
    """24 hours after a card, at the nearest time for asking; of two equally near ones the later."""
    wanted = shown_at + FOLLOW_UP_AFTER
    return _first_asking(
        chain.from_iterable((wanted + _MINUTE * n, wanted - _MINUTE * n) for n in _AROUND), hours, wanted
    )


def ask_until(now: datetime, due: datetime, hours: Hours) -> datetime:
    """Until when the question may still arrive: not after today's humane hours, nor a day after due."""
    humane, until = hours.humane(), now
    while until < due + STILL_WORTH_ASKING and _minute(until, hours.zone) in humane:
        until += _MINUTE
    return until


def asking_from(at: datetime, hours: Hours) -> datetime:
    """The first moment from `at` on, in steps of a minute, that is a time for asking."""
    return _first_asking((at + _MINUTE * n for n in _AROUND), hours, at)


def _first_asking(moments: Iterable[datetime], hours: Hours, otherwise: datetime) -> datetime:
    asking = hours.asking()
    return next((at for at in moments if _minute(at, hours.zone) in asking), otherwise)


def _minute(at: datetime, zone: ZoneInfo) -> time:
    return local(at, zone).time().replace(second=0, microsecond=0)


def step(wanted: Sequence[datetime], last_asked: datetime | None, hours: Hours, now: datetime) -> Step:
    """What follows for a person whose cards are to be followed up at the times `wanted`.

    One question answers for all of them, at the latest of these times, not twice on one local day.
    """
    if not wanted:
        return Step()
    due = max(wanted)
    at = max(due, now)
    if last_asked is not None and local_day(last_asked, hours.zone) == local_day(at, hours.zone):
        at = instant(local_day(at, hours.zone) + _DAY, FIRST, hours.zone) or at + _DAY
    at = asking_from(at, hours)
    if at >= due + STILL_WORTH_ASKING:
        return Step(drop=True)
    return Step(ask=True) if at <= now else Step(next_wake=at)


def taken_back(cards: Sequence[Card]) -> tuple[int, ...]:
    """The cards, newest first, whose consequences a "no" to the gentle question takes back.

    That is the question itself with what was answered to it before, and the same question asked several times
    in a row. An urgent card stays, and so does a question that had an answer of its own.
    """
    own = [card for card in cards if card.outlook is Outlook.OWN]
    answers = list(takewhile(lambda card: not card.asked, own))
    questions = takewhile(lambda card: card.asked, own[len(answers) :])
    return tuple(card.event_id for card in (*answers, *questions) if not card.urgent)

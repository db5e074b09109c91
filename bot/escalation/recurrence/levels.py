"""From points of the chart to levels: watch, concern, confirmed, and clear again."""

from collections import deque
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.escalation.recurrence.chart import Point
from bot.escalation.recurrence.policy import Policy


class Level(IntEnum):
    """How far it has come. It only rises until it is cleared."""

    CLEAR = 0
    WATCH = 1
    CONCERN = 2
    CONFIRMED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One answered day on the chart."""

    date: date
    point: Point


class Ladder:
    """Climbs with the points of one chart."""

    def __init__(self, mean: float, policy: Policy) -> None:
        self.level = Level.CLEAR
        self.began: date | None = None  # the first answer above the limit
        self.watched: date | None = None
        self.concerned: date | None = None
        self._mean, self._policy = mean, policy
        self._latest: deque[Seen] = deque(maxlen=max(policy.watch.of, policy.concern.of))
        self._near = 0

    @property
    def now(self) -> Point | None:
        """The newest point."""
        return self._latest[-1].point if self._latest else None

    def above(self, of: int) -> int:
        """How many of the last few answers are above the limit."""
        return sum(seen.point.above for seen in list(self._latest)[-of:])

    def climb(self, day: date, point: Point) -> bool:
        """Take the next answer; True when it clears what was there."""
        self._latest.append(Seen(day, point))
        self._near = self._near + 1 if point.average < self._mean + self._policy.cleared.rise else 0
        if self.level and self._near >= self._policy.cleared.answers:
            self.level = Level.CLEAR
            return True
        if self._is_high(point):
            self._rise(day)
        return False

    def confirm(self) -> None:
        """A questionnaire, or time, has made it certain enough."""
        self.level = Level.CONFIRMED

    def was_short_dip(self, today: date) -> bool:
        """Whether what is cleared today was a watch of a few days, and never more."""
        if self.watched is None or self.concerned is not None:
            return False
        return (today - self.watched).days <= self._policy.classes.short_dip_days

    def stands(self) -> bool:
        """Whether the newest answer still is well above the baseline."""
        return self.now is not None and self.now.average - self._mean >= self._policy.watch.rise

    def _is_high(self, point: Point) -> bool:
        watch = self._policy.watch
        return point.average >= watch.least and point.average - self._mean >= watch.rise

    def _rise(self, day: date) -> None:
        watch, concern = self._policy.watch, self._policy.concern
        if self.level is Level.CLEAR and self.above(watch.of) >= watch.above:
            self.level, self.watched, self.concerned = Level.WATCH, day, None
            recent = list(self._latest)[-watch.of :]
            self.began = next(seen.date for seen in recent if seen.point.above)
        if self.level is Level.WATCH and self.above(concern.of) >= concern.above:
            self.level, self.concerned = Level.CONCERN, day

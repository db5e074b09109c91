"""The small chart beside a notice, as data; it is drawn when it is sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from bot.conversation.catalogs import Gettext
from bot.conversation.message import Message, Picture
from bot.escalation.noticing import wording
from bot.escalation.noticing.look import Look
from bot.escalation.noticing.told import Told
from bot.escalation.recurrence.days import Day, Doses
from scheduler.lanes import Lane

SHOWN_DAYS: Final = 42


def chart(_: Gettext, language: str, look: Look, told: Told) -> Message | None:
    """The last six weeks with the band of the person's usual; None when there is nothing to show."""
    days = _last(look.days)
    if all(day.core is None for day in days):
        return None
    data: dict[str, Any] = {
        "title": wording.chart_title(_),
        "days": [_drawn(day) for day in days],
        "usual": _band(told),
        "labels": wording.chart_key(_),
        "language": language,
    }
    words = wording.chart_caption(_, language, days[0].date, days[-1].date, told)
    return Message(words, picture=Picture("pattern", data), lane=Lane.CHECKIN)


def _last(days: Sequence[Day]) -> Sequence[Day]:
    """The last weeks, but nothing from before the first day with an answer."""
    recent = [day for day in days if day.date > days[-1].date - timedelta(days=SHOWN_DAYS)] if days else []
    first = next((number for number, day in enumerate(recent) if day.core is not None), 0)
    return recent[first:]


def _band(told: Told) -> list[float] | None:
    mean, sd = told.baseline_mean, told.baseline_sd
    return None if mean is None or sd is None else [max(0.0, mean - sd), min(10.0, mean + sd)]


def _drawn(day: Day) -> dict[str, Any]:
    return {
        "day": day.date.isoformat(),
        "value": day.core,
        "doses": _doses(day.doses),
        "changed": day.dose_changed,
    }


def _doses(doses: Doses | None) -> str | None:
    """What a day's doses come to. Where nobody could ask, nothing is shown."""
    if doses is None or not doses.due:
        return None
    if doses.taken == doses.due:
        return "taken"
    if doses.taken:
        return "partly"
    return "none" if doses.none_taken else None

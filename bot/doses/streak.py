"""/streak: the streak, its companion figure, and a small picture with a text twin."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.conversation.lows import no_streaks
from bot.conversation.message import Message, Picture
from bot.conversation.text import paragraphs
from bot.conversation.visit import Visit
from bot.doses import streak_wording
from storage import doses
from storage.streaks import COMPANION_DAYS, DayMark, day_marks, streak

_DRAWN = {DayMark.OPEN: "none"}


async def show(visit: Visit, _words: str) -> None:
    """Answer /streak. In the quiet hours after a crisis, and in a low week, there are no numbers."""
    if not visit.person.streak_shown:
        visit.say(Message(streak_wording.streak_off(visit.gettext)))
        return
    if await no_streaks([visit]):
        visit.say(Message(streak_wording.resting_now(visit.gettext)))
        return
    history = await doses.takings(visit.session, visit.person.key)
    visit.say(_message(visit, day_marks(history)))


def _message(visit: Visit, marks: Mapping[date, DayMark]) -> Message:
    _ = visit.gettext
    found = streak(marks, visit.today)
    legend = streak_wording.streak_legend(_)
    days = [visit.today - timedelta(days=back) for back in reversed(range(COMPANION_DAYS))]
    drawn = [
        (day, _DRAWN.get(marks.get(day, DayMark.NONE), marks.get(day, DayMark.NONE).value)) for day in days
    ]
    words = streak_wording.streak(_, found.length, found.resting, found.taken, found.of)
    told = {state: [day for day, shown in drawn if shown == state] for state in legend}
    if not any(told.values()):
        return Message(words)
    text = paragraphs(words, streak_wording.streak_twin(_, told))
    picture = {
        "title": streak_wording.streak_title(_, found.taken, found.of),
        "days": [{"day": day.isoformat(), "state": state} for day, state in drawn],
        "legend": legend,
    }
    return Message(text, picture=Picture("streak", picture))

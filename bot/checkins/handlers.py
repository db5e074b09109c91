"""Commands, taps and the dialog about check-ins."""

from datetime import time, timedelta
from typing import Any

from bot.checkins import card, rules, wake, wording
from bot.checkins.dialogs import TIME
from bot.conversation.facts import CheckinAnswered, SettingsChanged
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message, Picture
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.text import Text, paragraphs
from bot.conversation.visit import Visit
from storage import checkins
from storage.checkins import Checkin
from storage.scores import core_score
from storage.vocabulary import CheckinForm, CheckinState

SHOWN_DAYS = 28


async def check_in(visit: Visit, _words: str) -> None:
    """Open today's check-in, or go on with it."""
    checkin = await checkins.of_day(visit.session, visit.person.key, visit.today)
    if checkin is None:
        checkin = await wake.begin(visit, wake.habit(visit, ()), visit.today)
        visit.say(card.question(visit, checkin))
        await wake.wake([visit])
    elif checkin.state is CheckinState.DONE:
        again = Choice(wording.answer_anew(visit.gettext), Action(card.ROOM, "anew", str(checkin.key)))
        visit.say(Message(wording.done_today(visit.gettext), ((again,),)))
    else:
        _reopen(visit, checkin)
        visit.say(card.question(visit, checkin))
        await wake.wake([visit])


def _reopen(visit: Visit, checkin: Checkin) -> None:
    checkin.state = CheckinState.OPEN
    checkin.expires_at = rules.closes_at(wake.habit(visit, ()), visit.now)


async def check_in_by_button(visit: Visit, _argument: str) -> None:
    await check_in(visit, "")


async def tap(visit: Visit, argument: str) -> None:
    """One answer: "12.f0.7" is check-in 12, first item of the full form, value 7."""
    key, place, value = argument.split(".")
    checkin = await _open_checkin(visit, int(key))
    if checkin is None:
        return
    answers = card.answers_of(visit, checkin)
    item = rules.item_at(checkin.form, place)
    if item is None or item != rules.next_item(checkin.form, answers):
        visit.toast = wording.moved_on(visit.gettext)
        return
    answers[item] = int(value)
    card.keep(visit, checkin, answers)
    if rules.next_item(checkin.form, answers) is None:
        card.finish(visit, checkin)
        visit.tell(CheckinAnswered())
    visit.show(card.question(visit, checkin))


async def back(visit: Visit, argument: str) -> None:
    """Take the last tap back."""
    checkin = await _open_checkin(visit, int(argument))
    if checkin is None:
        return
    answers = card.answers_of(visit, checkin)
    last = rules.last_item(checkin.form, answers)
    if last is not None:
        del answers[last]
    elif checkin.form is CheckinForm.SHORT:
        checkin.form = CheckinForm.FULL
    card.keep(visit, checkin, answers)
    visit.show(card.question(visit, checkin))


async def short(visit: Visit, argument: str) -> None:
    """Go on with the one-tap form; what was answered is kept with it."""
    checkin = await _open_checkin(visit, int(argument))
    if checkin is not None:
        checkin.form = CheckinForm.SHORT
        visit.show(card.question(visit, checkin))


async def aside(visit: Visit, argument: str) -> None:
    """No check-in today."""
    checkin = await _open_checkin(visit, int(argument))
    if checkin is not None:
        card.let_rest(visit, checkin)
        visit.show(Message(wording.set_aside(visit.gettext)))


async def anew(visit: Visit, argument: str) -> None:
    """Answer today's check-in once more."""
    checkin = await checkins.owned(visit.session, visit.person.key, int(argument))
    if checkin is None or checkin.day != visit.today:
        visit.toast = wording.is_closed(visit.gettext)
        return
    card.begin_again(visit, checkin)
    _reopen(visit, checkin)
    visit.show(card.question(visit, checkin))
    await wake.wake([visit])


async def _open_checkin(visit: Visit, key: int) -> Checkin | None:
    checkin = await checkins.owned(visit.session, visit.person.key, key)
    if checkin is None or checkin.state is not CheckinState.OPEN:
        visit.toast = wording.is_closed(visit.gettext)
        return None
    return checkin


async def mood(visit: Visit, _words: str) -> None:
    """The last four weeks as a picture with a text twin. Missing is missing; calm hours have no numbers."""
    if visit.calm:
        visit.say(Message(wording.resting_now(visit.gettext), (help_row(visit.gettext),)))
        return
    first = visit.today - timedelta(days=SHOWN_DAYS - 1)
    rows = await checkins.between(visit.session, visit.person.key, first, visit.today)
    scores = {row.day: core_score(card.answers_of(visit, row)) for row in rows}
    _ = visit.gettext
    buttons = (
        (Choice(wording.check_in_now(_), Action(card.ROOM, "now")),),
        help_row(visit.gettext),
    )
    if all(value is None for value in scores.values()):
        visit.say(Message(wording.no_mood_yet(_), buttons))
        return
    days = [(day, scores.get(day)) for day in (first + timedelta(days=n) for n in range(SHOWN_DAYS))]
    picture = {
        "title": wording.mood_title(_),
        "days": [{"day": day.isoformat(), "value": value} for day, value in days],
        "top": wording.heavier(_),
        "bottom": wording.lighter(_),
    }
    visit.say(Message(wording.mood(_, days), buttons, picture=Picture("mood", picture)))


async def set_time(visit: Visit, argument: str) -> None:
    """A time offered by a button: "2000", or "no"."""
    if argument == "other":
        await visit.open(TIME)
    else:
        await _keep_time(visit, None if argument == "no" else time(int(argument[:2]), int(argument[2:])))


async def end_time(visit: Visit, answers: dict[str, Any]) -> None:
    """The end of the dialog about the check-in's time."""
    said = answers["at"]
    await _keep_time(visit, time.fromisoformat(said) if said else None)


async def _keep_time(visit: Visit, at: time | None) -> None:
    visit.person.checkin_at, visit.person.checkin_since = at, visit.now
    say = wording.comes_no_more(visit.gettext) if at is None else wording.comes_at(visit.gettext, at)
    visit.show(Message(paragraphs(say, _in_quiet(visit))))
    visit.tell(SettingsChanged())


def _in_quiet(visit: Visit) -> Text:
    """What quiet hours do to the check-in; empty where they do nothing."""
    held = rules.hold(wake.habit(visit, ()), visit.now)
    at = visit.person.checkin_at
    return wording.in_quiet(visit.gettext, at, held) if held is not None and at is not None else Text("")


async def quiet_hours_set(visit: Visit) -> None:
    """React to other quiet hours: say so when the check-in's time lies in them."""
    told = _in_quiet(visit)
    if told.plain:
        visit.say(Message(told))


async def ask_time(visit: Visit) -> None:
    """React to the wish to choose a time."""
    await visit.open(TIME)


async def offer(visit: Visit) -> None:
    """React to the first medicine: offer the check-in, which is off until it is asked for."""
    if visit.person.checkin_at is not None or visit.calm:
        return
    _ = visit.gettext
    times = [Choice(f"{at:%H:%M}", Action(card.ROOM, "at", f"{at:%H%M}")) for at in rules.OFFERED_TIMES]
    more = (
        Choice(wording.other_time(_), Action(card.ROOM, "at", "other")),
        Choice(wording.no_thanks(_), Action(card.ROOM, "at", "no")),
    )
    visit.say(Message(wording.offer(_), (tuple(times), more)))


async def hold_back(visit: Visit) -> None:
    """React to calm hours or a pause: a question that has not left yet does not leave."""
    for checkin in await checkins.open_of_people(visit.session, [visit.person.key]):
        visit.supersede(card.about(checkin))


ROOM = Room(
    name=card.ROOM,
    commands={
        "checkin": Command(check_in, wording.checkin_summary),
        "mood": Command(mood, wording.mood_summary),
    },
    buttons={
        "tap": tap,
        "back": back,
        "short": short,
        "aside": aside,
        "anew": anew,
        "now": check_in_by_button,
        "at": set_time,
    },
    conversations=(Conversation(TIME, end_time),),
    wake=wake.wake,
)

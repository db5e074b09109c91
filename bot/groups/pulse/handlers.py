"""What admins set about check-ins, in private. Each step is open to admins of the group alone."""

from typing import Any

from bot.conversation.dialogs import Dialog
from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from bot.groups.posts.dialogs import WHEN
from bot.groups.pulse import rules, summary, wording
from bot.groups.pulse.questions import Asking, questions
from bot.groups.setup import wording as setup
from bot.groups.setup.admission import GROUP, admitted
from bot.groups.setup.card import stir
from bot.groups.setup.dialogs import ZONE
from bot.groups.visit import ROOM, GroupVisit
from scheduler.localtime import local
from storage import pulses
from storage.pulses import PulsePlan
from storage.vocabulary import GroupState

TIMES = Dialog("gpulse", WHEN)
_ALL = "all"


async def show(visit: Visit, argument: str) -> None:
    """The card of a group's check-in."""
    group = await admitted(visit, argument)
    if group is None:
        return
    if group.group.zone is None:
        visit.toast = setup.zone_first(visit.gettext)
        await visit.open(ZONE, {GROUP: group.group.key})
    else:
        await _show(visit, group)


async def ask_now(visit: Visit, argument: str) -> None:
    """Ask the group now, if it was not asked a moment ago."""
    group = await admitted(visit, argument)
    if group is None:
        return
    _, now = visit.gettext, visit.now
    rests = rules.may_ask_from(await pulses.last_opened(visit.session, group.group.key))
    if await pulses.next_close(visit.session, group.group.key) is not None:
        visit.toast = wording.is_open(_)
    elif group.group.state is GroupState.PAUSED:
        visit.toast = wording.posts_rest(_)
    elif rests is not None and rests > now:
        visit.toast = wording.rests_until(_, local(rests, group.zone))
    else:
        (await _plan(group)).wanted = True
        visit.toast = wording.is_asked(_)
        await _changed(visit, group)


async def ask_question(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is None:
        return
    _, key, language = visit.gettext, group.group.key, group.group.language
    asked = [(found.question, found.answers) for found in _askings(language)]
    numbers = tuple(
        _choice(str(number), "asks", f"{key}.{name}") for number, name in enumerate(questions(), 1)
    )
    rows = (
        (_choice(wording.all_in_turn(_), "asks", f"{key}.{_ALL}"),),
        numbers,
        (_choice(setup.back(_), "pulse", str(key)),),
    )
    visit.show(Message(wording.which_question(_, asked), rows))


async def choose_question(visit: Visit, argument: str) -> None:
    """One question, or all in turn."""
    group_id, _, question = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is not None and (question == _ALL or question in questions()):
        (await _plan(group)).question = None if question == _ALL else question
        await _changed(visit, group)


async def ask_hours(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is None:
        return
    _, key = visit.gettext, group.group.key
    lengths = tuple(_choice(wording.open_for(_, hours), "lasts", f"{key}.{hours}") for hours in rules.HOURS)
    rows = (lengths[:2], lengths[2:], (_choice(setup.back(_), "pulse", str(key)),))
    visit.show(Message(wording.how_long(_), rows))


async def choose_hours(visit: Visit, argument: str) -> None:
    """How long the next ones can be answered."""
    group_id, _, hours = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is not None and hours in map(str, rules.HOURS):
        (await _plan(group)).hours = int(hours)
        await _changed(visit, group)


async def ask_times(visit: Visit, argument: str) -> None:
    """When the group is asked."""
    await _ask_when(visit, argument, "check-in")


async def ask_picture(visit: Visit, argument: str) -> None:
    """When the picture of the week comes."""
    await _ask_when(visit, argument, "picture")


async def end_times(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the times of the check-in, or of the picture."""
    group = await admitted(visit, str(answers[GROUP]))
    if group is None:
        return
    plan = await _plan(group)
    if answers["subject"] == "picture":
        plan.picture_timing = answers["timing"]
    else:
        plan.timing = answers["timing"]
    plan.looked_until = visit.now
    if group.group.state is GroupState.NEW:
        group.group.state = GroupState.ACTIVE
    await _changed(visit, group)


async def stop_times(visit: Visit, argument: str) -> None:
    """The group is asked only when an admin wants it."""
    group = await admitted(visit, argument)
    if group is not None:
        (await _plan(group)).timing = None
        await _changed(visit, group)


async def stop_picture(visit: Visit, argument: str) -> None:
    """No picture comes any more."""
    group = await admitted(visit, argument)
    if group is not None:
        (await _plan(group)).picture_timing = None
        await _changed(visit, group)


async def go_on(group: GroupVisit) -> None:
    """What fell into a pause is dropped."""
    for plan in (await pulses.plans(group.session, [group.group.key])).values():
        plan.looked_until = group.now


async def _ask_when(visit: Visit, argument: str, subject: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        await visit.open(TIMES, {GROUP: group.group.key, "zone": group.group.zone, "subject": subject})


async def _plan(group: GroupVisit) -> PulsePlan:
    """What is planned; a plan of nothing where there was none."""
    found = (await pulses.plans(group.session, [group.group.key])).get(group.group.key)
    plan = found or PulsePlan(group_id=group.group.key, looked_until=group.now)
    group.session.add(plan)
    return plan


async def _changed(visit: Visit, group: GroupVisit) -> None:
    await stir(group)
    await _show(visit, group)


async def _show(visit: Visit, group: GroupVisit) -> None:
    _, key, plan = visit.gettext, str(group.group.key), await _plan(group)
    await visit.session.flush()
    text = wording.card(_, await summary.rows(_, group))
    off = [_choice(wording.no_times(_), "untimed", key)] if plan.timing else []
    undrawn = [_choice(wording.no_picture(_), "undrawn", key)] if plan.picture_timing else []
    rows = (
        (_choice(wording.ask_now(_), "asknow", key),),
        (_choice(wording.question_button(_), "ask", key), _choice(wording.hours_button(_), "hours", key)),
        (_choice(wording.times_button(_), "asktimes", key), *off),
        (_choice(wording.picture_button(_), "picture", key), *undrawn),
        (_choice(setup.back(_), "card", key),),
    )
    visit.show(Message(text, rows))


def _askings(language: str) -> list[Asking]:
    return [question.in_language(language) for question in questions().values()]


def _choice(label: str, verb: str, argument: str) -> Choice:
    return Choice(label, Action(ROOM, verb, argument))


BUTTONS = {
    "pulse": show,
    "asknow": ask_now,
    "ask": ask_question,
    "asks": choose_question,
    "hours": ask_hours,
    "lasts": choose_hours,
    "asktimes": ask_times,
    "untimed": stop_times,
    "picture": ask_picture,
    "undrawn": stop_picture,
}

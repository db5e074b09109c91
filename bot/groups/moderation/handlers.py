"""What admins set in private for the good of the members. Each step is open to admins of the group alone."""

from datetime import time
from typing import Any

from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from bot.groups.moderation import dialogs, notices, wording
from bot.groups.moderation.rules import Matter, Notice
from bot.groups.numbers import board
from bot.groups.setup import card
from bot.groups.setup import wording as setup
from bot.groups.setup.admission import GROUP, admitted
from bot.groups.visit import ROOM, GroupVisit


async def ask_quiet(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        await visit.open(dialogs.QUIET, {GROUP: group.group.key})


async def end_quiet(visit: Visit, answers: dict[str, Any]) -> None:
    """When nothing is posted by itself."""
    group = await admitted(visit, str(answers[GROUP]))
    if group is None:
        return
    start, end = answers["from"], answers["until"]
    group.group.quiet_from = time.fromisoformat(start) if start else None
    group.group.quiet_until = time.fromisoformat(end) if end else None
    await card.stir(group)
    await card.show(visit, group)


async def warn(visit: Visit, argument: str) -> None:
    """Heavy posts bear a warning, or no more."""
    group = await admitted(visit, argument)
    if group is not None:
        group.group.warns = not group.group.warns
        await card.show(visit, group)


async def put_up(visit: Visit, argument: str) -> None:
    """The crisis numbers are to stand there, and to be pinned."""
    group = await admitted(visit, argument)
    if group is None:
        return
    if group.group.country is None:
        visit.toast = wording.country_first(visit.gettext)
        return
    board.put_up(group)
    await card.stir(group)
    visit.toast = wording.numbers_coming(visit.gettext)
    await card.show(visit, group)


async def words(visit: Visit, argument: str) -> None:
    """What happens when words sound like a crisis."""
    group = await admitted(visit, argument)
    if group is not None:
        _show(visit, group)


async def ask_on(visit: Visit, argument: str) -> None:
    """Show the notice before it is posted."""
    found = await _found(visit, argument)
    if found is None:
        return
    group, matter = found
    _ = visit.gettext
    notice = notices.text(Notice(matter, on=True), group.group.language)
    rows = (
        (Choice(wording.post_it(_), Action(ROOM, "on", argument), "primary"),),
        (Choice(setup.back(_), Action(ROOM, "words", str(group.group.key))),),
    )
    visit.show(Message(wording.ask_on(_, matter, notice), rows))


async def begin(visit: Visit, argument: str) -> None:
    """Tell the members; it begins when they can read it."""
    found = await _found(visit, argument)
    if found is not None:
        group, matter = found
        if await notices.switch(group, matter, on=True):
            visit.toast = wording.on_its_way(visit.gettext)
        _show(visit, group)


async def end(visit: Visit, argument: str) -> None:
    """It ends now, and the members are told."""
    found = await _found(visit, argument)
    if found is not None:
        group, matter = found
        if await notices.switch(group, matter, on=False):
            visit.toast = wording.ended(visit.gettext)
        visit.homes.add(group.group.ref)
        _show(visit, group)


async def _found(visit: Visit, argument: str) -> tuple[GroupVisit, Matter] | None:
    group_id, _dot, name = argument.partition(".")
    group = await admitted(visit, group_id)
    return (group, Matter(name)) if group is not None and name in set(Matter) else None


def _show(visit: Visit, group: GroupVisit) -> None:
    _, held = visit.gettext, group.group
    rows = [(_switch(visit, group, matter),) for matter in Matter]
    rows.append((Choice(setup.back(_), Action(ROOM, "card", str(held.key))),))
    visit.show(Message(wording.words(_, held.tells_moderators, held.hears_all), tuple(rows)))


def _switch(visit: Visit, group: GroupVisit, matter: Matter) -> Choice:
    _, which = visit.gettext, f"{group.group.key}.{matter}"
    if getattr(group.group, matter.column):
        return Choice(wording.off_button(_, matter), Action(ROOM, "off", which))
    return Choice(wording.on_button(_, matter), Action(ROOM, "askon", which))


BUTTONS = {
    "quiet": ask_quiet,
    "warn": warn,
    "numbers": put_up,
    "words": words,
    "askon": ask_on,
    "on": begin,
    "off": end,
}

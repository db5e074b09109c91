"""What is said to the bot in a group, and what it says there. Rights are asked of the platform each time."""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE
from bot.conversation.countries import country_names
from bot.conversation.inbound import Inbound, Joined, Left, Words
from bot.conversation.message import Action, Choice, Choices, Link, Message
from bot.conversation.wording import not_yours as dead_button
from bot.groups import wording
from bot.groups.buttons import BUTTONS
from bot.groups.doors.pointing import point
from bot.groups.doors.ways import private_row
from bot.groups.numbers import board
from bot.groups.numbers.rules import Numbers, Readers
from bot.groups.posts import coming
from bot.groups.rules import (
    COUNTRY,
    GROUP,
    NEXT,
    RESOURCES,
    Answer,
    Asked,
    Cried,
    Matter,
    Personal,
    Pressed,
    bot_named_in,
    choose,
    matter_of,
)
from bot.groups.setup import summary
from bot.groups.visit import ROOM, GroupVisit
from scheduler.lanes import Lane
from storage import groups, outbox, pulses
from storage.outbox import Address
from storage.vocabulary import GroupState


def _nobody() -> str | None:
    return None


class Desk:
    """Answers in groups."""

    def __init__(
        self,
        countries: Collection[str],
        private: Collection[str],
        numbers: Numbers,
        name: Callable[[], str | None] = _nobody,
    ) -> None:
        """`countries` have helplines, `private` are the commands that belong into a private chat.

        `name` is what we are called, once that is known.
        """
        self._covered, self._private = frozenset(countries), private
        self._numbers, self._name = numbers, name
        self._names = {each: country_names(each) for each in LANGUAGE_NAMES}

    def matter(self, inbound: Inbound, cry: Cried | None = None) -> Matter | None:
        """What an update in a group comes to; None when it is no concern of the desk.

        `cry`: as what it was answered already.
        """
        if not self.is_spoken_to(inbound):
            return None
        return matter_of(inbound, self._private, cry)

    def is_spoken_to(self, inbound: Inbound) -> bool:
        """False for what speaks to another bot, also in an answer to something of ours.

        While we do not know our name, a command that names a bot may be anybody's: nothing is done with it.
        """
        event, name = inbound.event, self._name()
        if not isinstance(event, Words):
            return True
        named = bot_named_in(event.text)
        ours = named is None or (name is not None and named == name.lower())
        return ours and event.speaks_to(name)

    async def attend(
        self, visit: GroupVisit, matter: Asked | Joined | Left | Personal | Cried, *, named: bool
    ) -> None:
        """Do what follows. `named`: it is known who did it. Raises Unasked."""
        match matter:
            case Left():
                await _leave(visit)
            case Personal():
                await point(visit, matter)
            case Cried(worried=worried):
                visit.answer(self._shown(visit, Readers.HELPER if worried else Readers.ONE))
            case Joined():
                await _arrive(visit, matter)
            case Asked(command=command, words=words):
                _come_back(visit)
                if command == COUNTRY:
                    self._country(visit, words, named=named)
                elif command == GROUP:
                    visit.answer(Message(await summary.told(visit), _ways(visit)))
                elif command == NEXT:
                    visit.answer(Message(await coming.told(visit), _ways(visit, setup=False)))
                elif command == RESOURCES:
                    self._resources(visit, named=named)

    async def press(self, visit: GroupVisit, pressed: Pressed) -> None:
        """Do what a button means; the toast is for whoever pressed it alone. Raises Unasked."""
        action = pressed.action
        handler = BUTTONS.get(action.verb) if action is not None and action.room == ROOM else None
        if handler is None or action is None:
            visit.toast = dead_button(visit.gettext)
        else:
            await handler(visit, action.argument, pressed.by)

    def _resources(self, visit: GroupVisit, *, named: bool) -> None:
        """An admin has the numbers put up; everybody else reads them."""
        group = visit.group
        if named and visit.rights.runs(group.ref):
            if group.country is None:
                visit.answer(wording.reply(visit.gettext, Answer.SHOWN, None, ()))
                return
            board.put_up(visit)
            visit.wake(ROOM, visit.now)
            return
        said = self._shown(visit, Readers.ONE if visit.hidden else Readers.ALL)
        visit.answer(said if named else replace(said, choices=_ways(visit)))

    def _shown(self, visit: GroupVisit, readers: Readers) -> Message:
        """The numbers for whoever asks; nobody waits for them, since a cry is answered elsewhere."""
        said = self._numbers(visit.group.country, visit.group.language, visit.now.date(), readers)
        return replace(said, lane=Lane.REPLY)

    def _country(self, visit: GroupVisit, words: str, *, named: bool) -> None:
        group = visit.group
        if words and not named:
            visit.answer(Message(wording.no_name(visit.gettext), _ways(visit)))
            return
        admin = visit.rights.runs(group.ref) if words else None
        choice = choose(words, self._names.values(), self._covered, admin)
        if choice.answer is Answer.CHOSEN:
            group.country = choice.countries[0]
            visit.wake(ROOM, visit.now)
        names = self._names[SOURCE_LANGUAGE]
        here = names.get(group.country or "")
        found = [names[code] for code in choice.countries]
        message = wording.reply(visit.gettext, choice.answer, here, found)
        if choice.answer.for_all:
            visit.answer(message)
        else:
            visit.confide(message, aloud=not visit.hidden)


async def _arrive(visit: GroupVisit, joined: Joined) -> None:
    group = visit.group
    group.kind = joined.kind
    if visit.whispers is not None:
        visit.whispers.may_again(group.ref)
    returned = _come_back(visit)
    if group.state is not GroupState.NEW:
        if returned:
            visit.say(Message(wording.here_again(visit.gettext)))
    elif joined.anew:
        visit.say(Message(wording.greeting(visit.gettext), _ways(visit)))


def _come_back(visit: GroupVisit) -> bool:
    """Whoever is heard is there: what rested goes on from now. True when it had rested."""
    group = visit.group
    if group.state is not GroupState.GONE:
        return False
    group.state, group.before = group.before or GroupState.NEW, None
    visit.wake(ROOM, visit.now)
    return True


async def _leave(visit: GroupVisit) -> None:
    """Nothing more is said there; what was set is kept for when the bot is there again."""
    group = visit.group
    await groups.silence(visit.session, [group.key])
    here = Address(group.platform, group.account, group.ref)
    ended = await outbox.strand(visit.session, [here], visit.now)
    await pulses.lose(
        visit.session, [key for row in ended if (key := pulses.pulse_in(row.about)) is not None]
    )
    visit.wake(
        ROOM, await pulses.next_close(visit.session, visit.group.key)
    )  # what is open ends all the same


def _ways(visit: GroupVisit, *, setup: bool = True) -> Choices:
    """Buttons that lead to the private chat: for admins, and for everybody. Who taps them shows nowhere."""
    _, group = visit.gettext, visit.group
    argument = str(group.key) if visit.topic is None else f"{group.key}.{visit.topic}"
    admins = visit.way(Action(ROOM, "open", argument)) if setup else None
    first: Choices = ((Choice(wording.set_up(_), Link(admins)),),) if admins is not None else ()
    return first + private_row(visit)

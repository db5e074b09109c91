"""The router: which room answers an update. Everything happens in one transaction."""

from collections.abc import Awaitable, Iterable
from typing import TypeVar

from bot.conversation import dialogs, wording
from bot.conversation.facts import CameBack
from bot.conversation.inbound import Event, Left, Place, Press, Returned, Unreadable, Words
from bot.conversation.message import Action, Message
from bot.conversation.room import Command, CommandHandler, Conversation, Room
from bot.conversation.tokens import Signer, owner_at
from bot.conversation.visit import Visit
from storage.vocabulary import PersonState

T = TypeVar("T")

LONGEST_TEXT = 2_000


class Router:
    """Knows all rooms. Commands and dialogs have unique names across the house."""

    def __init__(self, rooms: Iterable[Room], signer: Signer) -> None:
        self.rooms = {room.name: room for room in rooms}
        self._signer = signer
        self.commands: dict[str, Command] = {}
        self.conversations: dict[str, Conversation] = {}
        self.links: dict[str, CommandHandler] = {}
        for room in self.rooms.values():
            _add_all(self.commands, room.commands.items())
            _add_all(self.links, room.links.items())
            _add_all(self.conversations, ((c.dialog.name, c) for c in room.conversations))

    async def route(self, visit: Visit, event: Event, presser: str) -> None:
        """Let the right room answer. The visit then holds what to say and do.

        `presser` is who did it; a button works for its owner only.
        """
        match event:
            case Press():
                await self._press(visit, event, presser)
            case Words(edited=True):
                visit.say(Message(wording.edits_are_not_read(visit.gettext)))
            case Words(forwarded=True):
                visit.say(Message(wording.forwards_are_not_read(visit.gettext)))
            case Words(text=text) if text.startswith("/"):
                await self._command(visit, text)
            case Words(text=text):
                await self._words(visit, text)
            case Place(latitude=latitude, longitude=longitude):
                await self._reply(visit, dialogs.Reply(place=(latitude, longitude)))
            case Unreadable():
                visit.say(Message(wording.words_only(visit.gettext)))
            case _:
                return

    async def meant_for_others(self, visit: Visit) -> bool:
        """True when the open dialog asks for words that others will read."""
        stored = await visit.place()
        conversation = self.conversations.get(stored[0]) if stored is not None else None
        return conversation is not None and conversation.for_others

    async def _words(self, visit: Visit, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            visit.say(Message(wording.too_long(visit.gettext)))
        else:
            await self._reply(visit, dialogs.Reply(text=text))

    async def _command(self, visit: Visit, text: str) -> None:
        head, _, rest = text[1:].partition(" ")
        name, words = head.partition("@")[0].lower(), rest.strip()
        command = self.commands.get(name)
        if command is None:
            visit.say(Message(wording.unknown_command(visit.gettext)))
        elif name == "start" and (opened := self._link(visit, words)) is not None:
            await opened
        elif not command.serves(visit.person.state):
            _turn_away(visit)
        else:
            await command.handler(visit, words)

    def _link(self, visit: Visit, payload: str) -> Awaitable[None] | None:
        """The answer to a link of ours that was opened; None for anything else."""
        if (action := self._signer.read_word(payload, visit.person.account)) is not None:
            return self.rooms[action.room].signed_links[action.verb](visit, action.argument)
        handler = next((h for prefix, h in self.links.items() if payload.startswith(prefix)), None)
        return handler(visit, payload) if handler is not None else None

    async def _press(self, visit: Visit, press: Press, presser: str) -> None:
        person = visit.person
        owner = owner_at(person.account, person.ref) if presser == person.ref else ""
        action = self._signer.read(press.token, owner) if owner else None
        if action is None:
            visit.toast = wording.not_yours(visit.gettext)
            return
        if action.apart:
            visit.press = None
        if action.room == dialogs.ROOM:
            await self._press_in_dialog(visit, action)
            return
        room = self.rooms.get(action.room)
        handler = room.buttons.get(action.verb) if room else None
        if room is None or handler is None:
            visit.toast = wording.not_yours(visit.gettext)
        elif not room.admits(action.verb, visit.person.state):
            _turn_away(visit)
        else:
            await handler(visit, action.argument)

    async def _press_in_dialog(self, visit: Visit, action: Action) -> None:
        stored = await visit.place()
        if stored is None or action.verb != f"{stored[0]}.{stored[1].revision}":
            visit.toast = wording.question_moved_on(visit.gettext)
            return
        await self._advance(visit, *stored, dialogs.Reply(option=action.argument))

    async def _reply(self, visit: Visit, reply: dialogs.Reply) -> None:
        stored = await visit.place()
        if stored is not None:
            await self._advance(visit, *stored, reply)
        elif not visit.person.state.settled:
            _turn_away(visit)
        else:
            visit.say(Message(wording.not_understood(visit.gettext)))

    async def _advance(self, visit: Visit, name: str, place: dialogs.Place, reply: dialogs.Reply) -> None:
        conversation = self.conversations.get(name)
        if conversation is None:
            await visit.close()
            visit.say(Message(wording.not_understood(visit.gettext)))
            return
        refused = conversation.forbidden and await conversation.forbidden(visit, place.answers)
        if refused:
            await visit.close()
            visit.show(Message(refused))
            return
        turn = dialogs.advance(conversation.dialog, place, reply, visit.context())
        match turn:
            case dialogs.Asked():
                if turn.prompt.keyboard is not None:
                    _leave_answered(visit, conversation.dialog, place)
                await visit.turn(conversation.dialog, turn)
            case dialogs.Finished(answers=answers):
                if conversation.dialog.apart:
                    _leave_answered(visit, conversation.dialog, place)
                await visit.close()
                await conversation.end(visit, answers)
            case dialogs.Stopped(text=text):
                await visit.close()
                if conversation.stopped is not None:
                    await conversation.stopped(visit, text)
                else:
                    visit.show(Message(text))


def _turn_away(visit: Visit) -> None:
    """Say what somebody has to do first who is not settled here."""
    guest = visit.person.state is PersonState.GUEST
    text = wording.for_people_only(visit.gettext) if guest else wording.please_start(visit.gettext)
    visit.say(Message(text))


def _leave_answered(visit: Visit, dialog: dialogs.Dialog, place: dialogs.Place) -> None:
    """A keyboard needs a message of its own: the pressed one keeps its words and loses its buttons."""
    if visit.press is not None and visit.press.message is not None:
        answered = dialog.step(place.step).ask(visit.context(), place.answers)
        visit.edit(visit.press.message, Message(answered.text))
        visit.press = None


async def notice_reachable(visit: Visit, event: Event) -> None:
    """Whoever writes can be reached, and is silent no longer; whoever blocked the bot cannot."""
    person = visit.person
    if isinstance(event, Left):
        await visit.means.tombstones.lay_for_silence(visit.session, [person], visit.now)
        person.reachable = False
    elif isinstance(event, Returned) or not person.reachable or person.silent_since is not None:
        person.reachable, person.silent_since = True, None
        visit.tell(CameBack())


def _add_all(known: dict[str, T], items: Iterable[tuple[str, T]]) -> None:
    for name, item in items:
        if name in known:
            raise ValueError(f"two rooms claim {name!r}")
        known[name] = item

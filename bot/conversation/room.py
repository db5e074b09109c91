"""What a room offers to the router: its commands, buttons, dialogs and its wake."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.catalogs import Gettext
from bot.conversation.dialogs import Dialog
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from storage.vocabulary import PersonState

CommandHandler = Callable[[Visit, str], Awaitable[None]]
ButtonHandler = Callable[[Visit, str], Awaitable[None]]
DialogEnd = Callable[[Visit, dict[str, Any]], Awaitable[None]]
Wake = Callable[[list[Visit]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its handler, its line in the platform's menu, and for whom it works.

    `before_consent`: for everybody; `for_guests`: for whoever is a caregiver only, too.
    """

    handler: CommandHandler
    summary: Callable[[Gettext], str] | None = None
    before_consent: bool = False
    for_guests: bool = False

    def serves(self, state: PersonState) -> bool:
        """Whether it works for somebody in this state."""
        if state is PersonState.GUEST:
            return self.before_consent or self.for_guests
        return state.settled or self.before_consent


@dataclass(frozen=True, slots=True)
class Conversation:
    """A dialog, what happens with its answers, and what happens when the person did not want to go on.

    `forbidden` is asked before each step: a text ends the dialog. `for_others`: what is typed here is meant
    for others to read, so that a gentle card does not take its place.
    """

    dialog: Dialog
    end: DialogEnd
    stopped: Callable[[Visit, Text], Awaitable[None]] | None = None
    forbidden: Callable[[Visit, Mapping[str, Any]], Awaitable[Text | None]] | None = None
    for_others: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """One subject. `buttons` are the verbs of its tokens; `open_buttons` also work before consent.

    `guest_buttons` also work for who is a caregiver only. `links` are the beginnings of what a link of ours
    holds, `signed_links` the verbs of those that we sign; whoever opens one, in any state, is answered by its
    handler.
    """

    name: str
    commands: Mapping[str, Command] = field(default_factory=dict)
    buttons: Mapping[str, ButtonHandler] = field(default_factory=dict)
    open_buttons: frozenset[str] = frozenset()
    guest_buttons: frozenset[str] = frozenset()
    links: Mapping[str, CommandHandler] = field(default_factory=dict)
    signed_links: Mapping[str, ButtonHandler] = field(default_factory=dict)
    conversations: tuple[Conversation, ...] = ()
    wake: Wake | None = None

    def admits(self, verb: str, state: PersonState) -> bool:
        """Whether a button works for somebody in this state."""
        if state is PersonState.GUEST:
            return verb in self.open_buttons or verb in self.guest_buttons
        return state.settled or verb in self.open_buttons

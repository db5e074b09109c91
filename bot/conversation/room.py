"""What a room offers to the router: its commands, buttons, dialogs and its wake."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.catalogs import Gettext
from bot.conversation.dialogs import Dialog
from bot.conversation.text import Text
from bot.conversation.visit import Visit

CommandHandler = Callable[[Visit, str], Awaitable[None]]
ButtonHandler = Callable[[Visit, str], Awaitable[None]]
DialogEnd = Callable[[Visit, dict[str, Any]], Awaitable[None]]
Wake = Callable[[list[Visit]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its handler, its line in the platform's menu, and whether it works before consent."""

    handler: CommandHandler
    summary: Callable[[Gettext], str] | None = None
    before_consent: bool = False


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

    `links` are the verbs of links to the private chat; they work before consent, and for anybody.
    """

    name: str
    commands: Mapping[str, Command] = field(default_factory=dict)
    buttons: Mapping[str, ButtonHandler] = field(default_factory=dict)
    open_buttons: frozenset[str] = frozenset()
    links: Mapping[str, ButtonHandler] = field(default_factory=dict)
    conversations: tuple[Conversation, ...] = ()
    wake: Wake | None = None

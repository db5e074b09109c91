"""What a room says: a message in the platform-neutral form. It knows no markup and no platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.conversation.text import Text
from scheduler.lanes import Lane

# The public token of the help button: it works for anybody, in any state, without a database.
SOS = "sos"

ChoiceStyle = Literal["success", "primary"]
Keyboard = Literal["share_location", "remove"]


@dataclass(frozen=True, slots=True)
class Action:
    """What a button means: a verb of a room, about something named by `argument` (≤ 24 ASCII characters).

    What it answers takes the place of the message that bears the button, or stands `apart` from it: a button
    that leads to another room leaves the message as it is.
    """

    room: str
    verb: str
    argument: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What a button opens: an address on the web, or a chat on the platform."""

    url: str


@dataclass(frozen=True, slots=True)
class CopyText:
    """What a button puts on the person's clipboard (1 to 256 characters)."""

    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. An Action is signed for its owner; a plain string is a public token that anyone may press.

    We hear nothing of a Link or a CopyText: the person's own device does it.
    """

    label: str
    action: Action | str | Link | CopyText
    style: ChoiceStyle | None = None


Choices = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its data; it is drawn just before it is sent, so that no row holds pixels."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send: text, or what `drawn` names, which is drawn as a PDF just before it is sent."""

    filename: str
    content: str = ""
    drawn: Picture | None = None


@dataclass(frozen=True, slots=True)
class Whisper:
    """Says of a message in a group that it is for one member alone, who is known by the slip.

    `aloud`: where that cannot be, it may be said to everybody; else it is not said.
    """

    slip: str
    aloud: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    `about` names the thing the message speaks of ("card:12"): a later message can supersede or edit
    what is pending about it. `dedupe_key` makes posting the same message twice harmless. `topic` is the
    platform's reference of the part of a group where it is to stand. `pin`: where we
    may pin, it stands above a group's talk.
    """

    text: Text
    choices: Choices = ()
    lane: Lane = Lane.REPLY
    not_before: datetime | None = None
    not_after: datetime | None = None
    dedupe_key: str | None = None
    about: str | None = None
    protect: bool = False
    silent: bool = False
    picture: Picture | None = None
    document: Document | None = None
    keyboard: Keyboard | None = None
    topic: str | None = None
    pin: bool = False
    whisper: Whisper | None = None

"""What came in, in the platform-neutral form."""

from dataclasses import dataclass, field

from storage.vocabulary import GroupKind


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was said and by whom. `chat` and `sender` are the platform's references.

    `sender` is also the reference of the private chat with them; it is empty when nobody is known to be one.
    `name` and `username` are what the platform calls them, as they wish it.
    """

    platform: str
    account: str
    chat: str
    sender: str
    private: bool = True
    language: str | None = None
    name: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Typed text. `edited` and `forwarded` texts are screened for a crisis and otherwise left alone.

    `topic`: the part of the group in which it was typed, if that has parts. `message` is the platform's id of
    the message. `called`: the names, in lower case, of those to whom it speaks in a group; None when it is us
    without a doubt. `whispered`: the platform's id of words in a group that nobody but us saw; they have no
    `message`.
    """

    text: str
    edited: bool = False
    forwarded: bool = False
    topic: str | None = None
    message: str | None = field(default=None, compare=False)
    called: frozenset[str] | None = None
    whispered: str | None = None

    def speaks_to(self, name: str | None) -> bool:
        """Whether it speaks to the bot of that name; while we do not know ours, to any that is called."""
        if self.called is None:
            return True
        return bool(self.called) if name is None else name.lower() in self.called


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed.

    `message` is the platform's id of the message that bore it, `topic` the part of a group where that stood.
    """

    token: str
    message: str | None
    query: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A shared location, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A voice message, a sticker, a photo …: something that is not text."""

    kind: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked the bot; or it was removed from the group, or may not write there any more."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot is in a group of this kind and may write there; `anew`: a moment ago it could not."""

    kind: GroupKind
    anew: bool = True


@dataclass(frozen=True, slots=True)
class Returned:
    """The person unblocked the bot."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup and has a new reference."""

    new_chat: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that is no concern of ours (an unknown kind of update)."""


Event = Words | Press | Place | Unreadable | Left | Joined | Returned | Migrated | Ignored


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update of the platform. `queued`: it had to wait behind an earlier one of its chat."""

    update_id: int
    origin: Origin
    event: Event = field(default_factory=Ignored)
    queued: bool = False

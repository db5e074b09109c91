"""The world behind the bot: people, chats, messages, and what the bot has said about itself."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.standin.entities import detect
from bot.standin.events import Events
from bot.standin.files import Shelf
from bot.standin.limits import Limits
from bot.standin.queries import Queries
from bot.standin.updates import UpdateQueue
from bot.standin.webhook import Webhook
from scheduler.clock import Clock

DEFAULT_BOT_ID = 4000
BOT_USERNAME = "evenkeel_demo_bot"
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
FIRST_GROUP = -4_000_001
FIRST_SUPERGROUP = -1_002_000_000_001
FIRST_EPHEMERAL = 29_000_001
YOU = 1001
CAREGIVER = 1002


@dataclass(slots=True)
class Person:
    """Someone with a private chat. The bot may write to them once they have `started`."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        """The person as Telegram's User."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> dict[str, Any]:
        """The person as the private chat with them."""
        chat: dict[str, Any] = {"id": self.id, "first_name": self.first_name, "type": "private"}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(slots=True)
class Chat:
    """A conversation. `card` is the Chat object that every message in it carries.

    `topics`: those of a forum, "open" or "closed" by their id; a deleted one is not there any more.
    `untold`: the bot has not heard yet that it moved. `ephemeral`: what one member and the bot alone see, by
    ids of its own, and `after` which message of the chat each came.
    """

    id: int
    kind: str
    name: str
    card: dict[str, Any]
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 0
    keyboard: dict[str, Any] | None = None
    migrated_to: int | None = None
    untold: bool = False
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, str] = field(default_factory=dict)
    uneditable: set[int] = field(default_factory=set)
    topics: dict[int, str] = field(default_factory=dict)
    ephemeral: dict[int, dict[str, Any]] = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether this is a chat of the bot with one person."""
        return self.kind == "private"


class World:
    """Everything a method or a person can touch."""

    def __init__(
        self, clock: Clock, *, pacing: bool = True, bot_id: int = DEFAULT_BOT_ID, username: str = BOT_USERNAME
    ) -> None:
        self.clock, self._username = clock, username
        self.events = Events()
        self.updates = UpdateQueue(clock)
        self.webhook = Webhook(self.updates, clock)
        self.limits = Limits(clock, pacing=pacing)
        self.queries = Queries(clock)
        self.names: dict[str, str] = {"": "Evenkeel"}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.menu_buttons: dict[int | None, dict[str, Any]] = {}
        self.bot_messages = 0
        self.knows_ephemeral = True  # a Bot API server before 10.2 does not
        self._ephemeral_ids = count(FIRST_EPHEMERAL)
        self.chats: dict[int, Chat] = {}
        self._last_ids: dict[int, int] = {}
        self._group_ids = count(FIRST_GROUP, -1)
        self._supergroup_ids = count(FIRST_SUPERGROUP, -1)
        self.identify(bot_id)
        self.forget()

    def identify(self, bot_id: int) -> None:
        """The bot is the one with this id, under its present name."""
        self.bot: dict[str, Any] = {
            "id": bot_id,
            "is_bot": True,
            "first_name": self.names[""],
            "username": self._username,
        }

    def forget(self) -> None:
        """Begin again with the people of the demo. What the bot said about itself stays, and ids run on."""
        self.files = Shelf()
        self.people: dict[int, Person] = {}
        self._last_ids |= {chat.id: chat.last_id for chat in self.chats.values()}
        self.chats = {}
        self.limits.forget()
        self.queries.forget()
        self.updates.drop(self.updates.pending)
        self.add_person(Person(YOU, "Sam", "sam_demo"), "Sam (you)")
        self.add_person(Person(CAREGIVER, "Robin", "robin_demo"), "Robin (caregiver)")
        circle = self.add_chat("group", "Kind circle")
        circle.members = {YOU: "creator", CAREGIVER: "member"}

    # People and chats

    def add_person(self, person: Person, name: str | None = None) -> Person:
        """A new person, and the private chat with them."""
        self.people[person.id] = person
        chat = Chat(person.id, "private", name or person.first_name, person.as_chat())
        chat.last_id = self._last_ids.get(person.id, 0)
        self.chats[person.id] = chat
        self.events.publish("chats")
        return person

    def add_chat(self, kind: str, name: str) -> Chat:
        """A new group, supergroup or channel."""
        chat_id = next(self._group_ids if kind == "group" else self._supergroup_ids)
        card: dict[str, Any] = {"id": chat_id, "title": name, "type": kind}
        if kind == "group":
            card["all_members_are_administrators"] = False
        chat = self.chats[chat_id] = Chat(chat_id, kind, name, card)
        self.events.publish("chats")
        return chat

    def user(self, user_id: int) -> dict[str, Any] | None:
        """The User with this id, the bot included."""
        if user_id == self.bot["id"]:
            return self.bot
        person = self.people.get(user_id)
        return person.as_user() if person else None

    # Messages

    def timestamp(self) -> int:
        """Now, as Telegram writes times."""
        return int(self.clock.now().timestamp())

    def post(self, chat: Chat, author: dict[str, Any] | None, content: dict[str, Any]) -> dict[str, Any]:
        """Put a message into a chat; the next id of that chat is its own."""
        chat.last_id += 1
        message: dict[str, Any] = {"message_id": chat.last_id}
        if author is not None:
            message["from"] = author
            self.bot_messages += author is self.bot
        message["chat"] = chat.card
        message["date"] = self.timestamp()
        message.update(content)
        chat.messages[chat.last_id] = message
        self.events.publish("chat", chat=chat.id)
        return message

    def whisper(
        self, chat: Chat, author: dict[str, Any], receiver: dict[str, Any], content: dict[str, Any]
    ) -> dict[str, Any]:
        """Show a message to the two alone whom it concerns, a member and the bot."""
        number = next(self._ephemeral_ids)
        message = {
            "message_id": 0,
            "ephemeral_message_id": number,
            "from": author,
            "receiver_user": receiver,
            "chat": chat.card,
            "date": self.timestamp(),
            **content,
        }
        self.bot_messages += author is self.bot
        chat.ephemeral[number], chat.after[number] = message, chat.last_id
        self.events.publish("chat", chat=chat.id)
        return message

    def replace(self, chat: Chat, message: dict[str, Any]) -> dict[str, Any]:
        """Show this instead of the message with the same id; updates keep the old object as it was."""
        chat.messages[message["message_id"]] = message
        self.events.publish("chat", chat=chat.id)
        return message

    def remove(self, chat: Chat, message_id: int) -> None:
        """Take a message out of a chat."""
        chat.messages.pop(message_id, None)
        chat.reactions.pop(message_id, None)
        self.events.publish("chat", chat=chat.id)


def written(text: str) -> dict[str, Any]:
    """The text of a person, with the entities that Telegram finds in it."""
    entities = detect(text)
    return {"text": text, "entities": entities} if entities else {"text": text}

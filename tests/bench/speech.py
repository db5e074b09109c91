"""What people do, as Telegram tells it: taps on what the sink has shown them, and words."""

from dataclasses import dataclass
from typing import Any

from tests.bench.sink.handle import Sink

Update = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with buttons, and what its first button carries."""

    chat: int
    message_id: int
    first: str


async def shown(network: Sink) -> list[Shown]:
    """The newest message with buttons of every chat, in the order in which they came."""
    found: dict[str, tuple[int, dict[str, Any]]] = await network.ask("shown")
    ordered = sorted(found.items(), key=lambda chat: chat[1][0])
    return [
        Shown(int(chat), number, keyboard["inline_keyboard"][0][0]["callback_data"])
        for chat, (number, keyboard) in ordered
    ]


def tap(update_id: int, on: Shown) -> Update:
    """The person presses the first button. The query is numbered as the update."""
    message = {"message_id": on.message_id, "date": 1, "chat": _chat(on.chat), "text": "."}
    query = {"id": str(update_id), "from": _person(on.chat), "message": message, "data": on.first}
    return {"update_id": update_id, "callback_query": {**query, "chat_instance": "1"}}


def words(update_id: int, chat: int, text: str) -> Update:
    """The person writes."""
    message = {"message_id": 10**7 + update_id, "date": 1, "chat": _chat(chat), "from": _person(chat)}
    return {"update_id": update_id, "message": {**message, "text": text}}


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": "P"}


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "P", "language_code": "en"}

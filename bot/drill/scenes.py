"""What a drill plays: a cry in every language, the help button, /sos, /worried, and a country far from home.

Each becomes an update as Telegram would send it.
"""

from dataclasses import dataclass
from typing import Any

from bot.conversation.catalogs import SOURCE_LANGUAGE, offered
from bot.conversation.message import SOS
from bot.drill.cries import cries
from bot.escalation.crisis.homes import Home
from bot.escalation.lines.helplines import Country, Helplines
from bot.escalation.rules import country_token, in_language, read_token

Update = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """One cry: `text` is typed, or else `token` is pressed. `language` and `country` are the right card's.

    `country` is None for a card without one. `guide`: it asks how to help somebody else, which is not urgent.
    """

    name: str
    language: str
    country: str | None
    text: str = ""
    token: str = ""
    guide: bool = False

    @property
    def said(self) -> str:
        """For the table: what was typed, or what was pressed."""
        return self.text or f"[{self.token}]"

    @property
    def chosen(self) -> str | None:
        """The country that this very press chooses; the buttons of its card must keep to it."""
        press = read_token(self.token)
        return press.country if press else None


def scenes(helplines: Helplines, home: Home | None) -> list[Scene]:
    """Every scene for an operator who is at home there; None for somebody the bot does not know."""
    country = helplines.of(home.country) if home else None
    here = country.code if country else None
    language = offered(home.language) if home else SOURCE_LANGUAGE
    typed = [Scene(f"text {name}", name, here, text=texts[0]) for name, texts in cries().items()]
    away = elsewhere(helplines, country)
    return [
        *typed,
        Scene("help button", language, here, token=SOS),
        Scene("/sos", language, here, text="/sos"),
        Scene("/worried", language, here, text="/worried", guide=True),
        Scene("another country", "en", away, token=in_language(country_token(away), "en")),
    ]


def elsewhere(helplines: Helplines, home: Country | None) -> str:
    """The first country with lines to show whose emergency numbers are all different from those at home."""
    near = set(home.emergency) if home else set()
    countries = (helplines.countries[code] for code in helplines.codes)
    return next(each.code for each in countries if each.trusted and not near & set(each.emergency))


def update_of(scene: Scene, update_id: int, chat: int, at: int) -> Update:
    """The update as JSON: from the operator, in their private chat, at a Unix time in seconds."""
    operator = {"id": chat, "is_bot": False, "first_name": "Operator"}
    message: Update = {
        "message_id": 1,
        "date": at,
        "chat": {"id": chat, "type": "private", "first_name": "Operator"},
        "from": operator,
        "text": scene.text or "drill",
    }
    if scene.text:
        return {"update_id": update_id, "message": message}
    press = {"id": "drill", "from": operator, "chat_instance": "drill", "message": message}
    return {"update_id": update_id, "callback_query": press | {"data": scene.token}}

"""What a group may ask of the bot beside help in a crisis: whose country's numbers are shown there."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE, catalog, offered
from bot.conversation.countries import country_names
from bot.conversation.inbound import Inbound, Origin, Words
from bot.conversation.message import Message
from bot.groups import wording
from bot.groups.rules import Answer, Choice, choose, words_of
from storage import groups

Remember = Callable[[Origin, str], None]


class Members(Protocol):
    """What the desk needs of the platform. None: it did not say."""

    async def is_admin(self, chat: str, person: str) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say in the group once it is true, and the country to keep at hand."""

    message: Message
    country: str | None


class Desk:
    """Answers `/country` in groups. Rights are asked of the platform afresh each time."""

    def __init__(self, members: Members, countries: Collection[str]) -> None:
        """`countries` are those that have helplines."""
        self._members = members
        self._covered = frozenset(countries)
        self._names = {each: country_names(each) for each in LANGUAGE_NAMES}

    async def hear(self, inbound: Inbound) -> Choice | None:
        """What a message in a group comes to; None when it is no concern of the desk. Asks the platform."""
        origin, event = inbound.origin, inbound.event
        if origin.private or not isinstance(event, Words) or event.edited or event.forwarded:
            return None
        words = words_of(event.text)
        if words is None:
            return None
        if words and not origin.sender:
            return Choice(Answer.NO_NAME)
        admin = await self._members.is_admin(origin.chat, origin.sender) if words else None
        return choose(words, self._names.values(), self._covered, admin)

    async def settle(self, session: AsyncSession, origin: Origin, choice: Choice) -> Reply:
        """Write down what was chosen. The reply may be said after the commit."""
        place = (origin.platform, origin.account, origin.chat)
        if choice.answer is Answer.CHOSEN:
            (await groups.meet(session, *place)).country = choice.countries[0]
        country = await groups.country_of(session, *place)
        _, names = catalog(offered(origin.language)), self._names[SOURCE_LANGUAGE]
        here = names.get(country or "")
        return Reply(
            wording.reply(_, choice.answer, here, [names[code] for code in choice.countries]), country
        )

"""The register: adding a bot, listing them, removing one. A running deployment sees it within seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rooms import ROOMS
from bot.roster import spare
from bot.roster.known import merged, of_settings
from bot.settings import Settings
from bot.telegram.account import number_of
from bot.telegram.intake import PLATFORM
from bot.telegram.outcomes import TokenRefused
from bot.telegram.profile import Unanswered, name_behind
from bot.vault import Vault, in_use, open_beside
from storage import bonds, bots, estate, groups, inbox, outbox, people, timers
from storage.database import Database, DatabaseUnusable, is_conflict
from storage.holding import hold_free
from storage.timers import Setting

ASK_SECONDS: Final = 10.0
LETTING_GO_SECONDS: Final = 6.0  # three looks of every running worker
_AT_A_TIME: Final = 50
_TRIES: Final = 50
_PAUSE: Final = 0.2


class NotAdded(Exception):
    """A bot was not added; the sentence says why."""


class NotRemoved(Exception):
    """A bot was not removed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register. `since` None: no token is stored. `of_settings`: it is the first bot.

    `name` is empty where nobody knows it; `refused` when Telegram does not take its token.
    """

    account: str
    name: str
    people: int
    since: datetime | None = None
    of_settings: bool = False
    refused: bool = False


async def add(settings: Settings, token: str, now: datetime) -> tuple[Entry, bool]:
    """Store a bot, or its new token; whether it is new. Raises NotAdded, TokenRefused and the vault's own.

    Who talked to it before it was removed can be reached again, and is looked at at once.
    """
    account = number_of(token)
    own = of_settings(settings)
    if own is not None and own.account == account:
        raise NotAdded("This is the bot of EVENKEEL_TELEGRAM_TOKEN. Change its token there.")
    try:
        name = await name_behind(token, _base_url(settings), ASK_SECONDS)
    except Unanswered as error:
        raise NotAdded(f"{error} Nothing was changed.") from None
    async with _opened(settings) as vault:
        async with vault.database.transaction() as session:
            # Whatever still waits is from before the removal, and is not sent after it.
            known = {bot.account for bot in await bots.every(session)}
            if account not in known:
                await outbox.withhold(session, PLATFORM, account, now)
            new = await bots.put(session, vault.master, account, name, token, now)
        if new:
            await _insist(lambda: _bring_back(vault.database, account, now))
        await _copy(settings, vault)
        entry = await _entry(vault, account)
    return entry, new


async def entries(settings: Settings) -> list[Entry]:
    """Every bot of the deployment, the first at the head; then those of whom only people are left."""
    own = of_settings(settings)
    asked = await _asked(settings, own.token) if own is not None else ("", False)
    async with _opened(settings) as vault, vault.database.reading() as session:
        stored, crowds = await bots.every(session), await people.counts(session, PLATFORM)
    found: list[Entry] = []
    if own is not None:
        crowd = crowds.pop(own.account, 0)
        found.append(Entry(own.account, asked[0], crowd, of_settings=True, refused=asked[1]))
    for bot in stored:
        if own is None or bot.account != own.account:
            refused = bot.refused_at is not None
            found.append(
                Entry(bot.account, bot.name, crowds.pop(bot.account, 0), bot.added_at, refused=refused)
            )
    return found + [Entry(account, "", crowd) for account, crowd in sorted(crowds.items())]


async def entry(settings: Settings, account: str, *, erase: bool) -> Entry:
    """One bot, to be removed. Raises NotRemoved when it cannot be."""
    own = of_settings(settings)
    if own is not None and own.account == account:
        raise NotRemoved("This is the bot of EVENKEEL_TELEGRAM_TOKEN. Take it out there, and start again.")
    async with _opened(settings) as vault:
        found = await _entry(vault, account)
    if found.since is None and not found.people:
        raise NotRemoved(f"There is no bot {account} here. `evenkeel bots list` shows those there are.")
    if found.since is None and not erase:
        raise NotRemoved(f"No token of {account} is stored. With --erase its people are erased.")
    return found


async def remove(settings: Settings, account: str, now: datetime) -> None:
    """Forget a bot and its token. Nobody can be reached through it, and what waits for it ends."""
    async with _opened(settings) as vault:

        async def end() -> None:
            # Apart from one another: whoever holds rows of the outbox must not wait for a person.
            async with vault.database.transaction() as session:
                await bots.take_out(session, account)
            async with vault.database.transaction() as session:
                await people.lose(session, PLATFORM, account)
            async with vault.database.transaction() as session:
                await outbox.withhold(session, PLATFORM, account, now)

        await _insist(end)
        await _copy(settings, vault)


async def erase(settings: Settings, account: str, now: datetime, patience: float = LETTING_GO_SECONDS) -> int:
    """Erase everybody who talked to a bot that was removed; how many.

    Running workers get `patience` seconds to let go of it, so that none stores anything afterwards.
    """
    if in_use(settings.database_url):
        await asyncio.sleep(patience)
    count, idle = 0, 0
    async with _opened(settings) as vault:
        while idle < _TRIES:
            async with vault.database.transaction() as session:
                ids = await people.of_account(session, PLATFORM, account, _AT_A_TIME)
                held = await hold_free(session, ids)
                for person in (await people.by_ids(session, held)).values():
                    await vault.tombstones.lay_for(person, now)
                    await estate.erase(session, person.key, now)
                if not ids:
                    for group in await groups.of_account(session, PLATFORM, account):
                        await outbox.forget_group(session, group.key)
                        await groups.forget(session, group)
                    await inbox.forget(session, account)
                    return count
            count, idle = count + len(held), 0 if held else idle + 1
            await asyncio.sleep(0 if held else _PAUSE)
    raise NotRemoved("Somebody works on these people. Stop the bot, and say it again.")


async def how_many(settings: Settings) -> int | None:
    """How many bots are stored; None when the database is there and cannot be asked. Changes nothing."""
    database = Database(settings.database_url)
    if database.path is not None and not database.path.exists():
        return 0
    try:
        if not await bots.there(database):
            return 0
        async with database.reading() as session:
            return len(await bots.every(session))
    except (SQLAlchemyError, OSError):
        return None
    finally:
        await database.close()


async def _asked(settings: Settings, token: str) -> tuple[str, bool]:
    """A bot's name as far as Telegram says it, and whether it refuses the token."""
    try:
        return await name_behind(token, _base_url(settings), ASK_SECONDS), False
    except TokenRefused:
        return "", True
    except Unanswered:
        return "", False


def _base_url(settings: Settings) -> str:
    return settings.telegram_api.rstrip("/") + "/bot"


async def _entry(vault: Vault, account: str) -> Entry:
    async with vault.database.reading() as session:
        crowd = (await people.counts(session, PLATFORM)).get(account, 0)
        for bot in await bots.every(session):
            if bot.account == account:
                return Entry(account, bot.name, crowd, bot.added_at, refused=bot.refused_at is not None)
    return Entry(account, "", crowd)


async def _bring_back(database: Database, account: str, now: datetime) -> None:
    """Whoever blocked the bot is left in peace again after the first message.

    Until then nobody knows of it: of all of them nothing from before is let out any more.
    """
    after = 0
    while True:
        async with database.transaction() as session:
            ids = await people.of_account(session, PLATFORM, account, _AT_A_TIME, after)
            if not ids:
                return
            await people.find_again(session, ids)
            await bonds.begin_anew(session, ids, now)
            await _stir(session, ids, now)
        after = ids[-1]


async def _stir(session: AsyncSession, ids: list[int], now: datetime) -> None:
    rooms = [room.name for room in ROOMS if room.wake is not None]
    await timers.put(session, [Setting(key, room, now) for key in ids for room in rooms])


async def _copy(settings: Settings, vault: Vault) -> None:
    """The crisis watch of this machine knows at once who is here."""
    async with vault.database.reading() as session:
        found = merged(settings, vault.master, await bots.every(session))
    spare.keep(settings.key_file, vault.master, [one.token for one in found if one.row is not None])


async def _insist(work: Callable[[], Awaitable[None]]) -> None:
    """Once more when the server undid it for the sake of another transaction."""
    for _ in range(_TRIES):
        try:
            await work()
        except Exception as error:
            if not is_conflict(error):
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return
    raise DatabaseUnusable("The database is too busy just now. Say it again.")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Vault]:
    vault = await open_beside(settings.database_url, settings.key_file, settings.tombstones)
    try:
        yield vault
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise DatabaseUnusable(f"The database did not take it: {reason}.") from error
    finally:
        await vault.close()

"""Two clinics in one deployment: a bot each, and somebody who talks to both from the same chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from bot.app import App
from bot.roster import register
from bot.roster.register import Entry
from storage.outbox import OutboxRow, OutboxState
from storage.tables import metadata
from tests.stories.life import House, Life, house

FIRST, SECOND = "1000001:first-clinic-AAAAAAAAAAAA", "2000002:second-clinic-BBBBBBBBBBB"
ROTATED = "2000002:second-clinic-CCCCCCCCCCC"
FIRST_NUMBER, SECOND_NUMBER = "1000001", "2000002"
NOON = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Berlin


@dataclass
class Town:
    """The deployment, and the same person's life at each of its bots."""

    house: House
    one: Life
    two: Life

    @property
    def app(self) -> App:
        assert self.house.app is not None
        return self.house.app

    async def add(self, token: str = SECOND) -> tuple[Entry, bool]:
        """As `evenkeel bots add`, and the deployment looks."""
        added = await register.add(self.house.settings, token, self.house.clock.now())
        await self.app.roster.beat()
        return added

    async def remove(self, number: str = SECOND_NUMBER) -> None:
        """As `evenkeel bots remove`, and the deployment looks."""
        await register.remove(self.house.settings, number, self.house.clock.now())
        await self.app.roster.beat()

    async def entry(self, number: str = SECOND_NUMBER) -> Entry:
        """The line of a bot in `evenkeel bots list`."""
        [found] = [each for each in await register.entries(self.house.settings) if each.account == number]
        return found

    async def waiting(self, number: str = SECOND_NUMBER) -> int:
        """How many messages of a bot wait to be sent."""
        pending = (col(OutboxRow.account) == number, col(OutboxRow.state) == OutboxState.PENDING)
        async with self.app.vault.database.reading() as session:
            return (await session.exec(select(func.count()).select_from(OutboxRow).where(*pending))).one()

    async def everything(self) -> dict[str, list[Any]]:
        """Every row there is, but for the marks of updates that were seen."""
        async with self.app.vault.database.reading() as session:
            connection = await session.connection()
            return {
                table.name: sorted(map(repr, await connection.execute(table.select())))
                for table in metadata.sorted_tables
                if table.name not in ("seen_update", "ledger")
            }


@asynccontextmanager
async def town(
    folder: Path, database_url: str | None = None, *, operator_chat: str | None = None
) -> AsyncIterator[Town]:
    """The first bot is that of the settings; the second has been added."""
    tokens = (FIRST, SECOND)
    async with house(
        folder, NOON, database_url=database_url, tokens=tokens, operator_chat=operator_chat
    ) as home:
        url = home.life.url
        one = replace(home.life, url=f"{url}/bots/{FIRST_NUMBER}")
        two = replace(home.life, url=f"{url}/bots/{SECOND_NUMBER}")
        found = Town(home, one, two)
        await found.add()
        yield found

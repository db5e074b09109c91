"""Who is there when a fault strikes: people with a medicine, and messages that wait for them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.conversation.message import Action, Message
from bot.conversation.sheet import to_sheet
from bot.conversation.text import Text
from bot.demo.house import TOKEN
from bot.telegram.intake import PLATFORM
from bot.vault import open_vault
from scheduler.clock import SystemClock
from scheduler.lanes import Lane
from storage import outbox, people
from storage.outbox import Posting
from tests.chaos.population import populate

ACCOUNT = TOKEN.partition(":")[0]


async def settle(folder: Path, count: int, database_url: str | None = None) -> list[int]:
    """`count` people in the United States, with nothing due in the next hours. Their chats come back."""
    now = SystemClock().now()
    later = (now + timedelta(hours=6)).time().replace(microsecond=0)
    return await populate(folder, ACCOUNT, count, time(later.hour, later.minute), now, database_url)


async def queue(folder: Path, chats: Sequence[int], count: int) -> None:
    """`count` reminders that are due now, spread over these people's chats."""
    now = SystemClock().now()
    vault = await open_vault(f"sqlite:///{folder / 'demo.db'}", folder / "demo.key")
    body = to_sheet(Message(Text("Sertraline, 50 mg. It is time.")), _unsigned)
    async with vault.database.transaction() as session:
        rows = []
        for chat in chats:
            person = await people.by_address(session, PLATFORM, ACCOUNT, str(chat))
            assert person is not None
            sealer = (await people.sealers(session, vault.master, [person.key]))[person.key]
            sealed = sealer.seal("outbox", "body_sealed", body)
            rows += [_row(person.key, chat, sealed, now) for _ in range(-(-count // len(chats)))]
        await outbox.post(session, rows[:count])
    await vault.close()


def _row(person_id: int, chat: int, sealed: bytes, now: datetime) -> Posting:
    return Posting(
        person_id=person_id,
        platform=PLATFORM,
        account=ACCOUNT,
        ref=str(chat),
        lane=Lane.DOSE,
        body_sealed=sealed,
        created_at=now,
        not_before=now,
        not_after=now + timedelta(hours=2),
    )


def _unsigned(_: Action) -> str:
    return ""

"""While nothing is due, next to nothing is asked of the database, and an index answers it."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, insert, literal, select, text
from sqlmodel import SQLModel

from scheduler.courier import Courier
from scheduler.pacing import Pacing
from scheduler.wakes import WakeLoop, Woken
from storage.outbox import OUTBOX
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, START, PostHouse
from tests.statements.conftest import Opening
from tests.statements.counting import plans, statements

ROWS = 100_000
TIMER = SQLModel.metadata.tables["timer"]
# The whole of a table is read: SQLite's words, and PostgreSQL's.
WHOLE = re.compile(r"SCAN \w+$|Seq Scan on (outbox|timer)", re.MULTILINE)


class Nobody:
    """A room at which nobody is woken."""

    async def wake(self, *_: Any) -> Woken:
        return Woken()


async def fill(house: PostHouse) -> None:
    """A hundred thousand messages and timers, all of them for later."""
    person, body = await house.person("7"), b"sealed"
    number = select(literal(1).label("n")).cte(recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < ROWS))
    later = literal(START + timedelta(days=1), OUTBOX.c.not_before.type)
    message: dict[str, ColumnElement[Any]] = {
        "person_id": literal(person),
        "platform": literal(PLATFORM),
        "account": literal(ACCOUNT),
        "ref": cast(number.c.n, String),
        "lane": number.c.n % 7,
        "kind": literal("send"),
        "body_sealed": literal(body),
        "created_at": later,
        "not_before": later,
        "state": literal("pending"),
        "attempt": literal(0),
        "copies": literal(0),
    }
    timer: dict[str, ColumnElement[Any]] = {
        "subject_kind": literal("person"),
        "subject_id": number.c.n,
        "room": literal("doses"),
    }
    async with house.database.engine.begin() as connection:
        for table, row in ((OUTBOX, message), (TIMER, timer | {"fire_at": later})):
            rows: Select[Any] = select(*row.values()).select_from(number)
            await connection.execute(insert(table).from_select(list(row), rows))
        if not house.database.is_sqlite:  # a server counts its rows by itself, a file never does
            await connection.execute(text("ANALYZE"))
        assert (await connection.execute(select(func.count()).select_from(TIMER))).scalar_one() == ROWS


async def test_an_idle_tick_and_an_idle_round_ask_next_to_nothing_and_an_index_answers(
    opening: Opening,
) -> None:
    async with opening() as house:
        await fill(house)
        loop = WakeLoop(house.database, house.clock, {"doses": Nobody()})
        courier = Courier(house.database, house.clock, house.platform, house.master, Pacing())
        with statements(house.database) as sweep:
            await courier.round()
        with statements(house.database) as tick:
            assert await loop.tick() == 0
        with statements(house.database) as idle:
            await courier.round()
        print(f"\nidle: {len(tick)} a tick, {len(idle)} a round of the courier, {len(sweep)} with a sweep")
        assert len(tick) == 1
        assert len(idle) <= (3 if house.database.is_sqlite else 5)
        told = [*tick, *idle]
        for one, plan in zip(told, await plans(house.database, told), strict=True):
            assert not WHOLE.search(plan), f"{one.words}\n{plan}"

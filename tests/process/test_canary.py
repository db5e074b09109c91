"""Canaries: a token, a name, texts of a person. None may be in any log or in the database's bytes."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.demo.house import TOKEN
from tests.stories.life import Life, house

EVENING = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
MEDICINE, AMOUNT, WORDS = "Canarytraline", "50 zebramg", "my flamingo secret"
PLANNED, TRUSTED, NUMBER = "the quokka song", "Axolotlanna", "+49 30 998877"
CANARIES = (
    *(TOKEN, TOKEN.partition(":")[2], MEDICINE, AMOUNT, "flamingo", "Canaryname"),
    *("quokka", TRUSTED, "998877", "numbat"),
)


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Logging is set up for the whole process; afterwards it is as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("logging_as_before")
async def test_no_canary_in_logs_at_debug_or_in_the_databases_bytes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    heard = StringIO()
    log.configure(logging.DEBUG)
    handler = logging.StreamHandler(heard)
    handler.addFilter(log.Redaction())
    root = logging.getLogger()
    root.addHandler(handler)
    levels = {
        name: logging.getLogger(name).level for name in ("telegram", "httpx", "aiohttp", "sqlalchemy.engine")
    }
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        await _an_evening(tmp_path)
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    written = heard.getvalue() + "".join(capfd.readouterr())
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())  # noqa: ASYNC240 - the bot has ended
    assert len(stored) > 50_000
    assert "crisis_answered" in written
    for canary in CANARIES:
        assert canary not in written, canary
        assert canary.encode() not in stored, canary


async def _an_evening(folder: Path) -> None:
    async with house(folder, EVENING) as one:
        life = one.life
        await life.call(
            "say",
            {
                "from": {"id": life.person, "first_name": "Canaryname", "username": "canaryname"},
                "text": "hello",
            },
        )
        await life.settle_in()
        await life.add_medicine(MEDICINE, AMOUNT, "9pm", first=True)
        await life.press("20:00")
        await life.say(WORDS)
        await life.say("/add")
        await life.say(WORDS)
        await life.say("i want to kill myself, " + WORDS)
        await _a_plan(life)
        await life.wait(hours=2.6)
        await life.press("Taken")
        await life.say("/export")
        await one.close()


async def _a_plan(life: Life) -> None:
    await life.say("/plan")
    await life.press("Step 2")
    await life.say(PLANNED)
    await life.press("Step 1")
    await life.say("i want to die, said the numbat")
    await life.press("Go on with the plan")
    await life.press("People I trust")
    await life.press("Add a person")
    await life.say(TRUSTED)
    await life.say(NUMBER)
    await life.say("/sos")
    await life.press("My safety plan")
    await life.press("Write to someone")

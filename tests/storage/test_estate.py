"""Erasing a person leaves nothing: not a row in any table, not a readable byte."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, true
from sqlmodel import col, select

from bot.vault import open_vault
from storage.outbox import OutboxRow
from storage.tables import metadata
from storage.timers import Timer
from tests import made
from tests.storage.record import leave_a_record
from tests.stories.gathering import gathering
from tests.stories.life import house

NOON = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
NOT_ABOUT_PEOPLE = {
    *(
        "bot",
        "deployment",
        "seen_update",
        "alembic_version",
        "support_group",
        "group_post",
        "pulse_plan",
        "pulse",
        "zone_outlook",
        "outage",
    )
}
# Of several workers, of several bots, of a crowd, of a file that cannot be written, and of a restored backup.
EMPTY_IN_ONE_HOUSE = {"ledger", "bot", "inbox", "owed_stone", "lapse"}


async def counts(folder: Path) -> dict[str, int]:
    """Rows per table, those about groups left out."""
    of_groups = {
        "outbox": col(OutboxRow.group_id).is_(None),
        "timer": col(Timer.subject_kind) == "person",
    }
    vault = await open_vault(made.at(folder / "evenkeel.db"), folder / "evenkeel.key")
    async with vault.database.reading() as session:
        found = {
            table.name: (
                await session.exec(
                    select(func.count()).select_from(table).where(of_groups.get(table.name, true()))
                )
            ).one()
            for table in metadata.sorted_tables
        }
    await vault.close()
    return found


async def test_after_delete_no_table_holds_a_row_about_the_person(tmp_path: Path) -> None:
    async with house(tmp_path, NOON) as one:
        life = one.life
        await life.settle_in()
        await life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
        await life.press("20:00")
        await life.wait(hours=2)
        await life.press("Taken")
        await life.say("/usual")
        await life.press("About my dose")
        await life.press("A month")
        await life.press("Not so far")
        await life.wait(days=4)
        await life.say("/phq")
        await life.press("PHQ-2, 2 questions")
        await life.press("Several days")
        await life.say("/sos")
        await life.say("/checkin")
        await life.say("/plan")
        await life.press("Step 1")
        await life.say("No sleep.")
        await life.say("/care")
        await life.press("Add someone")
        await life.say("Dr. Meyer")
        await life.press("psychiatrist")
        await life.press("I reach them in my own way")
        await life.press("Questions")
        await life.press("Add a question")
        await life.say("How long will I take it?")
        group = await gathering(one)
        await group.set_up()
        await group.add_post("Sleep", "daily 9:00")
        await life.press("Back")
        await life.press("Back")
        await life.press("Check-in")
        await life.press("Ask now")
        await life.wait(seconds=1)
        await group.press("Hard")
        await life.say("/add")
        assert one.vault is not None
        await leave_a_record(one.vault, one.clock.now())
        await one.close()
        before = await counts(tmp_path)
        assert {table for table, number in before.items() if not number} == EMPTY_IN_ONE_HOUSE
        await one.open()
        await life.say("/delete")
        await life.press("Delete everything")
        await life.press("Yes, erase it for good")
        await life.wait(seconds=1)
        assert "Everything is erased" in await life.last()
        await one.close()
    after = await counts(tmp_path)
    assert {table for table, number in after.items() if number} <= NOT_ABOUT_PEOPLE


async def test_an_old_button_after_delete_means_nothing_and_says_so_neutrally(tmp_path: Path) -> None:
    async with house(tmp_path, NOON) as one:
        life = one.life
        await life.settle_in()
        await life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
        await life.press("No, thank you")
        await life.wait(hours=1)
        reminder = (await life.heard())[-1]
        await life.say("/delete")
        await life.press("Delete everything")
        await life.press("Yes, erase it for good")
        await life.press_on(reminder["id"], reminder["buttons"][0][0]["data"])
        assert "Please begin with /start" in await life.last()

"""The record they can trust: what a move, an extra dose and a correction leave behind."""

import json
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from storage.doses import Dose
from storage.people import Person
from storage.vocabulary import DoseKind, DoseState
from tests.transcripts.stage import Stage, plain, stage

BEGUN = ("/start", "[Yes, let's begin]", "New York", "[United States]")
SERTRALINE = ("Sertraline", "50 mg", "8am", "[Yes, remind me]", "[No, thank you]")
TODAY = date(2026, 3, 5)


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as one:
        await play(one, *BEGUN, *SERTRALINE)
        yield one


async def play(one: Stage, *deeds: str) -> list[str]:
    """What we said to all of these."""
    return [plain(line) for deed in deeds for line in await one.play(deed)]


async def rows(one: Stage) -> list[Dose]:
    async with one.vault.database.reading() as session:
        return list(await session.exec(select(Dose).order_by("due_at", "id")))


def reminders(heard: list[str]) -> list[str]:
    return [line for line in heard if line.startswith(("< Time for", "< Still open"))]


async def test_a_moved_dose_is_asked_for_at_its_new_time_and_keeps_its_one_row(played: Stage) -> None:
    await play(played, "/today", "[Move a dose]", "[08:00 Sertraline]", "[+2 hours]")
    assert reminders(await play(played, "@ 09:59")) == []
    assert reminders(await play(played, "@ 10:00")) == ["< Time for Thu 5 Mar, 10:00 (moved from 08:00)"]
    await play(played, "[Taken]")
    assert reminders(await play(played, "@ 23:00")) == []
    [row] = await rows(played)
    assert (row.slot_date, row.slot_time, row.state) == (TODAY, time(8), DoseState.TAKEN)
    assert row.moved_from == row.due_at - timedelta(hours=2)
    assert reminders(await play(played, "@ 08:00")) == ["< Time for Fri 6 Mar, 08:00"]


async def test_a_dose_that_is_moved_back_is_asked_for_at_its_own_time(played: Stage) -> None:
    await play(played, "/today", "[Move a dose]", "[08:00 Sertraline]", "[+2 hours]")
    await play(played, "[Move a dose]", "[10:00 Sertraline]", "[Another time]", "8:00")
    [row] = await rows(played)
    assert (row.moved_from, row.state) == (None, DoseState.OPEN)
    assert reminders(await play(played, "@ 08:00", "@ 08:10")) == ["< Time for Thu 5 Mar, 08:00"]


async def test_new_times_take_a_moved_dose_back_and_nothing_comes_twice(played: Stage) -> None:
    await play(played, "/today", "[Move a dose]", "[08:00 Sertraline]", "[+2 hours]")
    await play(played, "/meds", "[Sertraline]", "[Change the times]", "9am", "[Yes, remind me]")
    heard = reminders(await play(played, "@ 09:00", "[Taken]", "@ 23:00"))
    assert heard == ["< Time for Thu 5 Mar, 09:00"]
    assert [row.state for row in await rows(played)] == [DoseState.TAKEN, DoseState.WITHDRAWN]


async def test_an_extra_dose_is_recorded_apart_and_names_whom_to_call_without_a_country(
    played: Stage,
) -> None:
    async with played.vault.database.transaction() as session:
        (await session.exec(select(Person))).one().country = None
    heard = await play(
        played, "@ 08:01", "[Taken]", "/today", "[Correct: 08:00 Sertraline]", "[I took one more]"
    )
    assert "< If you have taken too much of a medicine, call your local emergency number now." in heard
    assert "  A poison centre, a pharmacist or a doctor can say what an extra dose means. I cannot." in heard
    assert [(row.kind, row.state) for row in await rows(played)] == [
        (DoseKind.PLANNED, DoseState.TAKEN),
        (DoseKind.EXTRA, DoseState.TAKEN),
    ]


async def test_an_extra_dose_that_was_taken_back_can_be_recorded_again(played: Stage) -> None:
    more = ("/today", "[Correct: 08:00 Sertraline]", "[I took one more]")
    await play(played, "@ 08:01", "[Taken]", *more, "/undo")
    assert [row.state for row in await rows(played)] == [DoseState.TAKEN, DoseState.WITHDRAWN]
    await play(played, *more)
    assert [row.state for row in await rows(played)] == [DoseState.TAKEN, DoseState.TAKEN]


async def test_a_time_that_was_said_is_kept_as_said_and_a_press_as_a_press(played: Stage) -> None:
    await play(played, "@ 08:20", "[Taken]")
    [row] = await rows(played)
    assert (row.taken_at, row.time_said) == (row.due_at + timedelta(minutes=20), False)
    await play(played, "[I took it at another time]", "[On time, 08:00]")
    [row] = await rows(played)
    assert (row.taken_at, row.time_said) == (row.due_at, True)
    await play(played, "[I took it at another time]", "[I don't know]")
    [row] = await rows(played)
    assert (row.taken_at, row.time_said, row.state) == (None, False, DoseState.TAKEN)


async def test_looking_at_a_day_before_the_bot_was_there_leaves_nothing_that_counts(played: Stage) -> None:
    await play(played, "/today", "[Earlier days]", "[Record: Wed 08:00 Sertraline]", "[Back]")
    [row] = await rows(played)
    assert (row.state, row.ended_at) == (DoseState.WITHDRAWN, None)
    assert "< Your streak begins with your first recorded day." in await play(played, "/streak")


async def export(one: Stage) -> dict[str, Any]:
    """What /export sends."""
    await play(one, "/export")
    files = [sheet.document.content for sheet in one.chat.shown.values() if sheet.document is not None]
    exported: dict[str, Any] = json.loads(files[-1])
    return exported


async def test_a_note_that_was_changed_or_deleted_is_gone_from_the_report_and_from_the_export(
    played: Stage,
) -> None:
    written = ("[Add a note]", "a quokka", "[Yes, a side effect]")
    page = ("/today", "[Correct: 08:00 Sertraline]")
    await play(played, "@ 08:01", "[Taken]", *written)
    [note] = (await export(played))["dose_notes"]
    assert (note["content"], note["kind"]) == ("a quokka", "side_effect")
    await play(played, *page, "[Note: a quokka]", "[Change it]", "a numbat", "[No, just a note]")
    told = await export(played)
    [changed] = told["dose_notes"]
    assert changed == {**note, "content": "a numbat", "kind": "note"}
    assert "quokka" not in json.dumps(told)
    assert not any("quokka" in line for line in await play(played, "/report"))
    await play(played, *page, "[Note: a numbat]", "[Delete it]", "[Yes, delete it]")
    told = await export(played)
    assert told["dose_notes"] == []
    assert "numbat" not in json.dumps(told)
    assert not any("numbat" in line for line in await play(played, "/report"))


async def test_what_was_noted_with_an_extra_dose_that_was_taken_back_is_not_reported(played: Stage) -> None:
    await play(played, "@ 08:01", "[Taken]", "/today", "[Correct: 08:00 Sertraline]", "[I took one more]")
    await play(played, "/today", "[Correct: 08:01 Sertraline]", "[Add a note]", "a numbat")
    await play(played, "[No, just a note]")
    assert any("numbat" in line for line in await play(played, "/report"))
    await play(played, "/undo")
    assert not any("numbat" in line for line in await play(played, "/report"))

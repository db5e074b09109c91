"""Moving house: what a person has here is there afterwards, and what cannot be taken in is named."""

import json
from pathlib import Path
from typing import Any

from bot.moving.exporting import Count, hand_over
from bot.moving.importing import Tally
from bot.vault import open_vault
from tests.moving.lines import DOSE, GOOD, LATER, NOON, lines_of, move, opened, somebody, write
from tests.storage.record import leave_a_record
from tests.stories.life import House, house

TIES = ("invitations", "caregivers", "cares_for")
NUMBERS = frozenset({"id", "regimen_id", "version_id", "dose_id", "exported_at", "told_at"})


async def live(one: House) -> None:
    """A few days with something of everything."""
    life = one.life
    await life.settle_in()
    await life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
    await life.press("20:00")
    await life.wait(hours=2)
    await life.press("Taken")
    await life.say("/settings")
    await life.press("Exact time")
    await life.press("Up to 5 minutes")
    await life.say("/usual")
    await life.press("About my dose")
    await life.press("A month")
    await life.press("Not so far")
    await life.say("/phq")
    for label in ("PHQ-2, 2 questions", "Several days", "Not at all"):
        await life.press(label)
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
    await life.say("/checkin")
    await life.press("Just one tap today")
    await life.press("4")
    await life.wait(days=3)
    await life.say("/sos")


def comparable(value: Any) -> Any:
    """Without the numbers that a database gives, and without what is asked anew."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if name not in NUMBERS}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return value


async def test_a_life_that_moves_is_the_same_there_under_another_key(tmp_path: Path, there: str) -> None:
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    async with house(tmp_path, NOON) as one:
        await live(one)
        assert one.vault is not None
        await leave_a_record(one.vault, one.clock.now())
        assert await hand_over(before, one.vault.database, one.vault.master, LATER) == Count(1)
    async with opened(there, tmp_path) as vault:
        assert await move(before, vault) == (Tally(settled=1), [])
        await hand_over(after, vault.database, vault.master, LATER)
    [was], [now] = lines_of(before), lines_of(after)
    leave_behind(was, [dose for dose in was["doses"] if dose["state"] == "open" and not dose["moved_from"]])
    [moved] = [dose for dose in was["doses"] if dose["moved_from"]]
    moved["asked"] = 0  # it is asked for anew
    assert [part for part in was if not was[part]] == [], "the life had something of everything"
    # Nobody there has agreed to anything, so what ties people to one another stays behind.
    assert [(was.pop(part) != [], now.pop(part)) for part in TIES] == [(True, [])] * len(TIES)
    assert now["person"]["spread_minutes"] == 5
    check_record(now)
    assert comparable(now) == comparable(was)


def check_record(now: dict[str, Any]) -> None:
    """What `leave_a_record` wrote is handed over with its words and numbers."""
    [medicine], doses = now["medicines"], {dose["id"]: dose for dose in now["doses"]}
    [first, second] = medicine["versions"][0]["steps"]
    assert (first["amounts"], second["amounts"]) == (["50 mg"], ["25 mg", "50 mg"])
    assert (medicine["stock"]["left"], medicine["stock"]["per_dose"]) == ("0.5", "0.125")
    assert medicine["stock"]["per_amount"] == {"50 mg": "0.25"}
    noted = {(doses[note["dose_id"]]["state"], note["kind"], note["content"]) for note in now["dose_notes"]}
    assert noted == {("taken", "note", "A dry mouth."), ("open", "side_effect", "A dry mouth.")}
    for part in ("doses", "dose_events"):
        assert [each["recorded_by"] for each in now[part] if "recorded_by" in each] == ["Anna Berg"]
    days = now["adherence_days"]
    assert {name: sum(day[name] for day in days) for name in ("extra", "as_needed", "open")} == {
        "extra": 1,
        "as_needed": 1,
        "open": 1,
    }
    assert (now["person"]["day_ends_at"], now["person"]["zone_news"]) == ("04:00:00", {"tzdata": "2026b"})


def leave_behind(was: dict[str, Any], open_doses: list[dict[str, Any]]) -> None:
    """What is open is planned anew there, and counts on no day until then."""
    ids = {dose["id"] for dose in open_doses}
    assert ids, "the life had an open dose"
    was["doses"] = [dose for dose in was["doses"] if dose["id"] not in ids]
    was["dose_events"] = [event for event in was["dose_events"] if event["dose_id"] not in ids]
    for dose in open_doses:
        [day] = [each for each in was["adherence_days"] if each["day"] == dose["slot_date"]]
        day["open"] -= 1
    numbers = [name for name in was["adherence_days"][0] if name not in ("regimen_id", "day")]
    was["adherence_days"] = [day for day in was["adherence_days"] if any(day[name] for name in numbers)]


async def test_whoever_moved_is_reminded_there(tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(json.dumps(somebody("501")) + "\n", "utf-8")
    async with house(tmp_path, NOON) as one:
        await one.close()
        vault = await open_vault(one.settings.database_url, one.settings.key_file)
        assert (await move(file, vault, NOON))[0].settled == 1
        await vault.close()
        await one.open()
        await one.life.call("people", {"first_id": 501})
        await one.life.wait(hours=2)
        assert "Sertraline, 50 mg" in await one.life.last()


async def test_a_dose_that_was_open_is_asked_anew(tmp_path: Path) -> None:
    file, there = tmp_path / "people.jsonl", tmp_path / "there"
    there.mkdir()
    async with house(tmp_path, NOON) as one:
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
        await one.life.wait(hours=1, minutes=5)
        assert one.vault is not None
        moved_at = one.clock.now()
        await hand_over(file, one.vault.database, one.vault.master, moved_at)
    async with house(there, moved_at) as one:
        await one.close()
        vault = await open_vault(one.settings.database_url, one.settings.key_file)
        await move(file, vault, moved_at)
        await vault.close()
        await one.open()
        await one.life.call("people", {"first_id": one.life.person})
        await one.life.wait(minutes=2)
        assert "Sertraline, 50 mg" in await one.life.last()
        await one.life.press("Taken")
        assert "taken at 13:0" in await one.life.last()


async def test_a_dose_that_was_moved_is_asked_for_at_its_new_time_and_only_then(tmp_path: Path) -> None:
    at_three = {"due_at": "2026-03-05T20:00:00Z", "window_end": "2026-03-05T22:00:00Z", "asked": 2}
    moved = (
        DOSE | at_three | {"state": "open", "moved_from": "2026-03-05T18:00:00Z", "step": None, "turn": None}
    )
    file = write(tmp_path / "people.jsonl", somebody("501") | {"doses": [moved]})
    async with house(tmp_path, NOON) as one:
        await one.close()
        vault = await open_vault(one.settings.database_url, one.settings.key_file)
        await move(file, vault, NOON)
        await vault.close()
        await one.open()
        await one.life.call("people", {"first_id": 501})
        await one.life.wait(hours=2, minutes=59)
        assert await one.life.heard() == []
        await one.life.wait(minutes=2)
        assert "Sertraline, 50 mg" in await one.life.last()


async def test_whoever_is_there_is_left_alone_so_a_broken_run_goes_on(tmp_path: Path, there: str) -> None:
    everybody = [somebody(str(number)) for number in range(2_500)]
    file = write(tmp_path / "people.jsonl", *everybody[:1_200])
    async with opened(there, tmp_path) as vault:
        assert (await move(file, vault))[0] == Tally(settled=1_200)
        assert (await move(write(file, *everybody), vault))[0] == Tally(settled=1_300, known=1_200)
        assert (await move(write(file, *everybody), vault))[0] == Tally(known=2_500)


async def test_what_former_versions_handed_over_is_taken_in_and_its_days_are_counted(
    tmp_path: Path, there: str
) -> None:
    after, former = (
        tmp_path / "after.jsonl",
        {name: DOSE[name] for name in DOSE if name not in ("step", "turn")},
    )
    async with opened(there, tmp_path) as vault:
        assert (await move(write(tmp_path / "people.jsonl", GOOD | {"doses": [former]}), vault))[
            0
        ].settled == 1
        await hand_over(after, vault.database, vault.master, LATER)
    [now] = lines_of(after)
    [dose], [day], [medicine] = now["doses"], now["adherence_days"], now["medicines"]
    assert (dose["kind"], dose["step"], dose["time_said"]) == ("planned", None, False)
    assert (day["day"], day["due"], day["taken"], day["untimed"]) == ("2026-03-05", 1, 1, 1)
    assert (now["person"]["day_ends_at"], medicine["stock"], now["dose_notes"]) == ("00:00:00", None, [])
    assert medicine["versions"][0]["steps"] == []


async def test_one_person_twice_in_a_file_is_one_person(tmp_path: Path, there: str) -> None:
    async with opened(there, tmp_path) as vault:
        tally, _ = await move(write(tmp_path / "people.jsonl", GOOD, GOOD), vault)
    assert tally == Tally(settled=1, known=1)

"""Named regressions: each was a real defect once, seen from the person's side."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from storage import deployment
from storage.doses import Dose
from storage.outbox import OutboxRow, OutboxState
from storage.timers import Timer
from storage.vocabulary import DoseState
from tests.stories.life import House, Life, house, plain

THURSDAY = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)  # 07:30 in Berlin
CARD = "I am a program. Nobody reads this live."


@pytest.fixture
async def life(tmp_path: Path, database_url: str | None) -> AsyncIterator[Life]:
    """A person in Berlin with a medicine at 08:00."""
    async with house(tmp_path, THURSDAY, database_url=database_url) as one:
        yield await settled(one)


async def settled(one: House, times: str = "8am") -> Life:
    await one.life.settle_in("Berlin", "Germany")
    await one.life.add_medicine("Sertraline", "50 mg", times, first=True)
    await one.life.press("No, thank you")
    return one.life


async def texts(life: Life) -> list[str]:
    return [plain(message) for message in await life.heard()]


async def reminders(life: Life) -> list[dict[str, Any]]:
    return [
        message for message in await life.heard() if "Sertraline" in plain(message) and message["buttons"]
    ]


async def change_amount(life: Life, amount: str) -> None:
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("Change the amount")
    await life.say(amount)


async def rows(one: House) -> list[Dose]:
    """The doses as they stand, in order of slot."""
    assert one.vault is not None
    async with one.vault.database.reading() as session:
        return list(await session.exec(select(Dose).order_by(col(Dose.slot_date), col(Dose.slot_time))))


async def booked(one: House) -> list[tuple[str, DoseState]]:
    """Each slot and what became of its dose."""
    return [(f"{dose.slot_date.day} {dose.slot_time:%H:%M}", dose.state) for dose in await rows(one)]


async def test_a_crisis_card_refused_for_a_while_still_arrives(life: Life) -> None:
    refuse = {"method": "send*", "kind": "retry_after", "seconds": 10, "probability": 1.0}
    await life.call("faults", {"rules": [refuse]})
    await life.call("say", {"from": life.person, "text": "i want to kill myself", "wait": False})
    await life.say("/help")
    await life.call("faults", {"clear": True})
    await life.wait(minutes=2)
    assert [text for text in await texts(life) if CARD in text]


async def test_changing_the_times_twice_never_asks_for_a_second_dose_that_day(life: Life) -> None:
    await life.wait(minutes=35)
    await life.press("Taken")
    for times in ("10:00", "11:00"):
        await life.say("/meds")
        await life.press("Sertraline")
        await life.press("Change the times")
        await life.say(times)
        assert "Fri 6 Mar" in (await life.last()).split("The next reminders:")[1].splitlines()[1]
        await life.press("Yes, remind me")
    await life.wait(hours=12)
    assert not [m for m in await reminders(life) if "Thu 5 Mar, 1" in plain(m)]


async def test_correcting_an_early_log_brings_the_reminder_back(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "8am, 8pm")
        await life.say("/today")
        await life.press("Taken: 20:00 \u2068Sertraline\u2069")
        await life.press("Correct: 20:00 \u2068Sertraline\u2069")
        await life.press("I did not take it")
        await life.wait(hours=12, minutes=35)
        assert [m for m in await reminders(life) if "20:00" in plain(m)]


async def test_an_answer_while_the_reminder_is_on_its_way_reaches_the_reminder(life: Life) -> None:
    slow = {"method": "sendMessage", "kind": "latency", "ms": 1500, "probability": 1.0, "times": 1}
    await life.call("faults", {"rules": [slow]})
    await life.wait_until(THURSDAY.replace(hour=6, minute=59, second=59))
    one_second_on = life.call("clock", {"advance_s": 1.5})
    await one_second_on
    await life.say("/today")
    await life.press("Taken: 08:00 \u2068Sertraline\u2069")
    await life.wait(minutes=2)
    cards = [plain(m) for m in await life.heard() if "Thu 5 Mar, 08:00" in plain(m)]
    assert cards
    assert all("taken at" in card for card in cards)


async def test_who_travels_east_is_still_asked_for_the_dose_of_the_skipped_hours(tmp_path: Path) -> None:
    async with house(tmp_path, datetime(2026, 3, 5, 12, 0, tzinfo=UTC)) as one:
        await one.life.settle_in("New York", "United States")
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        await one.life.press("No, thank you")
        await one.life.wait(hours=2)
        await one.life.press("Taken")
        await one.life.wait_until(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
        await one.life.say("/settings")
        await one.life.press("Time zone")
        await one.life.say("Paris")
        await one.life.press("France")
        await one.life.wait(minutes=1)
        assert [m for m in await reminders(one.life) if "Fri 6 Mar, 08:00" in plain(m)]


async def test_hours_apart_go_on_when_the_person_travels_west(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "every 6 hours from 8:00")
        await life.wait(minutes=35)
        await life.press("Taken")
        await life.say("/settings")
        await life.press("Time zone")
        await life.say("New York")
        await life.press("United States")
        await life.wait(hours=6)
        assert len([m for m in await reminders(life) if "Time for Thu 5 Mar, 14:00" in plain(m)]) == 1


async def test_a_switch_in_the_settings_stays_a_settings_message(life: Life) -> None:
    await life.wait(minutes=35)
    await life.say("/settings")
    await life.press("Discreet mode")
    assert (await life.last()).startswith("Settings")
    cards = [plain(m) for m in await life.heard() if "Taken" in str(m["buttons"])]
    assert cards == ["Time for Thu 5 Mar, 08:00\n○ medicine 1"]


async def test_a_pause_by_mistake_leaves_the_open_dose_open(life: Life) -> None:
    await life.wait(minutes=35)
    await life.say("/pause")
    await life.say("/resume")
    assert await life.press("Taken") == "Recorded at 08:05."


async def test_undo_does_not_bring_back_a_dose_of_a_stopped_medicine(life: Life) -> None:
    await life.wait(minutes=35)
    await life.press("Taken")
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("Stop reminders")
    await life.press("Yes, stop reminding me")
    await life.say("/undo")
    before = len(await life.heard())
    await life.wait(hours=2)
    assert len(await life.heard()) == before


async def test_words_of_another_day_are_no_answer_to_an_old_question(life: Life) -> None:
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("Change the amount")
    await life.wait(days=1)
    await life.say("thanks 2 much")
    assert "did not understand" in await life.last()
    await life.say("/meds")
    assert "50 mg" in await life.last()


async def test_answering_again_and_walking_away_keeps_the_first_answers(life: Life) -> None:
    await life.say("/checkin")
    await life.press("Just one tap today")
    await life.press("7")
    await life.say("/checkin")
    await life.press("Answer it again")
    await life.wait(days=1)
    await life.say("/mood")
    assert "Thu 5 Mar: 7" in await life.last()


async def test_a_tap_counts_for_the_question_it_was_under(life: Life) -> None:
    await life.say("/checkin")
    await life.say("/checkin")
    first, second = (await life.heard())[-2:]
    await life.press_on(second["id"], "Just one tap today")
    await life.press_on(first["id"], "9")
    await life.say("/mood")
    assert "no check-in yet" in await life.last()


async def test_an_old_button_after_delete_books_nothing_on_a_new_medicine(life: Life) -> None:
    await life.wait(minutes=35)
    old = (await life.heard())[-1]
    await life.say("/delete")
    await life.press("Delete everything")
    await life.press("Yes, erase it for good")
    await life.settle_in("Berlin", "Germany")
    await life.add_medicine("Bupropion", "150 mg", "8:10", first=True)
    await life.press("No, thank you")
    await life.wait(minutes=10)
    said = await life.press_on(old["id"], old["buttons"][0][0]["data"])
    assert said is None or "Recorded" not in said
    assert await life.press("Taken")


async def test_new_zone_data_has_every_wake_computed_afresh(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        await settled(one)
        assert one.vault is not None
        async with one.vault.database.transaction() as session:
            known = await deployment.read(session)
            assert known is not None
            known.tzdata = "1999.1"
            await session.exec(update(Timer).values(fire_at=THURSDAY.replace(year=2027)))
        await one.close()
        await one.open()
        await one.life.wait(minutes=35)
        assert [m for m in await reminders(one.life) if "Thu 5 Mar, 08:00" in plain(m)]


async def test_every_day_is_lived_when_time_moves_by_days(life: Life) -> None:
    for day in range(4):
        await life.wait(days=1)
        assert [m for m in await life.heard() if f"{5 + day} Mar, 08:00" in plain(m)], day


async def test_the_export_holds_every_fact_and_its_parts_can_be_joined(life: Life) -> None:
    await life.wait(minutes=35)
    await life.press("Taken")
    await life.say("/checkin")
    await life.press("Just one tap today")
    await life.press("6")
    await life.say("/export")
    document = (await life.heard())[-1]["document"]
    async with life.http.get(life.url + document["url"]) as reply:
        everything = json.loads(await reply.text())
    [medicine], [dose] = everything["medicines"], everything["doses"]
    [version] = medicine["versions"]
    assert (version["name"], version["amount"]) == ("Sertraline", "50 mg")
    assert (dose["regimen_id"], dose["version_id"]) == (medicine["id"], version["id"])
    assert {event["dose_id"] for event in everything["dose_events"]} == {dose["id"]}
    assert [event["kind"] for event in everything["dose_events"]] == ["reminded", "taken"]
    assert everything["checkins"][0]["answers"] == {"heavy": 6}
    assert everything["person"]["zone"] == "Europe/Berlin"
    assert len(everything["consents"]) == 1


async def test_an_answer_in_the_second_in_which_another_dose_falls_due_does_not_put_that_off(
    life: Life,
) -> None:
    await life.add_medicine("Bupropion", "150 mg", "8:40am")
    await life.wait_until(THURSDAY.replace(hour=7, minute=39))
    life.clock.advance_to(THURSDAY.replace(hour=7, minute=40))
    await life.press("Taken")
    await life.wait(seconds=10)
    assert "Bupropion" in await life.last()


async def test_an_answer_after_midnight_books_yesterdays_dose(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "22:00")
        await life.wait_until(THURSDAY.replace(hour=23, minute=30))  # half past midnight in Berlin
        assert await life.press("Taken") == "Recorded at 00:30."
        assert await booked(one) == [("5 22:00", DoseState.TAKEN)]
        await life.say("/today")
        assert "later today" in await life.last()
        await life.wait_until(THURSDAY.replace(day=6, hour=21, minute=5))
        assert "Time for Fri 6 Mar, 22:00" in await life.last()


async def test_of_two_open_doses_of_one_medicine_the_tapped_newer_one_is_booked(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "8:00, 9:30")
        await life.wait(minutes=55)
        await life.press("Snooze")
        await life.press("15 minutes")  # so that the one of 8:00 is open until 9:40
        await life.wait(minutes=66)
        assert await booked(one) == [("5 08:00", DoseState.OPEN), ("5 09:30", DoseState.OPEN)]
        newer = [m for m in await life.heard() if "Time for Thu 5 Mar, 09:30" in plain(m)]
        await life.press_on(newer[-1]["id"], "Taken")
        assert await booked(one) == [("5 08:00", DoseState.OPEN), ("5 09:30", DoseState.TAKEN)]
        await life.wait(hours=1)
        assert await booked(one) == [("5 08:00", DoseState.MISSED), ("5 09:30", DoseState.TAKEN)]


async def test_who_was_reminded_before_a_night_that_we_were_down_is_asked_no_dose_twice(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "23:00, 00:30")
        await life.wait_until(THURSDAY.replace(hour=22, minute=5))
        before = len(await life.heard())
        await one.close()
        one.clock.advance(100 * 60)  # from 23:05 to 00:45
        await one.open()
        await life.wait(seconds=1)
        [late] = (await life.heard())[before:]
        assert "late" in plain(late)
        assert "Fri 6 Mar, 00:30" in plain(late)
        await life.press_on(late["id"], "Taken")
        assert await booked(one) == [("5 23:00", DoseState.UNKNOWN), ("6 00:30", DoseState.TAKEN)]
        await life.wait_until(THURSDAY.replace(day=6, hour=22, minute=5))
        assert [slot for slot, _ in await booked(one)] == ["5 23:00", "6 00:30", "6 23:00"]


async def test_a_stall_of_ninety_seconds_over_a_due_minute_loses_nothing_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "8:00, 12:00")
        await life.wait_until(THURSDAY.replace(hour=6, minute=59, second=15))
        one.clock.advance(90)  # nobody looked at 8:00
        await life.wait(seconds=1)
        [asked] = [plain(m) for m in await life.heard() if "Thu 5 Mar, 08:00" in plain(m) and "○" in plain(m)]
        assert asked.startswith("Time for"), "a stall is not worth a word"
        await life.press("Taken")
        await life.wait(hours=3)
        assert await booked(one) == [("5 08:00", DoseState.TAKEN)]


async def test_an_edit_while_a_reminder_is_open_leaves_no_ghost_and_no_second_dose(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one)
        await life.wait(minutes=35)
        old = (await life.heard())[-1]
        await life.say("/meds")
        await life.press("Sertraline")
        await life.press("Change the times")
        await life.say("10:00")
        await life.press("Yes, remind me")
        [card] = [plain(m) for m in await life.heard() if m["id"] == old["id"]]
        assert "times changed" in card
        said = await life.press_forged(old["id"], old["buttons"][0][0]["data"])
        assert said is not None
        assert "nothing was recorded" in said
        await life.wait(hours=2)
        assert "Time for Thu 5 Mar, 10:00" in await life.last()
        await life.press("Taken")
        assert await booked(one) == [("5 08:00", DoseState.WITHDRAWN), ("5 10:00", DoseState.TAKEN)]


async def test_unanswered_is_never_taken(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one)
        await life.wait(minutes=35)
        await life.press("Snooze")
        await life.press("1 hour")
        await life.wait(days=1, hours=5)
        assert await booked(one) == [("5 08:00", DoseState.MISSED), ("6 08:00", DoseState.MISSED)]
        assert {dose.taken_at for dose in await rows(one)} == {None}
        cards = [plain(m) for m in await life.heard() if "not recorded" in plain(m)]
        assert len(cards) == 2
        assert all("Don't take two doses to make up for it." in card for card in cards)
        await life.say("/streak")
        assert "A new streak begins" in await life.last()


async def test_who_was_reminded_and_then_blocked_the_bot_missed_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one)
        await life.wait(minutes=35)
        await life.call("block", {"person": life.person, "blocked": True})
        await life.wait(hours=6)
        assert await booked(one) == [("5 08:00", DoseState.UNKNOWN)]


async def test_an_answer_taken_back_whose_reminder_never_arrived_was_never_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one)
        await life.wait(minutes=35)
        assert one.vault is not None
        async with one.vault.database.transaction() as session:
            cards = col(OutboxRow.about).startswith("card:")
            await session.exec(update(OutboxRow).where(cards).values(state=OutboxState.EXPIRED))
        await life.press("Taken")
        await life.wait(hours=5)
        await life.say("/undo")
        assert [(dose.asked, dose.state) for dose in await rows(one)] == [(1, DoseState.UNKNOWN)]


async def test_a_past_dose_shows_the_amount_that_was_to_be_taken_then(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one)
        await life.wait(minutes=35)
        await life.press("Taken")
        card = (await life.heard())[-1]["id"]
        await change_amount(life, "100 mg")
        await life.say("/today")
        assert "08:00 Sertraline, 50 mg" in await life.last()
        await life.press("Correct: 08:00 \u2068Sertraline\u2069")
        assert "Sertraline, 50 mg. How was it really?" in await life.last()
        await life.press("I did not take it")
        [again] = [plain(m) for m in await life.heard() if m["id"] == card]
        assert "Sertraline, 50 mg" in again
        await life.wait(minutes=25)
        assert "Still open: Thu 5 Mar, 08:00\n○ Sertraline, 50 mg" in await life.last()
        await life.wait_until(THURSDAY.replace(day=6, hour=7, minute=5))
        assert "Fri 6 Mar, 08:00\n○ Sertraline, 100 mg" in await life.last()
        await change_amount(life, "75 mg")
        [open_now] = [plain(m) for m in await life.heard() if "Time for Fri 6 Mar" in plain(m)]
        assert open_now == "Time for Fri 6 Mar, 08:00\n○ Sertraline, 75 mg", "it is still to be taken"


async def test_times_by_the_clock_follow_the_person_also_where_hours_were_counted_before(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, THURSDAY) as one:
        life = await settled(one, "every 8 hours from 8:00")
        await life.say("/settings")
        await life.press("Time zone")
        await life.say("New York")
        await life.press("United States")
        await life.say("/meds")
        await life.press("Sertraline")
        await life.press("Change the times")
        await life.say("8am")
        await life.press("Yes, remind me")
        await life.wait_until(THURSDAY.replace(hour=13, minute=1))  # 08:01 in New York
        assert "Time for Thu 5 Mar, 08:00" in await life.last()


async def test_what_is_counted_no_longer_may_be_counted_again_in_the_middle_of_it(life: Life) -> None:
    await life.say("/meds")
    for button in ("Sertraline", "Count what is left"):
        await life.press(button)
    for answer in ("5", "1", "3"):
        await life.say(answer)
    await life.press("Count again")
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("What is left")
    await life.press("Do not count it any more")
    await life.say("28")
    assert "How much of Sertraline do you have now?" in await life.last()
    for answer in ("28", "1", "3"):
        await life.say(answer)
    assert "Left: 28" in await life.last()


async def test_an_answer_about_a_medicine_that_was_stopped_meanwhile_is_answered(life: Life) -> None:
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("Rename")
    await life.say("/meds")
    await life.press("Sertraline")
    await life.press("Stop reminders")
    await life.press("Yes, stop reminding me")
    before = len(await life.heard())
    await life.say("Zoloft")
    assert len(await life.heard()) > before


async def test_a_check_in_that_waits_does_not_come_after_a_pause(life: Life) -> None:
    await life.say("/settings")
    await life.press("Check-in")
    await life.press("18:00")
    await life.wait_until(THURSDAY.replace(hour=16, minute=59))
    await life.call("faults", {"rules": [{"method": "send*", "kind": "retry_after", "seconds": 60}]})
    await life.wait(minutes=1, seconds=5)
    await life.call("say", {"from": life.person, "text": "/pause", "wait": False})
    await life.call("faults", {"clear": True})
    await life.wait(minutes=10)
    assert not [text for text in await texts(life) if "Check-in · 1" in text]

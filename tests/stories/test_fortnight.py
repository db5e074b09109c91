"""THE story: a fortnight of three medicines in New York, over the night in which the clock moves forward.

Everything goes over real HTTP: the unchanged bot talks to the stand-in, and time is moved from one thing that
happens to the next. 2026-03-08 at 02:00 New York's clock jumps to 03:00.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.stories.life import House, Life, house, plain

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 2)
STRANGER = 909
DONT_DOUBLE = (
    "Don't take two doses to make up for it. "
    "Your leaflet, pharmacist or prescriber can say whether to take it late or skip it."
)


def new_york(day: date, at: str) -> datetime:
    """An instant by the clock of New York."""
    return datetime.combine(day, time.fromisoformat(at), NEW_YORK).astimezone(UTC)


def march(day: int) -> date:
    return date(2026, 3, day)


@dataclass(slots=True)
class Story:
    """One person's fortnight, and how a test looks at it."""

    house: House
    mark: int = 0

    @property
    def life(self) -> Life:
        return self.house.life

    async def until(self, day: int, at: str) -> None:
        """Let time pass until a clock time of March in New York."""
        await self.life.wait_until(new_york(march(day), at))

    async def sent(self) -> list[tuple[datetime, str]]:
        """What the bot sent since the last look: when, and the words."""
        log = await self.life.call(f"requests?since={self.mark}")
        self.mark = log["last"]
        wanted = ("sendMessage", "sendPhoto")
        return [
            (datetime.fromisoformat(entry["time"]), plain(entry["params"]))
            for entry in log["requests"]
            if entry["method"] in wanted and entry["chat"] == self.life.person
        ]

    async def reminders(self) -> list[tuple[datetime, str]]:
        """The reminders among them."""
        return [(at, words) for at, words in await self.sent() if is_reminder(words)]

    async def card(self) -> dict[str, Any]:
        """The newest message that speaks of a dose."""
        return [message for message in await self.life.heard() if is_card(plain(message))][-1]

    async def card_says(self) -> str:
        return plain(await self.card())

    async def take(self) -> str | None:
        """Press the newest "Taken"."""
        return await self.life.press("Taken")


def is_reminder(words: str) -> bool:
    return words.startswith(("Time for", "Still open", "This reminder is late"))


def is_card(words: str) -> bool:
    return any(mark in words for mark in ("○ ", "✓ ", "– ", "· ")) and not words.startswith(
        ("Today", "Settings", "Yesterday", "Your medicines")
    )


def on_time(at: datetime, due: datetime) -> bool:
    """Never early, and in its minute. How soon is measured elsewhere; here the machine may be busy."""
    return due <= at < due + timedelta(minutes=1)


@pytest.fixture
async def story(tmp_path: Path, database_url: str | None) -> AsyncIterator[Story]:
    async with house(tmp_path, new_york(MONDAY, "07:00"), database_url=database_url) as one:
        one.life.unhurried = 4.0
        yield Story(one)


async def test_a_fortnight_of_three_medicines_across_the_clock_change(story: Story) -> None:
    await _monday_morning_begins(story)
    await _monday(story)
    await _tuesday(story)
    await _wednesday(story)
    await _thursday(story)
    await _friday_with_strange_presses(story)
    await _saturday_is_forgotten_in_the_evening(story)
    await _sunday_the_clock_jumps(story)
    await _second_week(story)
    await _the_streak_at_the_end(story)


async def _monday_morning_begins(story: Story) -> None:
    life = story.life
    began = life.clock.now()
    await life.settle_in()
    await life.add_medicine("Sertraline", "50 mg", "8am", first=True)
    assert "shall i ask you once a day" in (await life.last()).lower()
    await life.press("20:00")
    assert life.clock.now() - began < timedelta(minutes=1), "beginning takes longer than a minute"

    await life.say("/add")
    await life.say("i want to kill myself")
    assert "call 911 (United States)" in await life.last()
    await life.say("Bupropion")
    assert "How much of Bupropion" in await life.last()
    await life.say("150 mg")
    await life.say("21:00")
    await life.press("Yes, remind me")

    await life.add_medicine("Vitamin D", "1 tablet", "sunday 2:30")
    await life.add_medicine("Thiamine", "100 mg", "mon 8am")
    await life.say("/meds")
    listed = await life.last()
    assert "kill" not in listed
    assert "3. Vitamin D, 1 tablet: Sun at 02:30" in listed
    await life.say("/streak")
    assert await life.last() == "No numbers today. They will still be there when you want them."


async def _monday(story: Story) -> None:
    """Two medicines in one message; the second tap; a full check-in; an evening without an answer."""
    life = story.life
    await story.sent()
    await story.until(2, "08:03")
    [(at, words)] = await story.reminders()
    assert on_time(at, datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    assert words == "Time for Mon 2 Mar, 08:00\n○ Sertraline, 50 mg\n○ Thiamine, 100 mg"
    card = await story.card()
    all_taken = card["buttons"][0][0]
    assert all_taken["text"] == "All taken"
    assert await life.press("All taken") == "Recorded at 08:03."
    assert await story.card_says() == (
        "Mon 2 Mar, 08:00\n✓ Sertraline, 50 mg: taken at 08:03\n✓ Thiamine, 100 mg: taken at 08:03"
    )
    more = [button["text"] for row in (await story.card())["buttons"] for button in row]
    assert more == ["I took it at another time", "Add a note"]
    again = await life.press_forged(card["id"], all_taken["data"])
    assert again is not None
    assert again.startswith("Already recorded at 08:03.")

    await story.until(2, "20:01")
    assert (await life.last()).startswith("Check-in · 1 of 5 · Mon 2 Mar")
    assert "I need help now" in await life.buttons()
    for value in ("3", "4", "5", "6", "7"):
        await life.press(value)
    assert (await life.last()).startswith("Thank you. Your check-in of Mon 2 Mar is recorded.")

    await story.sent()
    await story.until(2, "23:59")
    reminders = await story.reminders()
    due = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert all(on_time(at, due + n * timedelta(minutes=20)) for n, (at, _) in enumerate(reminders))
    assert [words.split("\n")[0] for _, words in reminders] == [
        "Time for Mon 2 Mar, 21:00",
        *["Still open: Mon 2 Mar, 21:00"] * 3,
    ]
    shown = [plain(m) for m in await life.heard() if is_reminder(plain(m))]
    assert shown == ["Still open: Mon 2 Mar, 21:00\n○ Bupropion, 150 mg"], "old copies give way"


async def _tuesday(story: Story) -> None:
    """Not recorded by itself; corrected in the morning; a skip with a reason; one tap; a snooze."""
    life = story.life
    await story.until(3, "01:01")
    assert await story.card_says() == f"Mon 2 Mar, 21:00\n· Bupropion, 150 mg: not recorded\n\n{DONT_DOUBLE}"
    assert (await story.card())["buttons"] == []

    await story.until(3, "07:30")
    await life.say("/today")
    assert "· 21:00 Bupropion, 150 mg: not recorded" in await life.last()
    await life.press("Correct: Mon 21:00 \u2068Bupropion\u2069")
    await life.press("I took it")
    assert await life.press("I don't know") == "Recorded as taken, without a time."
    assert await story.card_says() == "Mon 2 Mar, 21:00\n✓ Bupropion, 150 mg: taken"

    await story.until(3, "08:05")
    assert await life.press("Skip") is not None
    assert "Doctor said so" in [b["text"] for row in (await story.card())["buttons"] for b in row]
    toast = await life.press("Side effects")
    assert toast == "Recorded. Your prescriber or pharmacist would want to know about side effects."
    assert await story.card_says() == "Tue 3 Mar, 08:00\n– Sertraline, 50 mg: skipped (side effects)"

    await story.until(3, "20:02")
    await life.press("Just one tap today")
    assert "how heavy was it?" in await life.last()
    await life.press("6")
    assert (await life.last()).startswith("Thank you.")

    await story.until(3, "21:02")
    await life.press("Snooze")
    assert await life.press("15 minutes") == "I'll ask again at 21:17."
    assert await story.card_says() == "Time for Tue 3 Mar, 21:00\n○ Bupropion, 150 mg: later, at 21:17"
    await story.sent()
    await story.until(3, "21:30")
    [(at, _)] = await story.reminders()
    assert on_time(at, new_york(march(3), "21:17"))
    assert await story.take() == "Recorded at 21:30."


async def _wednesday(story: Story) -> None:
    """Taken early; a check-in half done when the bot restarts."""
    life = story.life
    await story.until(4, "07:10")
    await life.say("/today")
    assert await life.last() == (
        "Today, Wed 4 Mar\n○ 08:00 Sertraline, 50 mg: later today\n○ 21:00 Bupropion, 150 mg: later today"
    )
    assert await life.press("Taken: 08:00 \u2068Sertraline\u2069") == "Recorded at 07:10."
    assert "✓ 08:00 Sertraline, 50 mg: taken at 07:10" in await life.last()
    await story.sent()
    await story.until(4, "12:00")
    assert await story.reminders() == []

    await story.until(4, "20:05")
    await life.press("2")
    await life.press("3")
    await story.house.close()
    await story.house.open()
    assert (await life.last()).startswith("Check-in · 3 of 5 · Wed 4 Mar")
    for value in ("4", "5", "6"):
        await life.press(value)
    assert (await life.last()).startswith("Thank you.")
    await life.say("/mood")
    assert "Mon 2 Mar: 3.5\nTue 3 Mar: 6\nWed 4 Mar: 2.5" in await life.last()

    await story.until(4, "21:05")
    assert await story.take() == "Recorded at 21:05."


async def _thursday(story: Story) -> None:
    """Corrected there and back; a check-in that is left half done closes by itself and keeps its answer."""
    life = story.life
    await story.until(5, "08:01")
    await story.take()
    await life.say("/today")
    await life.press("Correct: 08:00 \u2068Sertraline\u2069")
    assert await life.last() == "Thu 5 Mar, 08:00, Sertraline, 50 mg. How was it really?"
    await life.press("I did not take it")
    # Its window is still open, so it is open again.
    assert "○ 08:00 Sertraline, 50 mg" in await life.last()
    assert await story.card_says() == "Time for Thu 5 Mar, 08:00\n○ Sertraline, 50 mg"
    await life.press("Taken: 08:00 \u2068Sertraline\u2069")
    assert (await life.last()).startswith("Today, Thu 5 Mar\n✓ 08:00 Sertraline, 50 mg: taken at 08:01\n")

    await story.until(5, "20:01")
    question = (await life.heard())[-1]
    await life.press("1")
    await story.until(5, "21:01")
    await story.take()
    await story.until(6, "08:00")
    closed = next(m for m in await life.heard() if m["id"] == question["id"])
    assert plain(closed) == "The check-in of Thu 5 Mar has closed. That is all right, there is another day."
    assert closed["buttons"] == []
    toast = await life.press_forged(question["id"], question["buttons"][0][0]["data"])
    assert toast == "That check-in has closed. /checkin opens today's."


async def _friday_with_strange_presses(story: Story) -> None:
    """Altered, invented and old buttons change nothing and are answered kindly."""
    life = story.life
    await story.until(6, "08:02")
    card = await story.card()
    taken = card["buttons"][0][0]["data"]
    for data in (taken[:-4] + "AAAA", "0" * 64):
        assert await life.press_forged(card["id"], data) == "That button is no longer in use."
        assert await story.card_says() == "Time for Fri 6 Mar, 08:00\n○ Sertraline, 50 mg"
    await story.take()

    await life.say("/meds")
    await life.press("\u2068Thiamine\u2069" if "\u2068Thiamine\u2069" in await life.buttons() else "Thiamine")
    await life.press("Change the amount")
    question = (await life.heard())[-1]
    await life.say("200 mg")
    toast = await life.press_forged(question["id"], question["buttons"][0][0]["data"])
    assert toast == "That question has been answered already."
    await story.until(6, "21:01")
    await story.take()


async def _saturday_is_forgotten_in_the_evening(story: Story) -> None:
    await story.until(7, "08:01")
    await story.take()
    await story.until(8, "01:05")
    assert await story.card_says() == f"Sat 7 Mar, 21:00\n· Bupropion, 150 mg: not recorded\n\n{DONT_DOUBLE}"
    await story.life.say("/streak")
    # Monday, Wednesday, Thursday and Friday; Tuesday was skipped for side effects.
    said = await story.life.last()
    assert said.startswith("Your streak of 4 days is resting. One day happens to everyone.")


async def _sunday_the_clock_jumps(story: Story) -> None:
    """02:30 does not exist: the dose comes at 03:30 and keeps its name. From then on 08:00 is 12:00 UTC."""
    life = story.life
    await story.sent()
    await story.until(8, "03:40")
    [(at, words)] = await story.reminders()
    assert on_time(at, datetime(2026, 3, 8, 7, 30, tzinfo=UTC))
    assert words == "Time for Sun 8 Mar, 02:30\n○ Vitamin D, 1 tablet"
    assert await story.take() == "Recorded at 03:40."
    await story.until(8, "08:01")
    [(at, _)] = await story.reminders()
    assert on_time(at, datetime(2026, 3, 8, 12, 0, tzinfo=UTC))
    await story.take()
    await story.until(8, "20:00")
    await life.press("Not today")
    assert await life.last() == "All right, no check-in today."
    await story.sent()
    await story.until(8, "21:01")
    [(at, _)] = await story.reminders()
    assert on_time(at, datetime(2026, 3, 9, 1, 0, tzinfo=UTC))
    await story.take()


async def _second_week(story: Story) -> None:
    """Plain days: one reminder in the morning and one in the evening, each on time, none too many."""
    life = story.life
    for day in range(9, 16):
        if day == 15:
            await story.until(day, "02:31")
            assert await story.card_says() == "Time for Sun 15 Mar, 02:30\n○ Vitamin D, 1 tablet"
            await story.take()
        await story.sent()
        await story.until(day, "08:01")
        [(at, _)] = await story.reminders()
        assert on_time(at, datetime(2026, 3, day, 12, 0, tzinfo=UTC))
        await life.press("All taken" if day == 9 else "Taken")
        await story.until(day, "21:01")
        [(at, _)] = await story.reminders()
        assert on_time(at, new_york(march(day), "21:00"))
        await story.take()


async def _the_streak_at_the_end(story: Story) -> None:
    life = story.life
    await story.until(15, "22:00")
    await life.say("/streak")
    said = await life.last()
    assert said.startswith("Your streak: 12 days.")
    assert "12 of the last 13 days" in said
    assert "partly: Sat 7 Mar" in said
    assert "skipped: Tue 3 Mar" in said
    await life.say("/mood")
    assert "Thu 5 Mar" not in await life.last(), "one answer of five makes no score"
    assert story.house.app is not None
    figures = story.house.app.courier.figures
    assert (figures["refused"], figures["unsure"], figures["stale"]) == (0, 0, 0)


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Story]:
    """Friday at 08:02: one medicine, its reminder not answered yet."""
    async with house(tmp_path, new_york(march(6), "07:00")) as one:
        one.life.unhurried = 4.0
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        story = Story(one)
        await story.until(6, "08:02")
        yield story


async def test_an_answer_taken_back_leaves_the_dose_open(morning: Story) -> None:
    await morning.take()
    await morning.life.say("/undo")
    assert await morning.life.last() == "Undone: Fri 6 Mar, 08:00, Sertraline, 50 mg is open again."
    assert await morning.card_says() == "Time for Fri 6 Mar, 08:00\n○ Sertraline, 50 mg"
    assert await morning.take() == "Recorded at 08:02."


async def test_a_press_by_somebody_else_records_nothing(morning: Story) -> None:
    card = await morning.card()
    toast = await morning.life.press_forged(card["id"], card["buttons"][0][0]["data"], STRANGER)
    assert toast == "That button is no longer in use."
    assert await morning.card_says() == "Time for Fri 6 Mar, 08:00\n○ Sertraline, 50 mg"


async def test_a_dose_recorded_in_the_list_edits_the_list_once_and_warns_the_second_time(
    morning: Story,
) -> None:
    life = morning.life
    await life.say("/today")
    listed = (await life.heard())[-1]
    taken = listed["buttons"][0][0]["data"]
    before = (await life.call("requests"))["last"]
    assert await life.press_forged(listed["id"], taken) == "Recorded at 08:02."
    edits = (await life.call(f"requests?since={before}&method=editMessageText"))["requests"]
    assert sorted(edit["params"]["message_id"] for edit in edits) == sorted(
        [listed["id"], (await morning.card())["id"]]
    )
    await life.wait(hours=1)
    toast = await life.press_forged(listed["id"], taken)
    assert toast is not None
    assert toast.startswith("Already recorded at 08:02.")
    assert "taken at 08:02" in await life.last()

"""Three chats over real HTTP: a person, a daughter who stays, a former partner who is left in silence."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.life import House, Life, house, plain
from tests.stories.three_chats import Circle, press, press_everything

MORNING = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # 07:00 in New York
DOSE = "Taken: the dose of 08:00 (New York)"
NEUTRAL = "No updates available."
THANKS = "Thank you. If Alex shares with you, they will see it."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, MORNING) as one:
        yield one


async def texts(life: Life) -> list[str]:
    return [plain(message) for message in await life.heard()]


async def test_the_former_partner_is_left_in_silence_and_the_daughter_stays(home: House) -> None:
    circle = await Circle.of(home)
    alex, lena, mark = circle.alex, circle.lena, circle.mark
    await alex.settle_in()
    await alex.add_medicine("Sertraline", "50 mg", "8am", first=True)
    await alex.press("No, thank you")
    for caregiver in (lena, mark):
        await circle.bind(caregiver)

    # While it is live Mark records a dose that was not taken. Alex is told, and takes it back.
    await alex.wait(minutes=70)
    await mark.say("/caring")
    await mark.press("Record a dose")
    await press(mark, DOSE)
    await alex.wait(seconds=2)
    assert any(
        said.startswith("Mark recorded for you: Thu 5 Mar, 08:00, Sertraline") for said in await texts(alex)
    )
    await alex.press("Take it back")
    assert "○ Sertraline, 50 mg" in "\n".join(await texts(alex))
    # He tells something, too; it is gone with one tap.
    await mark.say("/tell You were cold to me yesterday.")
    await mark.press("Yes, tell them")
    assert await mark.last() == THANKS
    await alex.wait(seconds=2)
    await alex.press("Discard")
    # Something to press is still in his chat when it ends.
    await mark.say("/caring")
    await mark.press("Record a dose")

    await alex.say("/caregivers")
    await press(alex, "End: Mark")
    seen_by_mark, seen_by_alex = await mark.messages(), len(await alex.messages())
    await alex.wait(days=1, hours=1)
    assert await mark.messages() == seen_by_mark, "he hears nothing, and nothing that he has changes"
    told = [text for text in await texts(lena) if "is not recorded" in text]
    assert [text.splitlines()[0] for text in told] == ["Papa"]
    assert "the 08:00 dose is not recorded" in told[0]
    assert told[0].endswith("That need not mean that it was not taken.")

    # He presses everything, and asks, and tells.
    said = await press_everything(mark, spare=("Stop caring", "I need help now"))
    asking = ("How did Alex seem to you?",)
    assert said
    assert all(text.startswith((NEUTRAL, THANKS, *asking)) for text in said), said
    await mark.say("/cancel")
    await mark.say("/tell Are you there?")
    await mark.press("Yes, tell them")
    assert await mark.last() == THANKS
    await mark.say("/caring")
    assert (await mark.last()).startswith("You care for:\n\n· Alex\n\nNo updates available.")
    await mark.press("Record a dose")
    assert (await mark.last()).startswith(NEUTRAL)
    await alex.wait(minutes=30)
    heard = [plain(message) for message in (await alex.messages())[seen_by_alex:]]
    assert not any("Mark" in text or "Are you there" in text for text in heard), heard
    assert any("Time for Fri 6 Mar, 08:00" in text or "Still open: Fri 6 Mar" in text for text in heard)

    # He asks for somebody: Lena hears it, and he hears that she has seen it.
    await alex.say("/needyou")
    await press(alex, "Ask Lena")
    await alex.wait(seconds=2)
    assert "“Can you be with me, or call me?”" in await lena.last()
    await lena.press("Thank you, I have seen it")
    await alex.wait(minutes=40)
    assert any(text.startswith("Lena has seen it, at ") for text in await texts(alex))
    assert sum("Can you be with me" in text for text in await texts(lena)) == 1, (
        "what was seen is not repeated"
    )
    assert not any("Can you be with me" in text for text in await texts(mark))

    # Lena stays: she records under what she was told, and Alex keeps what she tells.
    await lena.press("Record as taken")
    assert await lena.last() == "Recorded as taken. Papa is told by whom, and can take it back."
    await lena.say("/tell Laughed at dinner.")
    await lena.press("Yes, tell them")
    await alex.wait(seconds=2)
    await alex.press("Keep it")
    await alex.say("/today")
    today = await alex.last()
    assert "recorded by Lena" in today
    assert "Said by Lena: “Laughed at dinner.”" in today
    assert "cold to me" not in today
    await alex.say("/caregivers")
    assert "Lena" in await alex.last()
    assert "Mark" not in await alex.last()
    for other in (lena, mark):
        own = "\n".join(await texts(other))
        assert "Sertraline" not in own, "a name that was not ticked is nowhere in a caregiver's chat"

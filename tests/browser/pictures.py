"""Takes the pictures of the three chats in docs/images, with a real Chromium at the real bot.

.venv/bin/python -m tests.browser.pictures
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PATIENCE_MS
from tests.stories.life import house
from tests.stories.three_chats import Circle, press

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MORNING = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # 07:00 in New York
_PHONE = ViewportSize(width=390, height=1060)


async def main() -> None:
    """Live a day with three people, and look at each of their chats."""
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder), MORNING) as home, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = await browser.new_page(
                viewport=DESKTOP, reduced_motion="reduce", timezone_id="America/New_York"
            )
            page.set_default_timeout(PATIENCE_MS)
            circle = await Circle.of(home)
            await _invite(circle)
            await page.goto(home.life.url)
            await _take(page, "Alex", "caregivers-invitation")
            await _live(circle)
            await page.goto(home.life.url)  # without the little notes of all that was just done
            await _take(page, "Alex", "caregivers-person")
            await _take(page, "Lena", "caregivers-daughter")
            await _take(page, "Mark", "caregivers-former-partner")
            await browser.close()


async def _invite(circle: Circle) -> None:
    await circle.alex.settle_in()
    await circle.alex.add_medicine("Sertraline", "50 mg", "8am", first=True)
    await circle.alex.press("No, thank you")
    await circle.alex.say("/caregivers")
    await circle.alex.press("Invite someone")


async def _live(circle: Circle) -> None:
    alex, lena, mark = circle.alex, circle.lena, circle.mark
    for caregiver in (lena, mark):
        await circle.bind(caregiver)
    await alex.wait(minutes=70)
    await mark.say("/caring")
    await alex.say("/caregivers")
    await press(alex, "End: Mark")
    await mark.press("Record a dose")
    await mark.say("/tell Are you there?")
    await mark.press("Yes, tell them")
    await alex.wait(minutes=115)
    await lena.press("Thank you, I have seen it")
    await alex.say("/needyou")
    await press(alex, "Ask Lena")
    await alex.wait(seconds=2)
    await lena.press("Thank you, I have seen it")
    await lena.say("/tell Laughed at breakfast.")
    await lena.press("Yes, tell them")
    await alex.wait(seconds=2)


async def _take(page: Page, who: str, name: str) -> None:
    """A chat on a phone, long enough for a whole invitation. The list of chats is open on a desktop only."""
    await page.set_viewport_size(DESKTOP)
    await page.locator(".chat-line").filter(has=page.locator("strong", has_text=who)).click()
    await page.set_viewport_size(_PHONE)
    await page.mouse.move(0, 0)  # nothing is about to be tapped
    await page.wait_for_timeout(500)  # a real page draws in real time
    await page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())

"""The chat page, used as a person would use it."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def shown(page: Page, text: str) -> Locator:
    """Text in the conversation, not in the list of chats."""
    return page.locator("#messages").get_by_text(text)


async def start(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(shown(page, "Hello, Sam.")).to_be_visible()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def test_a_message_is_answered(page: Page) -> None:
    await start(page)
    await write(page, "slept well")
    await expect(shown(page, "You said: slept well")).to_be_visible()


async def test_a_press_edits_in_place_and_shows_a_toast(page: Page) -> None:
    await start(page)
    await write(page, "/card")
    await page.get_by_role("button", name="Taken").click()
    await expect(page.locator(".toast")).to_have_text("Noted at 08:03")
    await expect(shown(page, "sertraline, 50 mg · noted at 08:03")).to_be_visible()
    await expect(shown(page, "edited ·")).to_be_visible()
    await expect(page.get_by_role("button", name="Taken")).to_have_count(0)


async def test_an_alert_waits_for_an_ok(page: Page) -> None:
    await start(page)
    await write(page, "/card")
    await page.get_by_role("button", name="Not today").click()
    alert = page.get_by_role("dialog")
    await expect(alert).to_contain_text("That is all right")
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_be_hidden()


async def test_pictures_and_files_can_be_opened(page: Page) -> None:
    await start(page)
    await write(page, "/photo")
    picture = page.get_by_role("img", name="Your week: calmer than the last")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 480)
    await write(page, "/file")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="notes.txt").click()
    assert (await started.value).suggested_filename == "notes.txt"


async def test_markup_is_shown_but_never_run(page: Page) -> None:
    await start(page)
    await write(page, "<img src=x onerror=alert(1)><b>x</b>")
    await expect(shown(page, "You said: <img src=x onerror=alert(1)><b>x</b>")).to_be_visible()
    assert await page.locator(".words img").count() == 0
    await expect(page.get_by_role("link", name="a helpline near you")).to_have_attribute(
        "rel", "noopener noreferrer"
    )


async def test_a_quotation_is_one_block_whatever_stands_in_it(page: Page) -> None:
    await start(page)
    await write(page, "/quote")
    await expect(page.locator(".words blockquote")).to_have_text("At 08:00, and\nlater.")
    await expect(page.locator(".words blockquote strong")).to_have_text("08:00")


async def test_hidden_text_is_shown_when_asked(page: Page) -> None:
    await start(page)
    await write(page, "/secret")
    hidden = page.locator(".spoiler")
    await hidden.press("Enter")
    await expect(hidden).to_have_attribute("aria-expanded", "true")


async def test_a_place_is_shared_from_the_reply_keyboard(page: Page) -> None:
    await start(page)
    await write(page, "/where")
    await page.get_by_role("button", name="Share my place").click()
    await page.get_by_role("dialog").get_by_role("button", name="Lord Howe Island").click()
    await expect(shown(page, "Thank you, noted.")).to_be_visible()
    await expect(shown(page, "Place: -31.55°, 159.08°")).to_be_visible()
    await expect(page.get_by_role("button", name="Share my place")).to_have_count(0)


async def test_the_bot_can_be_blocked_and_let_in_again(page: Page) -> None:
    await start(page)
    await page.get_by_role("switch", name="has blocked the bot").check()
    await expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Unblock the bot").click()
    await expect(page.get_by_label("Message", exact=True)).to_be_visible()


async def test_a_group_lets_one_choose_who_writes(page: Page) -> None:
    await page.get_by_role("button", name="Kind circle").click()
    await page.get_by_label("Write as").select_option("Robin")
    await write(page, "/hello")
    await expect(shown(page, "You said: /hello")).to_be_visible()
    await expect(page.locator(".who").first).to_have_text("Robin")


async def test_a_whisper_is_shown_to_nobody_but_its_receiver(page: Page) -> None:
    await page.get_by_role("button", name="Kind circle").click()
    await page.get_by_label("Write as").select_option("Robin")
    await page.get_by_role("button", name="Commands").click()
    await page.get_by_role("menuitem", name="/whisper").click()
    await expect(shown(page, "Nobody else reads this.")).to_be_visible()
    await expect(shown(page, "Only you see this")).to_have_count(2)
    await page.get_by_label("Write as").select_option("Sam")
    await expect(shown(page, "Nobody else reads this.")).to_have_count(0)
    await expect(shown(page, "/whisper")).to_have_count(0)
    await page.get_by_label("Write as").select_option("Robin")
    await expect(shown(page, "Nobody else reads this.")).to_be_visible()


async def test_a_link_into_the_private_chat_is_followed_on_the_page(page: Page) -> None:
    await page.get_by_role("button", name="Kind circle").click()
    await page.get_by_label("Write as").select_option("Robin")
    await write(page, "/door")
    await page.get_by_role("link", name="In private").click()
    await expect(page.locator("#talk-name")).to_have_text("Robin (caregiver)")
    await expect(shown(page, "You said: /start from-here")).to_be_visible()


async def test_time_moves_forward_and_to_the_clock_change(page: Page) -> None:
    clock = page.locator("#clock-local")
    await expect(clock).to_contain_text("1 Mar, 10:00")
    await page.get_by_role("button", name="+1 hour").click()
    await expect(clock).to_contain_text("1 Mar, 11:00")
    await page.get_by_role("button", name="Next event").click()
    await expect(page.get_by_text("Nothing is planned.")).to_be_visible()
    await page.get_by_label("Show times in").select_option("America/New_York")
    await page.get_by_role("button", name="Next clock change").click()
    await expect(clock).to_contain_text("8 Mar, 03:00")


async def test_faults_are_switched_on_and_off_and_the_log_tells(page: Page) -> None:
    await start(page)
    await page.get_by_text("What the bot asked for").click()
    too_many = page.get_by_role("switch", name="Too many requests")
    await too_many.check()
    await expect(too_many).not_to_have_attribute("aria-busy", "true")
    await write(page, "hello")
    await expect(page.locator("#log-list")).to_contain_text("retry_after · 429")
    await too_many.uncheck()
    await expect(too_many).not_to_have_attribute("aria-busy", "true")
    await write(page, "again")
    await expect(shown(page, "You said: again")).to_be_visible()


async def test_faults_switched_on_in_one_breath_are_all_on(page: Page) -> None:
    switches = page.locator("#fault-switches").get_by_role("switch")
    await switches.evaluate_all("all => all.forEach(one => one.click())")
    await expect(page.locator("#fault-switches [aria-busy]")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#fault-switches input:checked")).to_have_count(4)


async def test_a_bot_that_cannot_be_killed_says_so(page: Page) -> None:
    await page.get_by_role("button", name="Kill the bot").click()
    await expect(page.locator(".toast")).to_contain_text("cannot be killed")


async def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to writing a message")).to_be_focused()
    start_button = page.get_by_role("button", name="Start", exact=True)
    for _ in range(8):
        if await start_button.evaluate("button => button === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="/card")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Taken")).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Not today")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()


LOOKS: list[dict[str, Any]] = [
    {"color_scheme": scheme, "viewport": viewport}
    for scheme in ("light", "dark")
    for viewport in (DESKTOP, PHONE)
]


@pytest.mark.parametrize(
    "page", LOOKS, indirect=True, ids=["light-desktop", "light-phone", "dark-desktop", "dark-phone"]
)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page) -> None:
    await expect_clean(page)
    await start(page)
    for text in ("/card", "hello", "/photo", "/file", "/secret", "/where"):
        await write(page, text)
    await expect(page.get_by_role("button", name="Share my place")).to_be_visible()
    await page.locator("#log").evaluate("log => (log.open = true)")
    await expect_clean(page)
    if await page.locator(".to-tools").is_visible():
        await page.locator(".to-tools").click()
        await expect_clean(page)
        await page.keyboard.press("Escape")
        await page.locator(".to-chats").click()
        await expect_clean(page)


async def expect_clean(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
async def test_the_dark_theme_is_dark(page: Page) -> None:
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(15, 26, 26)"


@pytest.mark.parametrize("page", [{"viewport": PHONE}], indirect=True)
async def test_on_a_phone_the_chats_are_a_drawer(page: Page) -> None:
    chats = page.get_by_role("navigation", name="Chats")
    await expect(chats).to_be_hidden()
    await page.get_by_role("button", name="Show the chats").click()
    await chats.get_by_role("button", name="Robin").click()
    await expect(chats).to_be_hidden()
    await expect(page.get_by_role("heading", name="Robin (caregiver)")).to_be_visible()

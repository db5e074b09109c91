"""A stand-in, a small bot, and a real Chromium that looks at the chat page."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright, expect

from bot.standin import StandIn, serve
from scheduler.clock import SteerableClock
from tests.browser.echobot import EchoBot

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 20_000  # the machine may be busy
expect.set_options(timeout=PATIENCE_MS)


class PageTimeMachine:
    """Moves a clock and pretends that the bot was done at once."""

    def __init__(self, clock: SteerableClock) -> None:
        self._clock = clock

    async def advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    async def advance_to_next(self) -> datetime | None:
        return None

    async def settle(self, timeout: float) -> bool:
        await asyncio.sleep(0)
        return True

    async def kill(self) -> None:
        raise NotImplementedError


@pytest_asyncio.fixture(loop_scope="session")
async def url() -> AsyncIterator[str]:
    """Where the chat page is, with a bot that answers."""
    clock = SteerableClock(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    standin = StandIn(clock, pacing=False, time_machine=PageTimeMachine(clock))
    serving = await serve(standin, "127.0.0.1", 0)
    async with EchoBot(serving.url):
        yield serving.url
    await serving.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests; without one they are skipped, but never where CI must see them."""
    if not os.path.exists(CHROMIUM):  # noqa: ASYNC240, PTH110 - one look at the disk
        message = "there is no Chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


def is_complaint(line: ConsoleMessage) -> bool:
    """Errors count, but not the browser's note that a request was refused: the page shows those."""
    return line.type == "error" and not line.text.startswith("Failed to load resource")


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, url: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """The open chat page on a desktop; `@pytest.mark.parametrize("page", [...], indirect=True)` varies it.

    Whatever the page complains about in its console fails the test.
    """
    wanted = getattr(request, "param", {})
    context = await browser.new_context(
        viewport=wanted.get("viewport", DESKTOP),
        color_scheme=wanted.get("color_scheme", "light"),
        reduced_motion="reduce",
        timezone_id="Europe/Rome",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
    await page.goto(url)
    await page.get_by_role("button", name="Start", exact=True).wait_for()
    yield page
    await context.close()
    assert complaints == []

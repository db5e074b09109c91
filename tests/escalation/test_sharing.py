"""The safety information about sharing: what it says in every country, when it comes, how it goes away."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.text import Text
from bot.escalation.lines.helplines import FINDERS
from bot.escalation.noticing.rules import Hours
from bot.escalation.sharing import wording
from bot.escalation.sharing.rules import APART, Appointment, appointment, information, may_tell
from bot.housekeeping import MESSAGES_KEPT
from tests.escalation.forbidden import faults
from tests.escalation.test_card import CODES, HELPLINES, all_numbers_of, country_of, shown_numbers
from tests.transcripts.stage import Stage, stage

TODAY, MUCH_LATER = date(2026, 11, 30), date(2028, 1, 1)
NOW = datetime(2026, 3, 5, 17, tzinfo=UTC)  # noon in New York
NEW_YORK = ZoneInfo("America/New_York")
LATE_MORNING = datetime(2026, 3, 6, 16, 7, tzinfo=UTC)
AFTERNOON = LATE_MORNING + timedelta(hours=3)
TITLE = "About sharing, in general"
UNUSUAL = "@ sharing looks unusual"
BEGUN = ("/start", "[Yes, let's begin]", "New York", "[United States]", "/cancel")


def said(code: str | None, language: str = "en", today: date = TODAY) -> Text:
    return wording.information(safety(language), information(HELPLINES, code, today, language))


# The words


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_fits_says_nothing_forbidden_and_shows_numbers_of_its_own_country_alone(language: str) -> None:
    for code in (None, *CODES):
        text = said(code, language).plain
        assert len(text.encode("utf-16-le")) // 2 <= 4096
        assert faults(text, language) == [], code
        own = all_numbers_of(country_of(code)) if code else set()
        assert shown_numbers(text) <= own, code


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_what_can_be_read_on_a_locked_screen_names_no_violence_and_no_caregiver(language: str) -> None:
    first, second, *_ = said("US", language).plain.split("\n\n")
    for word in ("abus", "viol", "gewalt", "missbrauch", "maltrat", "threat", "caregiver", "anna", "@"):
        assert word not in f"{first} {second}".lower()


def test_in_every_country_it_says_that_nobody_has_to_share_and_that_leaving_cannot_be_seen() -> None:
    for code in (None, *CODES):
        text = said(code).plain
        assert "You do not have to share anything with anybody." in text
        assert "The other person is not told, and their chat looks the same as before." in text
        assert "It says nothing about you or anybody else." in text
        assert "/caregivers" in text


@pytest.mark.parametrize(
    ("code", "line", "finders"),
    [
        ("US", "National Domestic Violence Hotline", False),
        ("DE", "Hilfetelefon Gewalt gegen Frauen", False),
        ("GB", "Live Fear Free", True),  # each for a part of it
        ("CA", "SOS violence conjugale", True),
        ("CZ", None, True),
        (None, None, True),
    ],
)
def test_the_line_of_the_country_where_there_is_one_and_the_finders_where_it_is_not_for_all(
    code: str | None, line: str | None, finders: bool
) -> None:
    text = said(code).plain
    assert line is None or line in text.split("\n")
    assert all((finder in text) is finders for finder in FINDERS)
    assert "If your life is in danger now, call" in text
    assert ("112 (Czechia)" in text) is (code == "CZ")


def test_the_day_on_which_the_lines_were_compared_is_said_once_and_old_ones_have_the_finders_beside() -> None:
    assert said("BE").plain.count("Compared with public lists on 2026-11-29") == 1
    assert all(finder in said("US", today=MUCH_LATER).plain for finder in FINDERS)


def test_lines_that_speak_the_language_come_first() -> None:
    french, dutch = (said("BE", "fr").plain.index(name) for name in ("Écoute violences conjugales", "1712"))
    assert french < dutch


# When it comes


def test_once_in_thirty_days_and_the_outbox_remembers_that_long() -> None:
    assert may_tell(None, NOW)
    assert not may_tell(NOW - APART + timedelta(seconds=1), NOW)
    assert may_tell(NOW - APART, NOW)
    assert MESSAGES_KEPT >= APART


@pytest.mark.parametrize(
    ("hours", "at"),
    [
        (Hours(NEW_YORK, minute=7), LATE_MORNING),
        (Hours(NEW_YORK, time(22), time(13), minute=7), datetime(2026, 3, 6, 18, tzinfo=UTC)),
        (Hours(NEW_YORK, calm_until=AFTERNOON, minute=7), AFTERNOON),
    ],
)
def test_it_comes_the_next_day_late_in_the_morning_out_of_quiet_and_calm_hours(
    hours: Hours, at: datetime
) -> None:
    found = appointment(hours, date(2026, 3, 6), NOW)
    assert found.not_before == at
    assert timedelta(hours=8) < found.not_after - at <= timedelta(days=1)


def test_on_a_day_that_does_not_exist_it_comes_a_day_later() -> None:
    samoa = Hours(ZoneInfo("Pacific/Apia"))
    before = datetime(2011, 12, 29, 20, tzinfo=UTC)
    assert appointment(samoa, date(2011, 12, 30), before) == Appointment(
        before + timedelta(days=1), before + timedelta(days=2)
    )


# In the chat


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as one:
        for deed in BEGUN:
            await one.play(deed)
        yield one


async def told(played: Stage, *lines: str) -> int:
    """How often it was told while these lines were played."""
    return sum([sum(TITLE in row for row in await played.play(line)) for line in lines])


DAY = ("@ 22:00", "@ 12:30")


async def test_however_often_it_is_seen_it_is_told_once_in_thirty_days(played: Stage) -> None:
    assert await told(played, UNUSUAL, UNUSUAL, *DAY, UNUSUAL, *DAY) == 1
    assert await told(played, *DAY * 26, UNUSUAL, *DAY) == 0
    assert await told(played, *DAY * 2, UNUSUAL, *DAY) == 1


async def test_it_is_not_told_at_once_nor_with_a_sound_and_can_be_forwarded(played: Stage) -> None:
    assert await told(played, UNUSUAL, "@ 22:00", "@ 10:30") == 0
    assert await told(played, "@ 12:30") == 1
    sheet = played.chat.shown[max(played.chat.shown)]
    assert (sheet.silent, sheet.protect) == (True, False)


@pytest.mark.parametrize("deed", ["> /pause", "> i want to kill myself"])
async def test_a_pause_and_calm_hours_hold_it_back_and_it_may_be_told_another_time(
    played: Stage, deed: str
) -> None:
    assert await told(played, UNUSUAL, deed, *DAY) == 0
    assert await told(played, "> /resume", *DAY, UNUSUAL, *DAY) == 1


async def test_nothing_is_told_while_everything_is_paused(played: Stage) -> None:
    assert await told(played, "> /pause", UNUSUAL, *DAY) == 0


async def test_one_tap_takes_the_words_away_and_then_the_message(played: Stage) -> None:
    await told(played, UNUSUAL, *DAY)
    number = max(played.chat.shown)
    gone = await played.play("> [Delete this message]")
    assert gone == ["<~ This message is deleted.", "<- This message is deleted."]
    assert number not in played.chat.shown


async def test_whoever_erased_everything_since_can_still_take_it_away(played: Stage) -> None:
    await told(played, UNUSUAL, *DAY)
    number = max(played.chat.shown)
    for deed in ("> /delete", "> [Delete everything]", "> [Yes, erase it for good]"):
        await played.play(deed)
    await played.play("> [Delete this message]")
    assert number not in played.chat.shown


async def test_nothing_of_it_is_in_the_export(played: Stage) -> None:
    """Whoever makes a person share may make them export, too."""
    await told(played, UNUSUAL, *DAY)
    await played.play("> /export")
    document = played.chat.shown[max(played.chat.shown)].document
    assert document is not None
    assert '"person"' in document.content
    assert "sharing" not in document.content.lower()

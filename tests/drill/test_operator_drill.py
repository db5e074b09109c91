"""The operator's drill: real cards in their own chat, a true report, and no trace of it in anybody's life."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import select

from bot.app import App
from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.drill import rehearsal
from bot.drill.checks import wrong_with
from bot.drill.page import PATH, secret
from bot.drill.rehearsal import Rehearsal
from bot.drill.report import Report, as_data, as_table, from_data
from bot.drill.scenes import elsewhere, scenes
from bot.drill.week import due
from bot.escalation import rules
from bot.escalation.crisis import homes
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.crisis.homes import Home
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.screening.tiers import Tier
from bot.escalation.wording import card, helper_steps
from bot.web.listening import listen
from storage import deployment
from storage.crises import CrisisEvent
from storage.people import Person
from storage.updates import SeenUpdate
from tests.stories.life import ALEX, House, house, plain

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
SCENES = len(LANGUAGE_NAMES) + 4


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The operator lives in New York and uses the bot like anybody else."""
    monkeypatch.setattr(rehearsal, "PAUSE_SECONDS", 0.0)
    async with house(tmp_path, THURSDAY, operator_chat=str(ALEX)) as one:
        await one.life.settle_in()
        yield one


def rehearsal_of(home: House) -> Rehearsal:
    assert home.app is not None
    assert home.app.rehearsal is not None
    return home.app.rehearsal


def app_of(home: House) -> App:
    assert home.app is not None
    return home.app


async def test_the_operator_sees_real_cards_between_two_plain_messages(home: House) -> None:
    before = len(await home.life.heard())
    report = await rehearsal_of(home).play()
    assert report.well, as_table(report)
    assert len(report.results) == SCENES
    first, *cards, last = (await home.life.heard())[before:]
    assert plain(first).startswith("This is a drill.")
    assert plain(last).startswith(f"The drill is over. All {SCENES} cards came and were right.")
    assert len(cards) == SCENES
    assert all(card["buttons"] for card in cards)
    away = elsewhere(shipped_helplines(), shipped_helplines().of("US"))
    assert all("911" in plain(card) for card in cards[:-1])
    assert "911" not in plain(cards[-1])
    assert shipped_helplines().countries[away].emergency[0] in plain(cards[-1])


async def test_every_card_has_both_of_its_times(home: House) -> None:
    report = await rehearsal_of(home).play()
    for result in report.results:
        assert result.tier == ("gentle" if result.name == "/worried" else "urgent")
        assert result.handed_ms is not None
        assert result.accepted_ms is not None
        assert 0 <= result.handed_ms <= result.accepted_ms
    print("\n" + as_table(report))


async def test_a_drill_leaves_no_trace_in_the_operators_own_life(home: House) -> None:
    await rehearsal_of(home).play()
    async with app_of(home).vault.database.reading() as session:
        assert list(await session.exec(select(CrisisEvent))) == []
        [person] = await session.exec(select(Person))
        assert person.calm_until is None
        assert not [row for row in await session.exec(select(SeenUpdate)) if row.update_id < 0]


async def test_two_drills_are_both_answered(home: House) -> None:
    """The numbers of their updates differ, so that none is taken for a repeat."""
    assert (await rehearsal_of(home).play()).well
    assert (await rehearsal_of(home).play()).well


async def test_a_real_cry_of_the_operator_is_recorded_as_ever(home: House) -> None:
    await rehearsal_of(home).play()
    await home.life.say("i want to kill myself")
    async with app_of(home).vault.database.reading() as session:
        assert len(list(await session.exec(select(CrisisEvent)))) == 1


async def test_a_card_that_telegram_does_not_take_is_reported(home: House) -> None:
    refusal = {"kind": "status", "code": 500, "method": "sendMessage", "times": 6}
    await home.life.call("faults", {"rules": [refusal]})
    report = await rehearsal_of(home).play()
    assert [result.name for result in report.failed] == [report.results[0].name]
    assert report.failed[0].wrong == ("Telegram did not take it",)
    assert report.failed[0].accepted_ms is None
    last = plain((await home.life.heard())[-1])
    assert last.startswith(
        f"The drill is over. Cards that came and were right: {SCENES - 1} of {SCENES}. What went wrong:"
    )
    assert (await app_of(home).health()).drill == "failed"


async def test_a_slow_first_look_at_the_database_is_no_failure_of_a_card(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.close()
    await home.open()
    monkeypatch.setattr(homes, "LOOK_UP_SECONDS", 0.0)
    monkeypatch.setattr(rehearsal, "PAUSE_SECONDS", 0.2)
    report = await rehearsal_of(home).play()
    assert report.well, as_table(report)


async def test_the_report_names_nobody_and_no_place(home: House) -> None:
    report = as_data(await rehearsal_of(home).play())
    for secret_fact in ("Alex", str(ALEX), "911", "New York", "US"):
        assert secret_fact not in str(report)
    assert as_data(from_data(report)) == report


# The week


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, MONDAY + timedelta(days=3), True),
        (MONDAY - timedelta(days=7), MONDAY - timedelta(seconds=1), False),
        (MONDAY - timedelta(days=7), MONDAY, True),
        (MONDAY, MONDAY + timedelta(days=6, hours=23), False),
        (MONDAY, MONDAY + timedelta(days=7), True),
        (MONDAY + timedelta(days=3), MONDAY + timedelta(days=7), True),
        (MONDAY - timedelta(days=40), MONDAY + timedelta(days=2), True),
    ],
)
def test_a_drill_is_due_when_there_was_none_since_monday_at_ten(
    last: datetime | None, now: datetime, is_due: bool
) -> None:
    assert due(last, now) is is_due


async def test_it_comes_once_a_week_also_over_a_restart(home: House) -> None:
    async def drills() -> int:
        heard = await home.life.heard()
        return sum(plain(each).startswith("This is a drill.") for each in heard)

    await rehearsal_of(home).beat()
    await rehearsal_of(home).beat()
    assert await drills() == 1
    await home.close()
    await home.open()
    await rehearsal_of(home).beat()
    assert await drills() == 1
    await home.life.wait_until(MONDAY + timedelta(days=7))
    await rehearsal_of(home).beat()
    assert await drills() == 2
    assert (await app_of(home).health()).drill == "well"


async def test_a_drill_that_was_cut_off_is_not_begun_again_and_is_seen(home: House) -> None:
    async with app_of(home).vault.database.transaction() as session:
        known = await deployment.read(session)
        assert known is not None
        deployment.begin_drill(known, home.clock.now())
    await home.close()
    await home.open()
    before = len(await home.life.heard())
    await rehearsal_of(home).beat()
    assert len(await home.life.heard()) == before
    assert (await app_of(home).health()).drill == "open"


async def test_a_drill_that_breaks_does_not_end_the_bot(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "update_of", None)
    await rehearsal_of(home).beat()
    assert (await app_of(home).health()).drill == "open"
    await home.life.say("/sos")
    assert "911" in await home.life.last()


async def test_without_an_operators_chat_there_is_no_drill(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as one:
        assert app_of(one).rehearsal is None
        assert (await app_of(one).health()).drill == "off"
        assert PATH not in {resource.canonical for resource in app_of(one).web.router.resources()}


# Who may ask


async def test_only_who_holds_the_key_may_ask_for_a_drill(home: House) -> None:
    runner = await listen(app_of(home).web, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    right = secret(app_of(home).vault.master)
    async with aiohttp.ClientSession() as http:

        async def ask(**headers: str) -> int:
            async with http.post(url, headers=headers) as reply:
                return reply.status

        before = len(await home.life.heard())
        assert await ask() == 403
        assert await ask(Authorization="Bearer " + "0" * 64) == 403
        assert await ask(Authorization=right[:-1]) == 403
        assert len(await home.life.heard()) == before
        assert await ask(Authorization=right) == 200
    await runner.cleanup()


async def test_of_two_who_ask_at_once_one_is_told_to_wait(home: House) -> None:
    both = (rehearsal_of(home).play(), rehearsal_of(home).play())
    report, busy = await asyncio.gather(*both, return_exceptions=True)
    assert isinstance(report, Report)
    assert isinstance(busy, rehearsal.Busy)


# What is wrong with a card


HELPLINES = shipped_helplines()
HERE = Home("US", "de")
RIGHT = Alert(Source.TEXT, Tier.URGENT, language="de")
SCENE = next(scene for scene in scenes(HELPLINES, HERE) if scene.name == "text de")


def card_of(country: str | None, language: str) -> Message:
    return card(safety(language), rules.card_for(HELPLINES, country, date(2026, 11, 24), None, language))


def test_the_right_card_is_right() -> None:
    assert wrong_with(SCENE, RIGHT, card_of("US", "de"), HELPLINES) == []
    nowhere = replace(SCENE, country=None)
    assert wrong_with(nowhere, RIGHT, card_of(None, "de"), HELPLINES) == []


def test_everything_that_can_be_wrong_with_a_card_is_found() -> None:
    right = card_of("US", "de")
    assert wrong_with(SCENE, None, None, HELPLINES) == ["no card"]
    assert wrong_with(SCENE, replace(RIGHT, tier=Tier.GENTLE), right, HELPLINES) == ["not taken for urgent"]
    assert wrong_with(SCENE, RIGHT, card_of("DE", "de"), HELPLINES) == ["the numbers are missing"]
    assert "the numbers are missing" in wrong_with(SCENE, RIGHT, card_of(None, "de"), HELPLINES)
    english = wrong_with(SCENE, replace(RIGHT, language="en"), card_of("US", "en"), HELPLINES)
    assert english == ["the language is wrong", "does not say what it is", "buttons are missing"]
    bare = replace(right, choices=())
    assert wrong_with(SCENE, RIGHT, bare, HELPLINES) == ["buttons are missing"]
    mute = replace(right, text=Text(""))
    assert wrong_with(SCENE, RIGHT, mute, HELPLINES) == ["does not say what it is", "the numbers are missing"]


def test_the_guide_for_helpers_is_right_and_a_card_in_its_place_is_not() -> None:
    asked = next(scene for scene in scenes(HELPLINES, HERE) if scene.name == "/worried")
    facts = rules.card_for(HELPLINES, "US", date(2026, 11, 24), None, "de")
    calm = replace(RIGHT, tier=Tier.GENTLE)
    assert wrong_with(asked, calm, helper_steps(safety("de"), facts), HELPLINES) == []
    assert wrong_with(asked, RIGHT, card_of("US", "de"), HELPLINES) == [
        "taken for urgent",
        "buttons are missing",
    ]
    assert "buttons are missing" in wrong_with(SCENE, RIGHT, helper_steps(safety("de"), facts), HELPLINES)


@pytest.mark.parametrize("code", HELPLINES.codes)
def test_the_country_far_from_home_shares_no_emergency_number_with_it(code: str) -> None:
    country = HELPLINES.countries[code]
    assert not set(HELPLINES.countries[elsewhere(HELPLINES, country)].emergency) & set(country.emergency)

"""What the front answers, to whom, how often and in which language. The platform and the time are played."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.inbound import Event, Inbound, Origin, Press, Words
from bot.conversation.message import Action, Link, Message
from bot.escalation.crisis import cry
from bot.escalation.crisis.front import Alert, Front, Home, Outlook, Source
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.planning.plan import Contact, Plan
from bot.escalation.screening.tiers import Finding, Tier
from scheduler.clock import SteerableClock

HELPLINES = shipped_helplines()
ALEX, GROUP = "501", "-100200"
CRY = "i want to kill myself"
PLAN = Plan(("I stop answering the phone", "a warm shower", "", "", "", ""), (Contact("Anna", "@anna_kay"),))
WHAT_I_AM = "I am a program. Nobody reads this live. You can keep writing here, and the help stays."
DANGER = "If your life is in danger now, call {number}."
LINK = "https://t.me/evenkeel_bot?start=sos"
GUIDE = "If you are worried about someone:"


@dataclass
class Platform:
    """Keeps what was sent. Chats in `closed` take nothing; a `gate` holds messages back until it opens."""

    sent: list[tuple[str, Message]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)

    async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool:
        self.asked.append(ref)
        if self.gate is not None:
            await self.gate.wait()
        if ref in self.closed:
            return False
        self.sent.append((ref, message))
        return True

    def to(self, ref: str) -> list[str]:
        return [message.text.plain for chat, message in self.sent if chat == ref]


@dataclass
class Scene:
    """A front with everything around it."""

    platform: Platform = field(default_factory=Platform)
    clock: SteerableClock = field(
        default_factory=lambda: SteerableClock(datetime(2026, 11, 24, 20, tzinfo=UTC), frozen=True)
    )
    homes: dict[str, Home] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked_seen: list[int] = field(default_factory=list)
    plan: Plan | None = PLAN
    plan_comes: bool = True
    presses: list[str] = field(default_factory=list)
    link: str | None = LINK
    shared: bool = False
    updates: int = 0

    def __post_init__(self) -> None:
        self.front = self.anew()

    def anew(self, alerts: dict[int, Alert] | None = None) -> Front:
        """A front that knows nothing but these alerts."""
        return Front(
            HELPLINES,
            self.platform,
            self.clock,
            self._look_up,
            self._answer_press,
            alerts,
            was_seen=self._was_seen,
            open_plan=self._open_plan,
            link=lambda word: self.link and self.link.replace("=sos", f"={word}"),
            commands=frozenset({"sos", "crisis", "worried", "start", "add"}),
            shared=self.shared,
            name=lambda: "evenkeel_bot",
        )

    async def _look_up(self, origin: Origin) -> Home | None:
        return self.homes.get(origin.chat)

    async def _answer_press(self, query: str) -> None:
        self.presses.append(query)

    async def _was_seen(self, inbound: Inbound) -> bool:
        self.asked_seen.append(inbound.update_id)
        return inbound.update_id in self.seen

    async def _open_plan(self, origin: Origin) -> Plan | None:
        if not self.plan_comes:
            await asyncio.Event().wait()
        return self.plan

    def update(self, event: Event, origin: Origin | None = None) -> Inbound:
        self.updates += 1
        return Inbound(self.updates, origin or private(), event)

    async def hear(self, event: Event, origin: Origin | None = None) -> Inbound:
        inbound = self.update(event, origin)
        await self.front(inbound)
        return inbound

    async def says(self, text: str, origin: Origin | None = None) -> Inbound:
        return await self.hear(Words(text), origin)

    async def presses_on(self, token: str, origin: Origin | None = None) -> Inbound:
        return await self.hear(Press(token, "7", "q1"), origin)

    def last(self, ref: str = ALEX) -> str:
        return self.platform.to(ref)[-1]


def private(language: str | None = None) -> Origin:
    return Origin("telegram", "1", ALEX, ALEX, language=language)


def in_group(sender: str = ALEX, language: str | None = None) -> Origin:
    return Origin("telegram", "1", GROUP, sender, private=False, language=language)


@pytest.fixture
def scene() -> Scene:
    return Scene(homes={ALEX: Home("US", "en")})


# The language of an answer


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
async def test_the_card_speaks_the_language_of_the_persons_device_when_nothing_else_is_known(
    language: str,
) -> None:
    scene = Scene()
    inbound = await scene.says("/sos", private(language))
    assert safety(language)(WHAT_I_AM) in scene.last()
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert alert.language == language


async def test_what_the_person_chose_comes_before_the_device(scene: Scene) -> None:
    scene.homes[ALEX] = Home("US", "it")
    await scene.says("/sos", private("de"))
    assert safety("it")(WHAT_I_AM) in scene.last()
    assert "Stati Uniti" in scene.last()


async def test_the_language_of_the_card_that_was_pressed_comes_before_what_the_person_chose(
    scene: Scene,
) -> None:
    await scene.presses_on("sos:unsaid@fr", private("de"))
    assert safety("fr")(WHAT_I_AM) in scene.last()


async def test_a_button_of_an_old_card_still_answers_in_the_persons_language(scene: Scene) -> None:
    scene.homes[ALEX] = Home("US", "de")
    await scene.presses_on("sos:yes")
    assert safety("de")(WHAT_I_AM) in scene.last()


async def test_the_language_of_the_words_comes_first(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cry, "screen", lambda text: Finding(Tier.URGENT, (), "es"))
    await scene.says("ya no quiero vivir", private("de"))
    assert safety("es")(WHAT_I_AM) in scene.last()
    assert all(
        not isinstance(choice.action, str) or choice.action.endswith("@es")
        for row in scene.platform.sent[-1][1].choices
        for choice in row
    )


@pytest.mark.parametrize("unknown", ["", "xx"])
async def test_words_in_a_language_that_cannot_be_told_are_answered_in_the_persons(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, unknown: str
) -> None:
    monkeypatch.setattr(cry, "screen", lambda text: Finding(Tier.URGENT, (), unknown))
    scene.homes[ALEX] = Home("BR", "pt")
    await scene.says("…")
    assert safety("pt")(WHAT_I_AM) in scene.last()


# The own plan, and a message to somebody


async def test_the_own_plan_is_one_tap_away(scene: Scene) -> None:
    inbound = await scene.presses_on("sos:plan")
    assert "a warm shower" in scene.last()
    assert "911" in scene.last()
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert alert.outlook is Outlook.AGAIN
    assert scene.presses == ["q1"]


async def test_a_plan_that_does_not_come_is_answered_with_the_numbers_within_about_a_second(
    scene: Scene,
) -> None:
    scene.plan_comes = False
    started = asyncio.get_running_loop().time()
    await scene.presses_on("sos:plan")
    assert asyncio.get_running_loop().time() - started < 1.5
    assert scene.last().startswith("I cannot open your plan right now.")
    assert "911" in scene.last()
    assert "988" in scene.last()


async def test_a_plan_that_cannot_be_read_is_answered_with_the_numbers(scene: Scene) -> None:
    async def broken(_: Origin) -> Plan | None:
        raise OSError("no such database")

    front = Front(
        HELPLINES, scene.platform, scene.clock, scene._look_up, scene._answer_press, open_plan=broken
    )
    await front(scene.update(Press("sos:plan", "7", "q1")))
    assert scene.last().startswith("I cannot open your plan right now.")


@pytest.mark.parametrize("token", ["sos:plan", "sos:reach"])
async def test_a_plan_that_cannot_be_shown_is_answered_with_the_numbers(
    scene: Scene, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.plan = replace(PLAN, contacts=(Contact("Anna", "@" + "a" * 3_000),))  # no button can hold that
    await scene.presses_on(token)
    assert scene.last().startswith("I cannot open your plan right now.")
    monkeypatch.delattr(f"bot.escalation.planning.wording.{token.removeprefix('sos:')}_message")
    await scene.presses_on(token)
    assert scene.last().startswith("I cannot open your plan right now.")
    assert "911" in scene.last()


@pytest.mark.parametrize("token", ["sos:reach", "sos:reach:2@de"])
async def test_the_draft_to_somebody_comes_without_any_plan(scene: Scene, token: str) -> None:
    scene.plan_comes = False
    await scene.presses_on(token)
    assert len(scene.platform.to(ALEX)) == 1
    assert "911" in scene.last()


async def test_the_draft_names_the_people_the_person_trusts(scene: Scene) -> None:
    await scene.presses_on("sos:reach")
    labels = " ".join(choice.label for row in scene.platform.sent[-1][1].choices for choice in row)
    assert "Anna" in labels


async def test_a_country_that_was_chosen_holds_for_twelve_hours(scene: Scene) -> None:
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on("sos:DE")
    await scene.says("/sos")
    assert "112 (Germany)" in scene.last(ALEX)
    scene.clock.advance(12 * 3600)
    await scene.says("/sos")
    assert "999" in scene.last(ALEX)


def button(scene: Scene, step: str) -> str:
    """The newest button of that kind, as it lies in the chat from then on."""
    choices = [choice for row in scene.platform.sent[-1][1].choices for choice in row]
    [token] = [c.action for c in choices if isinstance(c.action, str) and c.action.startswith(f"{step}@")]
    return token


async def test_a_button_of_a_card_of_the_holidays_does_not_bring_back_their_country(scene: Scene) -> None:
    """Robin lives in Britain, was in Germany, and scrolls up at home."""
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on("sos:DE@en")
    old = button(scene, "sos:ground")
    scene.clock.advance(11 * 3600)
    await scene.presses_on(old)
    newer = button(scene, "sos:plan")
    scene.clock.advance(2 * 3600)
    for token in (old, newer, "sos:ground@en-DE"):
        await scene.presses_on(token)
        assert "112 (Germany)" not in scene.last(ALEX)
        await scene.says("/sos")
        assert "999" in scene.last(ALEX)


@pytest.mark.parametrize("memory", [True, False])
async def test_in_the_twelve_hours_a_card_keeps_to_its_country_whoever_answers(
    scene: Scene, memory: bool
) -> None:
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on("sos:DE@en")
    for token in ("sos:plan", "sos:reach"):
        pressed = button(scene, token)
        scene.front = scene.front if memory else scene.anew()  # as after a restart, or at another worker
        await scene.presses_on(pressed)
        assert "112 (Germany)" in scene.last(ALEX)
        await scene.presses_on(button(scene, "sos:back"))
        assert "112 (Germany)" in scene.last(ALEX)


@pytest.mark.parametrize("memory", [True, False])
async def test_a_home_that_was_set_since_wins_over_a_card(scene: Scene, memory: bool) -> None:
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on("sos:DE@en")
    pressed = button(scene, "sos:ground")
    scene.homes[ALEX] = Home("FR", "en")
    scene.front = scene.front if memory else scene.anew()
    scene.front.remember(private(), scene.homes[ALEX])
    await scene.presses_on(pressed)
    await scene.presses_on(button(scene, "sos:back"))
    assert "(France)" in scene.last(ALEX)


async def test_of_two_choices_the_later_one_holds_on_the_older_card_too(scene: Scene) -> None:
    await scene.presses_on("sos:DE@en")
    older = button(scene, "sos:plan")
    scene.clock.advance(3600)
    await scene.presses_on("sos:FR@en")
    await scene.presses_on(older)
    assert "(France)" in scene.last(ALEX)


async def test_whoever_sets_their_country_afterwards_is_taken_at_their_word(scene: Scene) -> None:
    await scene.says("/sos")
    await scene.presses_on("sos:DE")
    scene.front.remember(Origin("telegram", "1", ALEX, ALEX), Home("FR", "en"))
    await scene.says("/sos")
    assert "(France)" in scene.last(ALEX)


async def test_a_country_without_numbers_is_not_held(scene: Scene) -> None:
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on("sos:ZZ")
    await scene.says("/sos")
    assert "999" in scene.last(ALEX)


async def test_a_cry_whose_words_belong_to_no_language_is_answered_in_the_persons_own(scene: Scene) -> None:
    scene.homes[ALEX] = Home("GB", "it")
    await scene.says("kms")
    assert safety("it")(WHAT_I_AM) in scene.last(ALEX)
    await scene.says("ich will sterben")
    assert safety("de")(WHAT_I_AM) in scene.last(ALEX)


async def test_whoever_calls_socorro_is_answered_in_their_own_language(scene: Scene) -> None:
    for language in ("es", "pt"):
        scene.front.remember(private(), Home("GB", language))
        await scene.says("¡Socorro!")
        assert safety(language)(WHAT_I_AM) in scene.last(ALEX)


# Groups


async def test_a_cry_in_a_group_brings_a_public_line_and_a_private_card(scene: Scene) -> None:
    await scene.says(CRY, in_group())
    [line], [card] = scene.platform.to(GROUP), scene.platform.to(ALEX)
    assert line.startswith("For everyone here: if a life is in danger now, call your local emergency number")
    assert "911 (United States)" in card


async def test_whoever_is_worried_gets_the_guide_with_the_numbers_of_their_own_country(scene: Scene) -> None:
    inbound = await scene.says("/worried")
    assert GUIDE in scene.last()
    assert "911 (United States)" in scene.last()
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert (alert.source, alert.outlook) == (Source.COMMAND, Outlook.OTHER)
    scene.homes[ALEX] = Home("GB", "en")
    scene.front.remember(private(), Home("GB", "en"))
    await scene.says("/worried")
    assert "999 or 112 (United Kingdom)" in scene.last()


async def test_a_stranger_gets_the_guide_without_any_number_that_may_be_wrong() -> None:
    scene = Scene()
    await scene.says("/worried")
    assert GUIDE in scene.last()
    assert "your local emergency number" in scene.last()


async def test_in_a_group_the_guide_goes_to_who_asked_and_the_group_reads_numbers_alone(scene: Scene) -> None:
    scene.homes[GROUP] = Home("DE", "en")
    await scene.says("/worried", in_group())
    [line], [guide] = scene.platform.to(GROUP), scene.platform.to(ALEX)
    assert line.startswith("For everyone here: if a life is in danger now, call 112 (Germany).")
    assert "Write /worried to me in a private chat" in line
    assert GUIDE not in line
    assert GUIDE in guide
    assert "911" in guide
    [message] = [message for chat, message in scene.platform.sent if chat == GROUP]
    assert [choice.action for row in message.choices for choice in row] == [
        Link(LINK.replace("sos", "worried"))
    ]


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (CRY, "/sos"),
        ("/sos", "/sos"),
        ("/worried about Anna", "/worried"),
        ("my friend wants to kill herself", "/worried"),
        ("hello", None),
    ],
)
async def test_what_was_answered_can_be_kept_as_a_bare_command(
    scene: Scene, words: str, call: str | None
) -> None:
    """Answered anew after a crash, a worry about somebody else must not become a cry of one's own."""
    inbound = await scene.says(words)
    assert scene.front.call_for(inbound.update_id) == call


async def test_nothing_of_the_persons_home_shows_in_the_group(scene: Scene) -> None:
    scene.homes[ALEX] = Home("US", "de")
    await scene.says("/sos", in_group())
    assert "911" not in scene.last(GROUP)
    assert safety("de")(WHAT_I_AM) not in scene.last(GROUP)
    assert safety("de")(WHAT_I_AM) in scene.last(ALEX)


async def test_the_line_and_the_card_leave_at_the_same_time(scene: Scene) -> None:
    scene.platform.gate = asyncio.Event()
    hearing = asyncio.create_task(scene.says(CRY, in_group()))
    async with asyncio.timeout(5):
        while set(scene.platform.asked) != {GROUP, ALEX}:  # neither has been answered yet
            await asyncio.sleep(0)
    scene.platform.gate.set()
    await hearing


async def test_the_line_is_the_same_whether_the_person_has_started_the_bot_or_not(scene: Scene) -> None:
    await scene.says(CRY, in_group())
    stranger = Scene()
    stranger.platform.closed.add(ALEX)
    await stranger.says(CRY, in_group())
    mine, theirs = (
        next(message for chat, message in one.platform.sent if chat == GROUP) for one in (scene, stranger)
    )
    assert mine == theirs
    assert [choice.action for row in theirs.choices for choice in row] == [Link(LINK)]


async def test_without_a_known_name_of_the_bot_the_line_goes_out_without_the_button(scene: Scene) -> None:
    scene.link = None
    await scene.says(CRY, in_group())
    assert next(message for chat, message in scene.platform.sent if chat == GROUP).choices == ()


@pytest.mark.parametrize("sender", ["", GROUP])
async def test_somebody_anonymous_gets_the_public_line_alone(scene: Scene, sender: str) -> None:
    await scene.says(CRY, in_group(sender))
    assert [chat for chat, _ in scene.platform.sent] == [GROUP]


async def test_the_line_is_not_repeated_for_ten_minutes_and_the_card_is(scene: Scene) -> None:
    await scene.says(CRY, in_group())
    scene.clock.advance(590)
    await scene.says(CRY, in_group("502"))
    assert len(scene.platform.to(GROUP)) == 1
    assert len(scene.platform.to("502")) == 1
    scene.clock.advance(20)
    await scene.says(CRY, in_group())
    assert len(scene.platform.to(GROUP)) == 2
    assert len(scene.platform.to(ALEX)) == 2


async def test_whoever_asks_with_a_command_a_minute_later_gets_a_line_of_their_own(scene: Scene) -> None:
    await scene.says(CRY, in_group())
    scene.clock.advance(50)
    await scene.says("/sos", in_group("502"))
    assert len(scene.platform.to(GROUP)) == 1
    scene.clock.advance(20)
    await scene.says("/sos", in_group("502"))
    assert len(scene.platform.to(GROUP)) == 2


@pytest.mark.parametrize(("shared", "number"), [(False, "112 (Germany)"), (True, "911 (United States)")])
async def test_with_several_workers_the_database_knows_better_than_memory(shared: bool, number: str) -> None:
    scene = Scene(shared=shared)
    scene.front.remember(private(), Home("DE", "en"))
    scene.homes[ALEX] = Home("US", "en")  # set through another worker
    await scene.says("/sos")
    assert DANGER.format(number=number) in scene.platform.to(ALEX)[-1]
    del scene.homes[ALEX]  # erased through another worker
    await scene.says("/sos")
    assert (DANGER.format(number=number) in scene.platform.to(ALEX)[-1]) is not shared


async def test_with_several_workers_an_update_that_another_one_answered_gets_no_second_card() -> None:
    scene = Scene(shared=True)
    scene.front.remember(private(), Home("US", "en"))
    scene.seen.add(1)
    await scene.says("/sos")
    assert scene.platform.sent == []


async def test_a_country_typed_after_the_question_brings_its_card(scene: Scene) -> None:
    await scene.says("Germany")
    assert scene.platform.sent == []
    await scene.presses_on("sos:countries")
    await scene.says("Deutschland")
    assert DANGER.format(number="112 (Germany)") in scene.platform.to(ALEX)[-1]
    await scene.says("good morning")
    assert len(scene.platform.sent) == 2
    scene.clock.advance(601)
    await scene.says("Germany")
    assert len(scene.platform.sent) == 2


async def test_a_line_that_did_not_arrive_is_said_at_the_next_cry(scene: Scene) -> None:
    scene.platform.closed.add(GROUP)
    await scene.says(CRY, in_group())
    scene.platform.closed.clear()
    await scene.says(CRY, in_group())
    assert len(scene.platform.to(GROUP)) == 1


async def test_another_group_gets_its_own_line(scene: Scene) -> None:
    await scene.says(CRY, in_group())
    await scene.says(CRY, replace(in_group(), chat="-100300"))
    assert len(scene.platform.to("-100300")) == 1


@pytest.mark.parametrize("token", ["sos", "sos:plan", "sos:reach", "sos:countries", "sos:US"])
async def test_a_press_in_a_group_brings_the_full_card_and_never_a_plan(scene: Scene, token: str) -> None:
    scene.homes[ALEX] = Home("GB", "en")
    await scene.presses_on(token, in_group())
    assert "999" in scene.last(ALEX)
    assert WHAT_I_AM in scene.last(ALEX)
    assert "shower" not in str(scene.platform.sent)
    assert scene.presses == ["q1"]


# Once for each update


async def test_an_update_that_comes_again_is_answered_once_before_and_after_its_record(scene: Scene) -> None:
    inbound = await scene.says(CRY)
    await scene.front(inbound)
    scene.front.recorded(inbound.update_id)
    assert scene.front.alert(inbound.update_id) is None
    await scene.front(inbound)
    assert len(scene.platform.sent) == 1
    assert scene.front.answered(inbound.update_id)


@pytest.mark.parametrize("origin", ["private", "group"])
async def test_a_cry_whose_card_was_cut_off_is_answered_when_it_is_brought_again(
    scene: Scene, origin: str
) -> None:
    alerts: dict[int, Alert] = {}
    scene.front = scene.anew(alerts)
    scene.platform.gate = asyncio.Event()
    inbound = scene.update(Words(CRY), in_group() if origin == "group" else private())
    hearing = asyncio.create_task(scene.front(inbound))
    while not scene.platform.asked:
        await asyncio.sleep(0)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    assert alerts == {}
    scene.platform.gate = None
    for front in (scene.anew(alerts), scene.front):  # that of the bot that comes after, or the same one
        alerts.clear()
        scene.platform.sent.clear()
        await front(inbound)
        assert len(scene.platform.to(ALEX)) == 1
        assert len(scene.platform.to(GROUP)) == (origin == "group")


async def test_the_memory_of_answered_updates_is_bounded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.escalation.crisis.answered.REMEMBERED", 3)
    heard = [await scene.says(CRY) for _ in range(5)]
    for inbound in heard:
        scene.front.recorded(inbound.update_id)
    assert [scene.front.answered(inbound.update_id) for inbound in heard] == [False, False, True, True, True]


async def test_an_update_recorded_before_the_start_is_not_answered_again(scene: Scene) -> None:
    scene.seen.add(1)
    await scene.says(CRY)
    assert scene.platform.sent == []
    assert scene.front.alert(1) is None
    await scene.says(CRY)
    assert len(scene.platform.sent) == 1


async def test_in_doubt_it_is_answered(scene: Scene) -> None:
    async def hangs(_: Inbound) -> bool:
        await asyncio.Event().wait()
        return True

    async def fails(_: Inbound) -> bool:
        raise OSError("no such database")

    for was_seen in (hangs, fails):
        front = Front(
            HELPLINES, scene.platform, scene.clock, scene._look_up, scene._answer_press, was_seen=was_seen
        )
        started = asyncio.get_running_loop().time()
        await front(scene.update(Words(CRY)))
        assert asyncio.get_running_loop().time() - started < 0.2
    assert len(scene.platform.sent) == 2


async def test_once_a_chat_was_served_the_database_is_not_asked_any_more(scene: Scene) -> None:
    await scene.says(CRY)
    scene.front.remember(private(), Home("US", "en"))
    await scene.says(CRY)
    assert scene.asked_seen == [1]


async def test_a_press_that_was_answered_before_the_start_stops_waiting(scene: Scene) -> None:
    scene.seen.add(1)
    await scene.presses_on("sos")
    assert scene.platform.sent == []
    assert scene.presses == ["q1"]


async def test_every_cry_is_answered_however_fast_they_come(scene: Scene) -> None:
    for _ in range(7):
        await scene.says(CRY)
    assert len(scene.platform.sent) == 7


async def test_of_a_backlog_three_are_answered_and_all_are_recorded(scene: Scene) -> None:
    waiting = [replace(scene.update(Words(CRY)), queued=number > 0) for number in range(6)]
    for inbound in waiting:
        await scene.front(inbound)
    assert len(scene.platform.sent) == 3
    assert all(scene.front.alert(inbound.update_id) for inbound in waiting)
    scene.clock.advance(11)
    await scene.front(replace(scene.update(Words(CRY)), queued=True))
    assert len(scene.platform.sent) == 4


async def test_a_backlog_of_one_chat_takes_nothing_from_another(scene: Scene) -> None:
    for _ in range(3):
        await scene.front(replace(scene.update(Words(CRY)), queued=True))
    await scene.front(replace(scene.update(Words(CRY), replace(private(), chat="502")), queued=True))
    assert len(scene.platform.to("502")) == 1


async def test_cards_that_did_not_arrive_do_not_count(scene: Scene) -> None:
    scene.platform.closed.add(ALEX)
    for _ in range(4):
        await scene.front(replace(scene.update(Words(CRY)), queued=True))
    scene.platform.closed.clear()
    await scene.front(replace(scene.update(Words(CRY)), queued=True))
    assert len(scene.platform.to(ALEX)) == 1


async def test_in_a_backlog_a_press_for_something_else_is_answered(scene: Scene) -> None:
    for token in ("sos", "sos:ground@en", "sos:plan@en"):
        await scene.presses_on(token)
    for token, words in (("sos:DE@en", "112 (Germany)"), ("sos:reach@en", "words for somebody you trust")):
        await scene.front(replace(scene.update(Press(token, "7", "q1")), queued=True))
        assert words in scene.last()


async def test_an_answer_that_cannot_be_put_together_gives_way_to_a_card_without_a_country(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Message:
        raise KeyError("number")

    monkeypatch.setattr("bot.escalation.crisis.front.answer", broken)
    scene.homes[ALEX] = Home("DE", "de")
    await scene.says(CRY)
    assert "your local emergency number" in scene.last()
    assert "https://findahelpline.com/" in scene.last()


# Ways in, and what is remembered of them


@pytest.mark.parametrize(
    "words",
    [
        "/start sos",
        "/start@evenkeel_bot sos",
        "/start SOS",
        "/sos",
        "/crisis",
        "/SOS now",
        "/sos!",
        "/sos, please",
        "//sos",
        "sos",
        "SOS!!!",
        "S.O.S.",
        "\U0001f198",
    ],
)
async def test_these_commands_bring_the_card(scene: Scene, words: str) -> None:
    inbound = await scene.says(words)
    assert "911" in scene.last()
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert (alert.source, alert.outlook) == (Source.COMMAND, Outlook.OWN)


@pytest.mark.parametrize("words", ["/start", "/start sosta", "/add sos", "start sos", "/sosta", "!", ""])
async def test_these_do_not(scene: Scene, words: str) -> None:
    await scene.says(words)
    assert scene.platform.sent == []


@pytest.mark.parametrize(
    ("event", "outlook"),
    [
        (Words(CRY), Outlook.OWN),
        (Words("my friend wants to kill herself"), Outlook.OTHER),
        (Press("sos:no@en", "7", "q"), Outlook.DISMISSED),
        (Press("sos:yes", "7", "q"), Outlook.OWN),
        (Press("sos:back@en", "7", "q"), Outlook.AGAIN),
        (Press("sos:ground", "7", "q"), Outlook.AGAIN),
    ],
)
async def test_what_was_answered_is_remembered_until_it_is_recorded(
    scene: Scene, event: Event, outlook: Outlook
) -> None:
    inbound = await scene.hear(event)
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert alert.outlook is outlook
    assert CRY not in repr(alert)


async def test_an_answer_that_did_not_get_through_is_kept_for_the_outbox(scene: Scene) -> None:
    scene.platform.closed.add(ALEX)
    inbound = await scene.says(CRY)
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    assert alert.undelivered is not None
    assert "911" in alert.undelivered.text.plain


@pytest.mark.parametrize("closed", [set(), {ALEX}, {GROUP}, {ALEX, GROUP}])
@pytest.mark.parametrize("whispered", [None, "29000001"])
async def test_what_a_group_and_who_cried_there_did_not_get_is_kept_for_the_outbox(
    scene: Scene, closed: set[str], whispered: str | None
) -> None:
    scene.homes[GROUP] = Home("DE", "en")
    scene.platform.closed |= closed
    inbound = await scene.hear(Words(CRY, topic="12", whispered=whispered), in_group())
    alert = scene.front.alert(inbound.update_id)
    assert alert is not None
    card, line = alert.undelivered, alert.unsaid
    assert [card is not None, line is not None] == [
        ALEX in closed,
        GROUP in closed and (whispered is None or ALEX in closed),
    ]
    assert card is None or "911" in card.text.plain
    assert line is None or ("112 (Germany)" in line.text.plain and line.topic == "12")


async def test_a_step_that_breaks_leaves_a_card_to_the_outbox(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: Front, *_: object) -> Message | None:
        raise OSError("no card")

    monkeypatch.setattr(Front, "_card", broken)
    for origin in (private(), in_group()):
        inbound = scene.update(Words(CRY), origin)
        with pytest.raises(OSError, match="no card"):
            await scene.front(inbound)
        alert = scene.front.alert(inbound.update_id)
        assert alert is not None
        assert alert.undelivered is not None
        assert WHAT_I_AM in alert.undelivered.text.plain


async def test_old_numbers_are_shown_with_their_date(scene: Scene) -> None:
    scene.clock.advance((date(2027, 12, 1) - date(2026, 11, 24)).days * 86_400)
    await scene.says("/sos")
    assert "have not been checked for a while" in scene.last()
    assert "2026-11-23" in scene.last()


# What a group lets us hear


def aloud(text: str, *names: str) -> Words:
    """Words in a group that speak to these names, and not to us without a doubt."""
    return Words(text, called=frozenset(names))


async def test_the_line_stands_in_the_topic_where_the_words_were_written(scene: Scene) -> None:
    await scene.hear(Words(CRY, topic="12"), in_group())
    [line] = [message for chat, message in scene.platform.sent if chat == GROUP]
    [card] = [message for chat, message in scene.platform.sent if chat == ALEX]
    assert (line.topic, card.topic) == ("12", None)


@pytest.mark.parametrize("words", [CRY, "/sos"])
async def test_who_cries_in_another_topic_a_moment_later_reads_a_line_there(scene: Scene, words: str) -> None:
    scene.platform.closed.add("502")
    await scene.hear(Words(words, topic="12"), in_group())
    for topic in ("13", None):
        await scene.hear(Words(words, topic=topic), in_group("502"))
        await scene.hear(Words(words, topic=topic), in_group("502"))
    assert [message.topic for chat, message in scene.platform.sent if chat == GROUP] == ["12", "13", None]


async def test_a_press_is_answered_in_the_topic_where_its_button_stood(scene: Scene) -> None:
    await scene.hear(Press("sos", "7", "q1", topic="12"), in_group())
    [line] = [message for chat, message in scene.platform.sent if chat == GROUP]
    assert line.topic == "12"


async def test_what_the_members_say_to_one_another_is_dropped_and_kept_nowhere(scene: Scene) -> None:
    scene.homes[GROUP] = Home("DE", "de")
    inbound = await scene.hear(aloud(CRY), in_group())
    assert scene.platform.sent == []
    assert scene.front.alert(inbound.update_id) is None
    assert scene.front.call_for(inbound.update_id) == ""  # in place of the words, where a crowd is kept
    scene.front.remember(in_group(), Home("DE", "de"))
    await scene.hear(aloud(CRY), in_group())
    assert scene.platform.sent == []


@pytest.mark.parametrize("shared", [False, True])
async def test_by_choice_of_its_admins_a_group_is_heard_at_once_and_no_more_as_soon_as_they_end_it(
    shared: bool,
) -> None:
    scene = Scene(shared=shared)
    scene.front.remember(in_group(), Home("DE", ""))
    scene.homes[GROUP] = Home("DE", "", hears_all=True)
    await scene.hear(aloud(CRY), in_group())
    assert "112 (Germany)" in scene.last(GROUP)
    scene.homes[GROUP] = Home("DE", "")
    if not shared:
        scene.front.forget(in_group())  # who ended it did so through us
    await scene.hear(aloud(CRY), in_group("502"))
    assert scene.platform.to("502") == []


async def test_a_cry_that_speaks_to_us_is_answered_when_the_database_is_dead(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(_self: Scene, _origin: Origin) -> Home | None:
        raise OSError

    monkeypatch.setattr(Scene, "_look_up", dead)
    without = Scene()
    await without.hear(aloud(CRY, "evenkeel_bot"), in_group())
    assert len(without.platform.to(GROUP)) == len(without.platform.to(ALEX)) == 1
    await without.hear(aloud(CRY, "evenkeel_bot"), in_group("502"))
    assert len(without.platform.to(GROUP)) == 1  # merged from memory
    assert len(without.platform.to("502")) == 1
    await without.hear(aloud(CRY), in_group("503"))
    assert without.platform.to("503") == []


@pytest.mark.parametrize(("called", "heard"), [("evenkeel_bot", True), ("another_bot", False)])
async def test_a_command_or_a_mention_of_another_bot_is_not_for_us(
    scene: Scene, called: str, heard: bool
) -> None:
    await scene.hear(aloud("/sos", called), in_group())
    assert bool(scene.platform.sent) is heard


@pytest.mark.parametrize(
    ("groups", "event", "spoken"),
    [
        ("fr", Words("/sos"), "fr"),
        ("fr", Words("ich will mich umbringen"), "fr"),
        ("", Words("ich will mich umbringen"), "de"),
        ("", Words("ich brauche jetzt Hilfe"), "de"),
        ("", Words("ich will mich umbringen", whispered="29000001"), "en"),
        ("fr", Words("ich will mich umbringen", whispered="29000001"), "fr"),
        ("", Words("/sos"), "en"),
        ("", Words("kms"), "en"),
        ("", Press("sos:yes@de", "7", "q1"), "en"),
    ],
)
async def test_no_group_can_tell_by_the_language_of_the_line_whose_cry_it_was(
    scene: Scene, groups: str, event: Event, spoken: str
) -> None:
    """Robin's telephone speaks Italian, and nobody else's there does."""
    scene.homes |= {GROUP: Home("DE", groups), ALEX: Home("IT", "it")}
    scene.platform.closed.add(ALEX)
    await scene.hear(event, in_group(language="it"))
    assert safety(spoken)(WHAT_I_AM) in scene.last(GROUP)


# Words that nobody else in the group saw


def unseen(text: str) -> Words:
    return Words(text, whispered="29000001")


@pytest.mark.parametrize("text", [CRY, "/sos", "/worried", "i want to kill myself tonight"])
async def test_a_cry_that_nobody_saw_brings_the_card_and_no_line_to_the_group(
    scene: Scene, text: str
) -> None:
    await scene.hear(unseen(text), in_group())
    assert [chat for chat, _ in scene.platform.sent] == [ALEX]
    seen = Scene(homes=dict(scene.homes))
    await seen.says(text, in_group())
    assert scene.platform.to(ALEX) == seen.platform.to(ALEX)  # the card is the same as ever


@pytest.mark.parametrize("sender", ["", GROUP, "502"])
async def test_whoever_cannot_surely_be_reached_in_private_gets_the_line_all_the_same(
    scene: Scene, sender: str
) -> None:
    scene.platform.closed.add("502")
    await scene.hear(unseen(CRY), in_group(sender))
    assert len(scene.platform.to(GROUP)) == 1
    await scene.says(CRY, in_group())
    assert len(scene.platform.to(GROUP)) == 1, "it counts as any other"


async def test_a_card_of_which_nothing_is_heard_does_not_keep_the_line_waiting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.escalation.crisis.front.UNSEEN_SECONDS", 0.01)
    scene.platform.gate = asyncio.Event()
    hearing = asyncio.create_task(scene.hear(unseen(CRY), in_group()))
    async with asyncio.timeout(10):
        while len(scene.platform.asked) < 2:
            await asyncio.sleep(0.01)
    assert scene.platform.asked == [ALEX, GROUP]
    assert not hearing.done(), "the update is not let go before the card is decided"
    scene.platform.gate.set()
    await hearing
    assert len(scene.platform.to(ALEX)) == len(scene.platform.to(GROUP)) == 1


async def test_a_cry_that_nobody_saw_takes_the_line_from_nobody(scene: Scene) -> None:
    await scene.hear(unseen("/sos"), in_group())
    await scene.says("/sos", in_group("502"))
    assert len(scene.platform.to(GROUP)) == 1


async def test_a_card_that_goes_wrong_leaves_the_line(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: Front, *_: object) -> bool:
        raise OSError("no card")

    monkeypatch.setattr(Front, "_card_of_sender", broken)
    with pytest.raises(OSError, match="no card"):
        await scene.hear(unseen(CRY), in_group())
    assert len(scene.platform.to(GROUP)) == 1


# A typed answer to our direct question

GENTLE_WORDS = "everyone would be better off without me"


@pytest.mark.parametrize("yes", ["yes", "Yes.", "yeah!!", "sí", "ja", "oui", "sim", "I think so", "maybe"])
async def test_a_typed_yes_to_our_question_brings_the_card(scene: Scene, yes: str) -> None:
    await scene.says(GENTLE_WORDS)
    assert "Is it about ending your life?" in scene.last()
    answered = await scene.says(yes)
    assert "You do not have to get through this alone." in scene.last()
    alert = scene.front.alert(answered.update_id)
    assert alert is not None
    assert (alert.tier, alert.outlook, alert.words) == (Tier.URGENT, Outlook.OWN, False)


@pytest.mark.parametrize("no", ["no", "No!", "nein", "non", "não", "not really"])
async def test_a_typed_no_is_as_good_as_its_button(scene: Scene, no: str) -> None:
    await scene.says(GENTLE_WORDS)
    answered = await scene.says(no)
    alert = scene.front.alert(answered.update_id)
    assert alert is not None
    assert alert.outlook is Outlook.DISMISSED


async def test_a_yes_to_anything_else_is_none_of_ours(scene: Scene) -> None:
    assert scene.front.alert((await scene.says("yes")).update_id) is None
    await scene.says(GENTLE_WORDS)
    assert scene.front.alert((await scene.says("what do you mean?")).update_id) is None
    assert scene.front.alert((await scene.says("yes")).update_id) is None
    await scene.says(GENTLE_WORDS)
    scene.clock.advance(601)
    assert scene.front.alert((await scene.says("yes")).update_id) is None
    await scene.says("I want to kill myself")
    assert scene.front.alert((await scene.says("no")).update_id) is None

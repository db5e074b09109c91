""" "I need you": to all at once, through quiet hours, and never but by a tap."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from storage import scopes, told
from storage.bonds import Bond
from storage.outbox import OutboxState
from storage.told import Told
from storage.vocabulary import Scope
from tests.caregivers.test_leaving import HOST, lay_out
from tests.transcripts.stage import ANNA, BEN, Stage, prelude, stage

CALL = "“Can you be with me, or call me?”"


async def say(played: Stage, *deeds: str) -> list[str]:
    return [line for deed in deeds for line in await played.play(deed)]


async def bind_two(played: Stage) -> None:
    """Two caregivers who may hear it."""
    for signs, name in ((">>", "Anna Berg"), (">>>", "Ben")):
        await say(played, "> /caregivers", "> [Invite someone]", f"{signs} (opens the link)")
        await say(played, f"{signs} [I agree]", f"{signs} Alex", "@ +2 min", f"> [Yes, it is {name}]")
    async with played.vault.database.transaction() as session:
        for bond in await session.exec(select(Bond)):
            await scopes.switch_on(session, bond, Scope.NEED_YOU, played.clock.now())


def calls(played: Stage, ref: str) -> int:
    """How often somebody has been called."""
    return sum(CALL in sheet.text.plain for sheet in played.chat.of(ref).shown.values())


async def test_all_of_them_are_asked_and_who_has_seen_it_is_not_asked_again(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await bind_two(played)
        await say(played, "> /needyou", "> [Ask all of them]")
        assert (calls(played, ANNA), calls(played, BEN)) == (1, 1)
        await say(played, ">> [Thank you, I have seen it]")
        await say(played, "@ +60 min")
        assert (calls(played, ANNA), calls(played, BEN)) == (1, 3)
        async with played.vault.database.reading() as session:
            made = [row.made_at for row in await session.exec(select(Told).order_by(Told.id))]  # type: ignore[arg-type]
        assert [at - made[0] for at in made[2:]] == [timedelta(minutes=10), timedelta(minutes=30)]


async def test_a_call_leaves_in_quiet_hours_too(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await bind_two(played)
        await say(played, ">> /settings", ">> [Quiet hours]", ">> 06:00-23:00")
        await say(played, "> /needyou", "> [Ask Anna Berg]")
        assert calls(played, ANNA) == 1


async def test_one_tap_of_the_person_stops_the_repeats_and_the_chats_stay_as_they_are(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await bind_two(played)
        await say(played, "> /needyou", "> [Ask all of them]", "@ +10 min")
        seen = {ref: dict(played.chat.of(ref).shown) for ref in (ANNA, BEN)}
        assert (calls(played, ANNA), calls(played, BEN)) == (2, 2)
        heard = await say(played, "> [No need to say it again]", "@ +60 min")
        assert {ref: played.chat.of(ref).shown for ref in (ANNA, BEN)} == seen
        assert any("I say it no more" in line for line in heard)
        async with played.vault.database.reading() as session:
            outcomes = await told.outcomes(session, list(await session.exec(select(Told))))
        assert set(outcomes.values()) == {OutboxState.DELIVERED}
        await say(played, ">> [Thank you, I have seen it]", "> /needyou", "> [Ask all of them]", "@ +60 min")
        assert (calls(played, ANNA), calls(played, BEN)) == (5, 5), "a new call is repeated again"


async def test_a_pause_of_the_bond_stops_the_repeats(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await bind_two(played)
        await say(
            played, "> /needyou", "> [Ask Anna Berg]", "> /caregivers", "> [Pause: Anna Berg]", "@ +60 min"
        )
        assert calls(played, ANNA) == 1
        await say(played, "> [Go on: Anna Berg]", "@ +60 min")
        assert calls(played, ANNA) == 1


async def test_a_card_of_the_crisis_wing_calls_nobody(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await bind_two(played)
        seen = {ref: dict(played.chat.of(ref).shown) for ref in (ANNA, BEN)}
        await say(played, "> /sos", "> i want to kill myself", "@ +1500 min", "@ +1500 min")
        assert {ref: played.chat.of(ref).shown for ref in (ANNA, BEN)} == seen

"""What a caregiver may do: tell the record something, record a dose. Never without consent, never twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from bot import post
from bot.caregivers import wake
from bot.caregivers.helping import hearing, permitting, recording, rules, telling, wording
from bot.caregivers.helping.dialogs import NAME, WHOM, WORDS
from bot.caregivers.scoping import choices, page
from bot.caregivers.telling.doses import about
from bot.conversation.catalogs import catalog
from bot.conversation.errands import OpenDose
from bot.conversation.tokens import Signer
from bot.conversation.visit import Visit
from bot.doses import helping, taking
from bot.reactions import react
from storage import estate, outbox, people, words
from storage.bonds import Bond, Name
from storage.caring import Caring
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.holding import hold_address, hold_free
from storage.outbox import OutboxRow
from storage.told import Told
from storage.vocabulary import BondState, DoseState, Scope, WordState
from storage.words import CaregiverWord
from tests.caregivers.test_leaving import WAYS, Seen, lay_out, say
from tests.caregivers.ties import DOSE, courier, set_bond, set_person, tie, two
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse
from tests.storage.lives import dose, medicine
from tests.transcripts.stage import ANNA, Chat, Prelude, Stage, prelude, stage

HOST = "a person who takes Sertraline, 50 mg, every day at 08:00"
TELL, RECORD = Scope.MAY_TELL, Scope.MAY_RECORD
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
SIGNER = Signer(b"key")
_ = catalog("en")
Deed = Callable[[Visit], Awaitable[None]]


async def act(house: PostHouse, who: int, deed: Deed) -> Visit:
    """As the door does: hold whoever acts, act, let the rooms react, post, commit."""
    async with house.database.transaction() as session:
        await hold_address(session, PLATFORM, ACCOUNT, house.refs[who])
        person = (await people.by_ids(session, [who]))[who]
        given: dict[str, Any] = {"given": house.means, "name": Name("Anna Berg", "anna")}
        visit = Visit(session, person, house.sealers[who], house.clock.now(), **given)
        await deed(visit)
        await react(visit)
        await session.flush()
        visits = [visit, *visit.beside]
        await post.supersede(visits)
        await post.set_timers(visits)
        await outbox.post(session, await post.rows_of(visits, SIGNER))
        return visit


async def look(house: PostHouse, person: int) -> list[str]:
    """The person's room wakes; what it says."""

    async def deed(visit: Visit) -> None:
        await wake.wake([visit])

    return said(await act(house, person, deed))


def said(visit: Visit) -> list[str]:
    return [order.message.text.plain.split("\n")[0] for order in visit.orders]


async def entry(house: PostHouse, caregiver: int) -> Caring:
    async with house.database.reading() as session:
        return (await session.exec(select(Caring).where(Caring.caregiver_id == caregiver))).one()


async def tells(house: PostHouse, caregiver: int, text: str = "Seemed low.") -> Visit:
    answers = {WHOM: (await entry(house, caregiver)).key, NAME: "Alex", WORDS: text}
    return await act(house, caregiver, lambda visit: telling.tell(visit, answers))


async def gives(house: PostHouse, caregiver: int, key: int) -> Visit:
    argument = f"{(await entry(house, caregiver)).key}.{key}"
    return await act(house, caregiver, lambda visit: recording.give(visit, argument))


async def stored(house: PostHouse) -> list[CaregiverWord]:
    async with house.database.reading() as session:
        return list(await session.exec(select(CaregiverWord)))


async def open_dose(house: PostHouse, person: int, **more: Any) -> int:
    row = dose(person, await medicine(house, person), **more)
    async with house.database.transaction() as session:
        session.add(row)
        await session.flush()
        return row.key


async def as_it_is(house: PostHouse, key: int) -> Dose:
    async with house.database.reading() as session:
        return (await session.exec(select(Dose).where(Dose.id == key))).one()


async def events(house: PostHouse, key: int) -> list[str]:
    async with house.database.reading() as session:
        query = select(DoseEvent).where(DoseEvent.dose_id == key).order_by(col(DoseEvent.id))
        return [event.kind for event in await session.exec(query)]


# --- rules -------------------------------------------------------------------------------------------------


def test_five_words_a_day_and_the_sixth_on_the_next() -> None:
    since, count = None, 0
    for number in range(1, 6):
        counted = rules.one_more(since, count, NOON + timedelta(hours=number))
        assert counted == (NOON + timedelta(hours=1), number)
        since, count = counted
    assert rules.one_more(since, count, NOON + timedelta(hours=24)) is None
    again = NOON + timedelta(hours=25)
    assert rules.one_more(since, count, again) == (again, 1)


@pytest.mark.parametrize(
    ("seen", "label"),
    [
        (OpenDose(1, time(8), "Europe/Berlin", "", 0), "the dose of 08:00"),
        (OpenDose(1, time(8), "Europe/Berlin", "", 2), "the dose of 08:00, medicine 2"),
        (OpenDose(1, time(8), "America/New_York", "", 0), "the dose of 08:00 (New York)"),
        (OpenDose(1, time(8), "Europe/Berlin", "Sertraline", 2), "08:00 \u2068Sertraline\u2069"),
    ],
)
def test_a_helper_sees_a_name_only_where_it_is_given(seen: OpenDose, label: str) -> None:
    assert wording.dose_label(_, seen, "Europe/Berlin") == label


async def sees(house: PostHouse, caregiver: int) -> str:
    """The list of whom they care for."""
    side = str((await entry(house, caregiver)).key)
    looked = await act(house, caregiver, lambda visit: recording.look(visit, side))
    return "\n".join(order.message.text.plain for order in looked.orders)


async def may(house: PostHouse, person: int, bond: Bond) -> str:
    """What the person reads of what this caregiver may do."""
    shown = await act(house, person, lambda visit: permitting.show(visit, str(bond.key)))
    return shown.orders[0].message.text.plain


async def test_a_helper_sees_no_names_any_more_once_the_notice_with_names_is_off(house: PostHouse) -> None:
    """There is no other place where they could be ticked, nor unticked."""
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE, RECORD, names_told=True)
    await open_dose(house, person)
    assert "Sertraline" in await sees(house, caregiver)
    assert "yes, with the names of medicines" in await may(house, person, bond)
    off = choices.usual(bond.key, DOSE).argument()
    await act(house, person, lambda visit: page.turn_off(visit, off))
    assert "the dose of 09:00" in await sees(house, caregiver)
    assert "yes, without names" in await may(house, person, bond)


@pytest.mark.parametrize("named", [True, False])
async def test_before_somebody_may_record_it_is_said_whether_they_see_names(
    house: PostHouse, named: bool
) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, *([DOSE] if named else []), names_told=named)
    argument = f"{bond.key}.{RECORD.value}"
    shown = await act(house, person, lambda visit: permitting.explain(visit, argument))
    text = shown.orders[0].message.text.plain
    assert ("They see the names of medicines" in text) is named
    assert ("They see no names of medicines" in text) is not named


# --- telling -----------------------------------------------------------------------------------------------


async def test_a_word_reaches_the_person_and_stays_only_if_they_keep_it(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, TELL)
    for text in ("First.", "Second."):
        await tells(house, caregiver, text)
    heard = await look(house, person)
    assert (
        heard
        == [
            "\u2068Anna Berg\u2069 (\u2068@\u2060anna\u2069) wants to tell you something, Sun 1 Mar at 09:00:"
        ]
        * 2
    )
    assert await look(house, person) == [], "nothing is shown twice"
    first, second = await stored(house)
    await act(house, person, lambda visit: hearing.keep(visit, str(first.key)))
    await act(house, person, lambda visit: hearing.discard(visit, str(second.key)))
    await act(house, person, lambda visit: hearing.keep(visit, str(second.key)))
    [kept] = await stored(house)
    assert (kept.key, kept.state, kept.bond_id) == (first.key, WordState.KEPT, bond.key)
    async with house.database.reading() as session:
        week = timedelta(days=7)
        now, sealer = house.clock.now(), house.sealers[person]
        [one] = await words.kept(session, sealer, person, now - week, now + week)
    assert (one.by, one.text) == ("Anna Berg", "First.")


async def test_a_word_that_was_told_before_a_pause_is_gone_after_it(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, TELL)
    await tells(house, caregiver)
    await set_bond(house, bond, state=BondState.PAUSED)
    assert await look(house, person) == []
    assert await stored(house) == []


async def test_a_word_is_gone_when_the_leave_was_taken_back_and_given_again(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, TELL)
    await tells(house, caregiver)
    house.clock.advance(60)
    argument = f"{bond.key}.{TELL.value}"
    for deed in (permitting.forbid, permitting.permit):
        await act(house, person, lambda visit, deed=deed: deed(visit, argument))  # type: ignore[misc]
    assert await look(house, person) == []
    assert await stored(house) == []


async def test_a_word_waits_for_the_end_of_the_quiet_hours(house: PostHouse) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, TELL)
    await set_person(house, person, quiet_from=time(8), quiet_until=time(10))
    await tells(house, caregiver)
    assert await look(house, person) == []
    house.clock.advance(3600)
    assert len(await look(house, person)) == 1


async def nobody_lets_her(house: PostHouse, bond: Bond) -> None:
    """Nothing was ever switched on."""


async def it_is_paused(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, state=BondState.PAUSED)


async def it_has_ended(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, state=BondState.ENDED)


async def it_ran_out(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, expires_at=house.clock.now())


async def they_cannot_be_reached(house: PostHouse, bond: Bond) -> None:
    await set_person(house, bond.person_id, reachable=False)


async def they_forbade_it(house: PostHouse, bond: Bond) -> None:
    for kind in (TELL, RECORD):
        argument = f"{bond.key}.{kind.value}"
        await act(house, bond.person_id, lambda visit, a=argument: permitting.forbid(visit, a))  # type: ignore[misc]


async def they_are_erased(house: PostHouse, bond: Bond) -> None:
    async with house.database.transaction() as session:
        await estate.erase(session, bond.person_id, house.clock.now())


@pytest.mark.parametrize(
    "why",
    [
        nobody_lets_her,
        it_is_paused,
        it_has_ended,
        it_ran_out,
        they_cannot_be_reached,
        they_forbade_it,
        they_are_erased,
    ],
    ids=lambda why: why.__name__,
)
async def test_without_live_consent_nothing_is_kept_or_recorded_and_the_answer_is_the_same(
    house: PostHouse, why: Callable[[PostHouse, Bond], Awaitable[None]]
) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, *(() if why is nobody_lets_her else (TELL, RECORD)))
    key = await open_dose(house, person)
    await why(house, bond)
    before = len(await stored(house))
    assert said(await tells(house, caregiver)) == [wording.thanks(_, "Alex").plain]
    answer = "No updates available."
    side = str((await entry(house, caregiver)).key)
    assert said(await act(house, caregiver, lambda visit: recording.look(visit, side))) == [answer]
    assert said(await gives(house, caregiver, key)) == [answer]
    assert len(await stored(house)) == before == 0
    if why is not they_are_erased:
        assert (await as_it_is(house, key)).state is DoseState.OPEN


async def test_an_end_and_a_word_at_once_leave_nothing_that_is_shown(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, TELL)
    argument = f"{bond.key}.{TELL.value}"
    await asyncio.gather(
        tells(house, caregiver), act(house, person, lambda visit: permitting.forbid(visit, argument))
    )
    assert await look(house, person) == []
    assert await stored(house) == []


async def test_a_caregiver_who_may_tell_learns_no_more_than_one_who_may_not(house: PostHouse) -> None:
    """The count of words is the caregiver's own; it goes on whatever became of them."""
    person, caregiver = await two(house)
    await tie(house, person, caregiver)
    for number in range(6):
        answer = said(await tells(house, caregiver))
        assert answer == [(wording.thanks(_, "Alex") if number < 5 else wording.enough_for_today(_, 5)).plain]


# --- recording ---------------------------------------------------------------------------------------------


async def test_a_dose_recorded_by_a_helper_says_by_whom_and_the_person_takes_it_back(
    house: PostHouse,
) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    key = await open_dose(house, person)
    helped = await gives(house, caregiver, key)
    assert said(helped) == ["Recorded as taken. \u2068Alex\u2069 is told by whom, and can take it back."]
    [host] = helped.beside
    assert any("recorded for you" in line for line in said(host))
    assert all(order.message.silent for order in host.orders if "for you" in order.message.text.plain)
    row = await as_it_is(house, key)
    assert row.recorded_by_sealed is not None
    assert row.state is DoseState.TAKEN
    assert b"Anna" not in row.recorded_by_sealed
    back = await act(house, person, lambda visit: helping.take_back(visit, str(key)))
    assert "Undone" in said(back)[0]
    row = await as_it_is(house, key)
    assert (row.state, row.recorded_by_sealed) == (DoseState.OPEN, None)
    assert await events(house, key) == ["taken", "undone"]


@pytest.mark.parametrize("rounds", range(3))
async def test_a_person_and_a_helper_who_record_at_once_have_one_effect(
    house: PostHouse, rounds: int
) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    key = await open_dose(house, person)
    await asyncio.gather(
        act(house, person, lambda visit: taking.taken(visit, str(key))), gives(house, caregiver, key)
    )
    assert await events(house, key) == ["taken"]
    assert (await as_it_is(house, key)).state is DoseState.TAKEN


async def test_nobody_else_works_on_the_person_while_a_helper_records(house: PostHouse) -> None:
    """A file has one writer at a time; on a server this is what keeps the two apart."""
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    argument = f"{(await entry(house, caregiver)).key}.{await open_dose(house, person)}"
    free: list[list[int]] = []

    async def deed(visit: Visit) -> None:
        await recording.give(visit, argument)
        if not house.database.is_sqlite:
            async with house.database.transaction() as other:
                free.append(await hold_free(other, [person]))

    await act(house, caregiver, deed)
    assert free == ([] if house.database.is_sqlite else [[]])


async def test_a_helper_who_presses_twice_at_once_records_once(house: PostHouse) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    key = await open_dose(house, person)
    seen = await asyncio.gather(gives(house, caregiver, key), gives(house, caregiver, key))
    assert await events(house, key) == ["taken"]
    assert sum("It was recorded before" in said(each)[0] for each in seen) == 1


async def test_a_switch_off_and_a_record_at_once_leave_a_dose_that_the_person_was_told_of(
    house: PostHouse,
) -> None:
    person, caregiver = await two(house)
    long_ago = house.clock.now() - timedelta(days=1)  # one pair of hands would be looked at
    bond = await tie(house, person, caregiver, RECORD, agreed_at=long_ago)
    key = await open_dose(house, person)
    argument = f"{bond.key}.{RECORD.value}"
    given, _off = await asyncio.gather(
        gives(house, caregiver, key), act(house, person, lambda visit: permitting.forbid(visit, argument))
    )
    taken = (await as_it_is(house, key)).state is DoseState.TAKEN
    async with house.database.reading() as session:
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.person_id == person)
        told = (await session.exec(query)).one()
    assert told == (2 if taken else 1), "the answer to the switch, and the word that it was recorded"
    assert said(given)[0].startswith("Recorded" if taken else "No updates")


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"days": -1}, id="of yesterday"),
        pytest.param({"days": 1}, id="of tomorrow"),
        pytest.param({"at": 20}, id="still to come"),
        pytest.param({"state": DoseState.SKIPPED}, id="skipped"),
        pytest.param({"state": DoseState.MISSED}, id="its time is over"),
    ],
)
async def test_a_helper_records_nothing_but_what_is_due_and_open_today(
    house: PostHouse, more: dict[str, Any]
) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    key = await open_dose(house, person, **more)
    before = (await as_it_is(house, key)).state
    assert said(await gives(house, caregiver, key))[0].startswith("This one cannot be recorded")
    assert (await as_it_is(house, key)).state is before


async def test_what_a_helper_is_shown_does_not_leave_after_the_consent_has_ended(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, RECORD)
    await open_dose(house, person)
    side = str((await entry(house, caregiver)).key)
    for forbidden in (False, True):
        await act(house, caregiver, lambda visit: recording.look(visit, side))
        if forbidden:
            await they_forbade_it(house, bond)
        await house.carry(courier(house))
        shown = [body for body in house.platform.bodies if "Not recorded yet today" in body]
        assert len(shown) == 1, "the first has left, the second is withheld"


async def test_a_helper_records_nothing_of_anybody_else(house: PostHouse) -> None:
    person, caregiver = await two(house)
    await tie(house, person, caregiver, RECORD)
    other = await house.person("other")
    key = await open_dose(house, other)
    assert said(await gives(house, caregiver, key))[0].startswith("This one cannot be recorded")
    stranger = await house.person("stranger")
    own = await open_dose(house, person)
    argument = f"{(await entry(house, caregiver)).key}.{own}"
    seen = await act(house, stranger, lambda visit: recording.give(visit, argument))
    assert said(seen) == ["No updates available."]
    assert (await as_it_is(house, own)).state is DoseState.OPEN


@pytest.mark.parametrize("may", [True, False])
async def test_what_a_helper_recorded_they_have_seen(house: PostHouse, may: bool) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE, *([RECORD] if may else []))
    key = await open_dose(house, person)
    due_at = (await as_it_is(house, key)).due_at
    past: dict[str, Any] = {"bond_id": bond.key, "person_id": person, "kind": DOSE, "text_sealed": b""}
    async with house.database.transaction() as session:
        for at in (due_at, due_at - timedelta(days=1)):
            session.add(Told(about=about(at), made_at=house.clock.now(), **past))
    await gives(house, caregiver, key)
    async with house.database.reading() as session:
        rows = await session.exec(select(Told).order_by(col(Told.id)))
        assert [row.acknowledged_at is not None for row in rows] == [may, False]


# --- leaving -----------------------------------------------------------------------------------------------

_HELPER = (
    *("> /caregivers", "> [Invite someone]", ">> (opens the link)", ">> [I agree]", ">> Alex"),
    *("> [Yes, it is Anna Berg]", "> /caregivers", "> [What Anna Berg may do]"),
    *("> [Let them record a dose]", "> [Yes, they may record]"),
    *("> [Let them tell me something]", "> [Yes, they may tell me]"),
    *("> /caregivers", "> [What Anna Berg gets]", "> [a dose that is not recorded]", "> [30 min]"),
    *("> [Switch it on]", "@ 08:10"),
    *(">> /caring", ">> [Record a dose]", ">> /tell Seemed well.", ">> [Yes, tell them]", "@ 09:20"),
    *("> /caregivers",),
)
_TRIES = (
    *(">> [Record as taken]", ">> [Thank you, I have seen it]"),
    *(">> [Taken: the dose of 08:00 (New York)]", ">> [Record a dose]", ">> /tell Still there?"),
    *(">> [Yes, tell them]", ">> /caring", ">> /export", ">> [Stop caring for Alex]", ">> /tell"),
)


async def helped(folder: Path) -> tuple[Prelude, Chat]:
    """Two people who live with it, and the chat of the helper."""
    before = await prelude(HOST)
    lay_out(before, folder)
    async with stage(folder) as played:
        played.enter(before)
        await say(played, *_HELPER)
        chat, until = played.chat, played.clock.now()
    files = {name: (folder / name).read_bytes() for name in before.files}
    return Prelude(files, chat.shown, chat.ever, 1_000, until), chat.of(ANNA)


async def live(before: Prelude, hers: Chat, folder: Path, leave: Callable[[Stage], Awaitable[None]]) -> Seen:
    lay_out(before, folder)
    async with stage(folder) as played:
        played.enter(before)
        chat = played.chat.of(ANNA)
        chat.shown, chat.ever, chat.number = dict(hers.shown), list(hers.ever), hers.number
        await leave(played)
        happened = await say(played, "@ +120 min", *_TRIES, "@ +10 min")
        shown = dict(chat.shown)
    theirs, mine = [], False
    for line in happened:
        mine = line.startswith("<<") or (mine and line.startswith("   "))
        theirs += [line] if mine else []
    return Seen(theirs, shown)


async def nothing_happens(_played: Stage) -> None:
    """The control: she still may."""


async def test_a_helper_sees_the_same_whichever_way_the_person_leaves(tmp_path: Path) -> None:
    before, hers = await helped(tmp_path / "before")
    ways = {name: leave for name, (leave, _time) in WAYS.items() if name != "our outage"}
    seen = {
        name: await live(before, hers, tmp_path / name.replace(" ", "_"), leave)
        for name, leave in ways.items()
    }
    first = seen["stopped"]
    assert any("Thank you. If Alex shares" in line for line in first.happened)
    answers = first.happened[first.happened.index("<< No updates available.") :]
    assert not any("ecorded as taken" in line for line in answers)
    for name, chat in seen.items():
        assert chat == first, name
    control = await live(before, hers, tmp_path / "control", nothing_happens)
    assert any("Recorded as taken" in line for line in control.happened), "with a live consent it is recorded"

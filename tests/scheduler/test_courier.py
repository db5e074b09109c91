"""The courier takes messages to people: in order, in time, and only to those who still want them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.lanes import Lane
from scheduler.outcomes import (
    AccountRefused,
    Delivered,
    Moved,
    NotSent,
    Outcome,
    Refused,
    Unreachable,
    Unsure,
)
from scheduler.parcel import Parcel
from storage import copies, outbox, people
from storage.copies import Copy
from storage.outbox import Ended, OutboxState
from storage.people import PersonKey
from tests.caregivers.ties import DOSE, notice, tie, two
from tests.scheduler.posthouse import ACCOUNT, PostHouse, running, until

NO_CONCERN = "nobody's concern"


class Recorder:
    """A witness that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, OutboxState]] = []

    def concerns(self, ended: Ended) -> bool:
        return ended.about != NO_CONCERN

    async def settled(self, session: AsyncSession, ended: Sequence[Ended]) -> None:
        self.told += [(one.row_id, one.state) for one in ended]


async def test_a_message_reaches_its_person_and_its_id_is_kept(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, '{"text": "08:00"}')
    await house.carry()
    assert house.platform.bodies == ['{"text": "08:00"}']
    stored = await house.read(row)
    assert (stored.state, stored.message_ref, stored.copies) == (OutboxState.DELIVERED, "m1", 1)
    assert stored.lease_token is None


async def test_the_lanes_decide_who_leaves_first(house: PostHouse) -> None:
    ids = await house.crowd([str(n) for n in range(1, 5)])
    for person, lane in zip(ids, (Lane.GROUP, Lane.DOSE, Lane.REPLY, Lane.CRISIS), strict=True):
        await house.write(person, lane.name, lane)
    await house.carry(house.courier(slots=1))
    assert house.platform.bodies == ["CRISIS", "REPLY", "DOSE", "GROUP"]


async def test_a_message_leaves_no_earlier_than_it_should(house: PostHouse) -> None:
    ada = await house.person("1")
    later = house.row(ada, "later")
    later.not_before = house.clock.now().replace(hour=10)
    await house.post(later)
    courier = house.courier()
    await house.carry(courier)
    assert house.platform.tried == []
    await house.live_through(courier, 3600)
    assert house.platform.bodies == ["later"]


async def test_the_messages_of_one_person_stay_in_order(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    for n in range(20):
        await house.write(ada, f"a{n:02}")
        await house.write(ben, f"b{n:02}")
    await house.carry()
    assert [body for body in house.platform.bodies if body < "b"] == [f"a{n:02}" for n in range(20)]
    assert [body for body in house.platform.bodies if body > "b"] == [f"b{n:02}" for n in range(20)]


async def test_a_message_that_could_not_be_sent_holds_up_the_next_one_of_its_lane(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    for person, body in ((ada, "a1"), (ada, "a2"), (ben, "b1")):
        await house.write(person, body)
    await house.write(ada, "a reply", Lane.REPLY)
    house.platform.script = lambda parcel: (
        NotSent() if parcel.body == "a1" and len(house.platform.tried) < 4 else house.platform.accept(parcel)
    )
    courier = house.courier()
    await house.carry(courier)
    assert sorted(house.platform.bodies) == ["a reply", "b1"]
    await house.live_through(courier, 10)
    assert house.platform.bodies[2:] == ["a1", "a2"]


async def test_no_more_than_the_slots_are_ever_in_flight(house: PostHouse) -> None:
    for person in await house.crowd([str(n) for n in range(40)]):
        await house.write(person, "x")
    aloft = most = 0

    async def count(parcel: Parcel) -> Outcome:
        nonlocal aloft, most
        aloft, most = aloft + 1, max(most, aloft + 1)
        await asyncio.sleep(0)
        aloft -= 1
        return Delivered("m")

    house.platform.script = count
    await house.carry(house.courier(slots=5))
    assert most == 5
    assert len(house.platform.tried) == 40


async def test_a_crisis_message_leaves_while_every_slot_is_taken(house: PostHouse) -> None:
    ids = await house.crowd(["1", "2", "3"])
    release = asyncio.Event()

    async def slow_unless_crisis(parcel: Parcel) -> Outcome:
        if parcel.lane != Lane.CRISIS:
            await release.wait()
        return house.platform.accept(parcel)

    house.platform.script = slow_unless_crisis
    for person in ids:
        await house.write(person, "dose")
    async with running(house.courier(slots=2)) as courier:
        await until(lambda: len(house.platform.tried) == 2)
        await house.write(ids[0], "crisis", Lane.CRISIS)
        courier.wake()
        await until(lambda: house.platform.bodies == ["crisis"])
        release.set()


async def test_the_running_courier_hears_of_new_messages_at_once(house: PostHouse) -> None:
    ada = await house.person("1")
    async with running(house.courier()) as courier:
        await house.write(ada, "one")
        courier.wake()
        await until(lambda: house.platform.bodies == ["one"])
        await until(lambda: courier.figures["delivered"] == 1)
        assert await courier.quiet()


async def test_an_expired_message_is_never_sent(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "take now", within=60)
    house.clock.advance(61)
    recorder = Recorder()
    await house.carry(house.courier(witness=recorder))
    assert house.platform.tried == []
    assert await house.state(row) == OutboxState.EXPIRED
    assert recorder.told == [(row, OutboxState.EXPIRED)]


async def test_a_message_that_grows_too_old_after_its_claim_is_not_sent(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond, body="as of 09:00", within=10))

    class SlowGate:
        async def may_send(self, parcel: Parcel) -> bool:
            house.clock.advance(11)
            return True

    await house.carry(house.courier(gate=SlowGate()))
    assert house.platform.tried == []
    assert await house.state(row) == OutboxState.EXPIRED


async def test_consent_is_asked_again_just_before_sending(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    told = await house.write(bond.person_id, "for you")
    [kept] = await house.post(notice(house, bond, body="for your caregiver"))

    class NoCaregivers:
        async def may_send(self, parcel: Parcel) -> bool:
            return parcel.lane != Lane.CAREGIVER

    await house.carry(house.courier(gate=NoCaregivers()))
    assert house.platform.bodies == ["for you"]
    assert [await house.state(row) for row in (told, kept)] == [OutboxState.DELIVERED, OutboxState.WITHHELD]


async def test_a_gate_that_breaks_lets_nothing_through(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))

    class BrokenGate:
        async def may_send(self, parcel: Parcel) -> bool:
            raise RuntimeError("out of order")

    await house.carry(house.courier(gate=BrokenGate()))
    assert house.platform.tried == []
    assert await house.state(row) == OutboxState.PENDING


async def test_an_edit_waits_for_the_message_it_concerns(house: PostHouse) -> None:
    ada = await house.person("1")
    house.platform.script = lambda parcel: (
        NotSent() if len(house.platform.tried) == 1 else house.platform.accept(parcel)
    )
    sent = await house.write(ada, "card")
    edit = await house.edit(ada, "card, taken", target_row=sent)
    courier = house.courier()
    await house.carry(courier)
    assert [parcel.body for parcel in house.platform.tried] == ["card"]
    await house.live_through(courier, 10)
    assert house.platform.bodies == ["card", "card, taken"]
    assert house.platform.accepted[1].target == "m1"
    assert await house.state(edit) == OutboxState.DELIVERED


async def test_an_edit_of_a_message_that_never_left_is_void(house: PostHouse) -> None:
    ada = await house.person("1")
    sent = await house.write(ada, "card", about="card:1")
    edit = await house.edit(ada, "card, taken", target_row=sent)
    async with house.database.transaction() as session:
        assert await outbox.supersede(session, [(ada, "card:1")], house.clock.now()) == 1
    await house.carry()
    assert house.platform.tried == []
    assert await house.state(edit) == OutboxState.SUPERSEDED


async def test_what_was_last_said_about_a_thing_counts_unless_it_can_reach_nobody_any_more(
    house: PostHouse,
) -> None:
    ada = await house.person("1")

    async def last_said() -> datetime | None:
        async with house.database.reading() as session:
            return await outbox.last_said(session, ada, "sharing")

    assert await last_said() is None
    began = house.clock.now()
    await house.write(ada, "another thing", about="card:1")
    await house.write(ada, "words", about="sharing")
    assert await last_said() == began
    async with house.database.transaction() as session:
        await outbox.supersede(session, [(ada, "sharing")], house.clock.now())
    assert await last_said() is None
    await house.write(ada, "words again", about="sharing")
    await house.carry()
    assert await last_said() == began


async def test_an_older_edit_never_overwrites_a_newer_one(house: PostHouse) -> None:
    ada = await house.person("1")
    sent = await house.write(ada, "card")
    courier = house.courier()
    await house.carry(courier)
    house.platform.script = lambda parcel: Unsure() if parcel.body == "old" else house.platform.accept(parcel)
    old = await house.edit(ada, "old", Lane.DOSE, target="m1")
    await house.carry(courier)
    assert await house.state(old) == OutboxState.PENDING
    await house.edit(ada, "new", target="m1")
    await house.live_through(courier, 60)
    assert house.platform.bodies == ["card", "new"]
    assert await house.state(old) == OutboxState.SUPERSEDED
    assert await house.state(sent) == OutboxState.DELIVERED


async def test_an_older_edit_that_comes_back_after_a_newer_one_was_posted_is_void(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "card")
    await house.carry()
    release = asyncio.Event()

    async def slow_old(parcel: Parcel) -> Outcome:
        if parcel.body == "old":
            await release.wait()
            return Unsure()
        return house.platform.accept(parcel)

    house.platform.script = slow_old
    old = await house.edit(ada, "old", Lane.DOSE, target="m1")
    courier = house.courier()
    await courier.round()
    await until(lambda: house.platform.tried[-1].body == "old")
    await house.edit(ada, "new", target="m1")
    await courier.round()
    for _ in range(5):
        await asyncio.sleep(0)
    assert house.platform.tried[-1].body == "old", "the newer edit waits for the older one in flight"
    release.set()
    await house.live_through(courier, 60)
    assert house.platform.bodies == ["card", "new"]
    assert await house.state(old) == OutboxState.SUPERSEDED


async def test_what_is_superseded_before_its_claim_never_leaves(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "old time", about="card:1")
    other = await house.write(ada, "another card", about="card:2")
    async with house.database.transaction() as session:
        assert await outbox.supersede(session, [(ada, "card:1")], house.clock.now()) == 1
    await house.carry()
    assert house.platform.bodies == ["another card"]
    assert await house.state(other) == OutboxState.DELIVERED


async def test_the_claim_is_the_point_of_no_return(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "old time", about="card:1")
    release = asyncio.Event()

    async def slow(parcel: Parcel) -> Outcome:
        await release.wait()
        return house.platform.accept(parcel)

    house.platform.script = slow
    courier = house.courier()
    await courier.round()
    async with house.database.transaction() as session:
        assert await outbox.supersede(session, [(ada, "card:1")], house.clock.now()) == 0
        known = await copies.about(session, [ada], ["card:1"])
    assert known["card:1"] == [Copy(row, OutboxState.LEASED, None)]
    release.set()
    await house.carry(courier)
    assert await house.state(row) == OutboxState.DELIVERED


async def test_somebody_unreachable_gets_nothing_more(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    rows = [await house.write(ada, body) for body in ("one", "two")]
    checkin = await house.write(ada, "how are you", Lane.CHECKIN)
    await house.write(ben, "hello")
    house.platform.script = lambda parcel: (
        Unreachable() if parcel.address.ref == "1" else house.platform.accept(parcel)
    )
    recorder = Recorder()
    await house.carry(house.courier(slots=1, witness=recorder))
    assert house.platform.bodies == ["hello"]
    assert len([parcel for parcel in house.platform.tried if parcel.address.ref == "1"]) == 1
    for row in (*rows, checkin):
        assert await house.state(row) == OutboxState.UNREACHABLE
        assert (row, OutboxState.UNREACHABLE) in recorder.told


async def test_only_replies_are_tried_at_somebody_known_to_be_unreachable(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.set_reachable(ada, False)
    dose = await house.write(ada, "dose")
    await house.write(ada, "reply", Lane.REPLY)
    await house.carry()
    assert house.platform.bodies == ["reply"]
    assert await house.state(dose) == OutboxState.UNREACHABLE


async def test_a_group_that_moved_is_followed_everywhere(house: PostHouse) -> None:
    group = await house.person("-1")
    first, second = await house.write(group, "one", Lane.GROUP), await house.write(group, "two", Lane.GROUP)
    house.platform.script = lambda parcel: (
        Moved("-100") if parcel.address.ref == "-1" else house.platform.accept(parcel)
    )
    await house.carry()
    assert [(parcel.body, parcel.address.ref) for parcel in house.platform.accepted] == [
        ("one", "-100"),
        ("two", "-100"),
    ]
    assert [(await house.read(row)).ref for row in (first, second)] == ["-100", "-100"]
    async with house.database.reading() as session:
        assert await people.by_address(session, "standin", "bot", "-100") is not None
        assert await people.by_address(session, "standin", "bot", "-1") is None


@pytest.mark.parametrize("later", [Unsure(), NotSent()])
async def test_a_group_that_moved_is_followed_also_when_what_lands_with_it_knows_nothing(
    house: PostHouse, later: Outcome
) -> None:
    group = await house.person("-1")
    for body, lane in (("reply", Lane.REPLY), ("dose", Lane.DOSE)):
        await house.write(group, body, lane)
    moved, knows_nothing = asyncio.Event(), asyncio.Event()

    async def land_one_after_the_other(parcel: Parcel) -> Outcome:
        await (moved if parcel.body == "reply" else knows_nothing).wait()
        return Moved("-100") if parcel.body == "reply" else later

    house.platform.script = land_one_after_the_other
    courier = house.courier()
    await courier.round()
    await until(lambda: len(house.platform.tried) == 2)
    for landing in (moved, knows_nothing):
        landing.set()
        await asyncio.sleep(0)
    house.platform.script = None
    await house.live_through(courier, 120)
    assert {parcel.address.ref for parcel in house.platform.accepted} == {"-100"}


async def test_a_refused_message_is_set_aside_and_counted(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "unspeakable")
    house.platform.script = lambda parcel: Refused()
    courier = house.courier()
    await house.carry(courier)
    assert await house.state(row) == OutboxState.REFUSED
    assert courier.figures["refused"] == 1


async def test_a_body_that_cannot_be_opened_is_set_aside_and_the_others_flow(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    swapped = house.row(ada, "x")
    swapped.body_sealed = house.row(ben, "not for ada").body_sealed
    await house.post(swapped)
    await house.write(ada, "fine")
    await house.carry()
    assert house.platform.bodies == ["fine"]
    assert await house.state(swapped.key) == OutboxState.REFUSED


async def test_nothing_can_be_opened_once_the_key_is_destroyed(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "x")
    async with house.database.transaction() as session:
        await session.exec(delete(PersonKey).where(col(PersonKey.person_id) == ada))
    await house.carry()
    assert house.platform.tried == []
    assert await house.state(row) == OutboxState.REFUSED


async def test_a_platform_that_raises_leaves_the_message_in_doubt_and_the_others_flow(
    house: PostHouse,
) -> None:
    ada, ben = await house.crowd(["1", "2"])
    row = await house.write(ada, "bad")
    await house.write(ben, "good")

    def raise_on_bad(parcel: Parcel) -> Outcome:
        if parcel.body == "bad":
            raise ValueError("unforeseen")
        return house.platform.accept(parcel)

    house.platform.script = raise_on_bad
    await house.live_through(house.courier(), 3600)
    assert house.platform.bodies == ["good"]
    assert await house.state(row) == OutboxState.UNSURE


async def test_a_refused_account_stops_the_courier_and_loses_nothing(house: PostHouse) -> None:
    for person in await house.crowd(["1", "2", "3"]):
        await house.write(person, "x")

    def refuse(parcel: Parcel) -> Outcome:
        raise AccountRefused

    house.platform.script = refuse
    with pytest.raises(AccountRefused):
        await house.courier().run()
    house.platform.script = None
    assert {(row.state, row.copies) for row in await house.rows()} == {(OutboxState.PENDING, 0)}
    await house.carry()
    assert len(house.platform.accepted) == 3


async def test_a_courier_that_breaks_does_not_break_silently(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "x")
    house.platform.script = lambda parcel: asyncio.sleep(0, "no outcome at all")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        await house.courier().run()


async def test_the_witness_learns_of_every_end_that_concerns_it(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "x")
    await house.write(ada, "y", about=NO_CONCERN)
    recorder = Recorder()
    await house.carry(house.courier(witness=recorder))
    assert recorder.told == [(row, OutboxState.DELIVERED)]


async def test_a_witness_that_raises_undoes_only_itself(house: PostHouse) -> None:
    ada = await house.person("1")
    row = await house.write(ada, "x")

    class Raising:
        def concerns(self, _: Ended) -> bool:
            return True

        async def settled(self, session: AsyncSession, ended: Sequence[Ended]) -> None:
            await outbox.forget_person(session, ada)
            raise RuntimeError("cannot cope")

    await house.carry(house.courier(witness=Raising()))
    assert await house.state(row) == OutboxState.DELIVERED


async def test_an_offered_reply_leaves_without_a_claim(house: PostHouse) -> None:
    ada = await house.person("1")
    courier = house.courier()
    rows = courier.lease([house.row(ada, "reply", Lane.REPLY)])
    await house.post(*rows)
    courier.offer(rows, house.sealers[ada])
    await until(lambda: house.platform.bodies == ["reply"])
    await house.carry(courier)
    assert await house.state(rows[0].key) == OutboxState.DELIVERED


async def test_offered_replies_that_find_no_slot_leave_later_in_order(house: PostHouse) -> None:
    ids = await house.crowd(["1", "2", "3"])
    courier = house.courier(slots=1)
    for person in ids:
        rows = courier.lease([house.row(person, f"{person}.{n}", Lane.REPLY) for n in range(3)])
        await house.post(*rows)
        courier.offer(rows, house.sealers[person])
    await house.carry(courier)
    for person in ids:
        mine = [body for body in house.platform.bodies if body.startswith(f"{person}.")]
        assert mine == [f"{person}.{n}" for n in range(3)]
    assert {row.copies for row in await house.rows()} == {1}


async def test_an_offered_reply_lines_up_behind_an_earlier_one(house: PostHouse) -> None:
    ada = await house.person("1")
    courier = house.courier()
    house.platform.script = lambda parcel: (
        NotSent() if len(house.platform.tried) == 1 else house.platform.accept(parcel)
    )
    await house.write(ada, "first", Lane.REPLY)
    await house.carry(courier)
    rows = courier.lease([house.row(ada, "second", Lane.REPLY)])
    await house.post(*rows)
    assert rows[0].state == OutboxState.PENDING
    courier.offer(rows, house.sealers[ada])
    await house.live_through(courier, 10)
    assert house.platform.bodies == ["first", "second"]


async def test_a_chat_that_was_told_to_wait_delays_nobody_else(house: PostHouse) -> None:
    ids = await house.crowd([str(n) for n in range(1, 6)])
    for person in ids:
        await house.write(person, f"{person}a")
        await house.write(person, f"{person}b")
    house.platform.script = lambda parcel: (
        NotSent(retry_after=60)
        if parcel.address.ref == "1" and len(house.platform.tried) < 10
        else house.platform.accept(parcel)
    )
    courier = house.courier(pace=True)
    await house.carry(courier)
    assert len(house.platform.accepted) == 8
    await house.write(ids[0], "a reply", Lane.REPLY)
    await house.carry_what_may_go(courier)
    assert len(house.platform.accepted) == 8, "the whole chat waits, in every lane"
    await house.write(ids[0], "a crisis", Lane.CRISIS)
    await house.carry_what_may_go(courier)
    assert house.platform.bodies[8:] == ["a crisis"]
    house.clock.advance(61)
    await house.carry(courier)
    assert house.platform.bodies[9:] == ["a reply", f"{ids[0]}a", f"{ids[0]}b"]


async def test_an_account_that_was_told_to_wait_sends_only_crisis_messages(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    courier = house.courier(pace=True)
    house.platform.script = lambda parcel: NotSent(retry_after=30, whole_account=True)
    await house.write(ada, "x")
    await house.carry(courier)
    house.platform.script = None
    await house.write(ben, "reply", Lane.REPLY)
    await house.write(ben, "crisis", Lane.CRISIS)
    await house.carry_what_may_go(courier)
    assert house.platform.bodies == ["crisis"]
    house.clock.advance(31)
    await house.carry(courier)
    assert house.platform.bodies == ["crisis", "reply", "x"]


@pytest.mark.parametrize(("seconds", "account"), [(60, False), (60, True), (2, False)])
async def test_the_courier_is_quiet_while_somebody_has_to_wait_for_long(
    house: PostHouse, seconds: float, *, account: bool
) -> None:
    """The time machine asks: it goes on to the moment at which they may, and waits itself if that is soon."""
    ada = await house.person("1")
    courier = house.courier(pace=True)
    house.platform.script = lambda _: NotSent(retry_after=seconds, whole_account=account)
    await house.write(ada, "dose")
    await courier.run_until_quiet(timeout=0)
    assert await courier.relief() is None, "the message itself has its own time to leave again"
    await house.write(ada, "reply", Lane.REPLY)
    assert await courier.quiet() is (seconds > 5)
    relief = await courier.relief()
    assert relief is not None
    assert 0 < (relief - house.clock.now()).total_seconds() <= seconds
    await house.write(ada, "crisis", Lane.CRISIS)
    assert not await courier.quiet(), "a crisis message waits for nobody"


async def test_crisis_messages_overtake_a_herd_that_is_paced(house: PostHouse) -> None:
    ids = await house.crowd([str(n) for n in range(100)])
    for person in ids:
        await house.write(person, "dose")
    courier = house.courier(pace=True)
    await house.carry_what_may_go(courier)
    sent_before = len(house.platform.accepted)
    assert sent_before <= 30
    for person in ids[:20]:
        await house.write(person, "crisis", Lane.CRISIS)
    await house.carry_what_may_go(courier)
    assert house.platform.bodies[sent_before:] == ["crisis"] * 20


async def test_rows_of_an_account_that_is_not_here_stay_as_they_are(house: PostHouse) -> None:
    anna, here = await house.person("anna"), list[str]()
    for lane in (Lane.CRISIS, Lane.REPLY, Lane.DOSE):
        await house.write(anna, lane.name, lane)
    courier = house.courier(accounts=lambda: here)
    assert await courier.run_until_quiet()
    assert house.platform.tried == []
    here.append(ACCOUNT)
    assert await courier.run_until_quiet()
    assert house.platform.bodies == ["CRISIS", "REPLY", "DOSE"]


async def test_a_crowd_at_one_account_does_not_hold_up_another(house: PostHouse) -> None:
    crowd, bert = await house.crowd([f"p{number}" for number in range(60)]), await house.person("bert")
    for person in crowd:
        await house.write(person, "crowded")
    house.clock.advance(1)
    await house.write(bert, "alone", account="other")
    house.pacing.expect("other")
    courier = house.courier(pace=True)
    for _ in range(8):
        await courier.round()
        await asyncio.sleep(0.02)
    await courier.drain()
    assert "alone" in house.platform.bodies
    assert len(house.platform.bodies) < 30

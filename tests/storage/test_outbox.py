"""The outbox and its leases, query by query."""

import asyncio
from datetime import timedelta

import pytest

from scheduler.lanes import Lane
from storage import copies, leases, outbox
from storage.copies import Copy
from storage.leases import Claimed, Held, Settlement
from storage.outbox import Address, OutboxKind, OutboxState
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse


async def claim(
    house: PostHouse, limit: int = 100, *, lanes: range = outbox.LANES, held: Held | None = None
) -> list[Claimed]:
    now = house.clock.now()
    async with house.database.transaction() as session:
        return await leases.claim(
            session, now, now + timedelta(seconds=46), "us", limit, lanes=lanes, held=held
        )


def delivered(house: PostHouse, row: Claimed, ref: str = "m1") -> Settlement:
    return Settlement(
        row_id=row.row_id,
        lease_token=row.lease_token,
        lease_attempt=row.attempt,
        state=OutboxState.DELIVERED,
        attempt=row.attempt,
        copies=1,
        not_before=row.not_before,
        message_ref=ref,
        settled_at=house.clock.now(),
    )


async def settle(house: PostHouse, *settlements: Settlement) -> set[int]:
    async with house.database.transaction() as session:
        return await leases.settle(session, settlements)


async def deliver_all(house: PostHouse) -> None:
    rows = await claim(house)
    await settle(house, *(delivered(house, row, f"m{row.row_id}") for row in rows))


# --- posting -----------------------------------------------------------------------------------------------


async def test_posting_gives_every_row_its_id_in_order(house: PostHouse) -> None:
    ada = await house.person("1")
    rows = [house.row(ada, f"{n}") for n in range(600)]
    ids = await house.post(*rows)
    assert ids == [row.id for row in rows]
    stored = await house.rows()
    assert [row.body_sealed for row in stored] == [row.body_sealed for row in rows]


async def test_a_dedupe_key_is_posted_once(house: PostHouse) -> None:
    ada = await house.person("1")
    first = house.row(ada, "first", dedupe_key="card:1")
    assert len(await house.post(first)) == 1
    again, new = house.row(ada, "again", dedupe_key="card:1"), house.row(ada, "new", dedupe_key="card:2")
    assert await house.post(again, new) == [new.id]
    assert again.id is None
    assert len(await house.rows()) == 2


async def test_a_dedupe_key_counts_once_within_one_post(house: PostHouse) -> None:
    ada = await house.person("1")
    twins = [house.row(ada, body, dedupe_key="card:1") for body in ("one", "two")]
    await house.post(*twins)
    assert [row.id is None for row in twins] == [False, True]


async def test_a_settled_row_keeps_its_dedupe_key_taken(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "x", dedupe_key="card:1")
    await deliver_all(house)
    assert await house.post(house.row(ada, "x", dedupe_key="card:1")) == []


async def test_a_leased_row_is_posted_leased_unless_something_is_before_it(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    until = house.clock.now() + timedelta(seconds=46)
    rows = [outbox.lease_to(house.row(person, "x", Lane.REPLY), "us", until) for person in (ada, ada, ben)]
    await house.post(*rows)
    assert [row.state for row in rows] == [OutboxState.LEASED, OutboxState.PENDING, OutboxState.LEASED]
    stored = await house.rows()
    assert [row.state for row in stored] == [row.state for row in rows]
    assert stored[1].lease_token is None


# --- claiming ----------------------------------------------------------------------------------------------


async def test_a_claim_leases_in_order_of_lane_then_time(house: PostHouse) -> None:
    people = await house.crowd(["1", "2", "3", "4"])
    late = house.row(people[0], "late")
    await house.post(late)
    early = house.row(people[1], "early", not_before=house.clock.now() - timedelta(seconds=1))
    reply = house.row(people[2], "reply", Lane.REPLY)
    future = house.row(people[3], "future", not_before=house.clock.now() + timedelta(seconds=1))
    await house.post(early, reply, future)
    assert [row.row_id for row in await claim(house)] == [reply.id, early.id, late.id]
    stored = await house.read(late.key)
    assert (stored.state, stored.lease_token, stored.attempt) == (OutboxState.LEASED, "us", 1)
    assert await claim(house) == []


async def test_a_claim_takes_no_more_than_its_limit_and_only_its_lanes(house: PostHouse) -> None:
    for person in await house.crowd([str(n) for n in range(10)]):
        await house.write(person, "x")
    assert len(await claim(house, 3)) == 3
    assert await claim(house, lanes=range(1)) == []


async def test_a_claim_brings_the_key_that_opens_the_body(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "secret")
    [row] = await claim(house)
    assert row.wrapped is not None
    sealer = house.master.sealer(row.wrapped, ada)
    assert sealer.open("outbox", "body_sealed", row.body_sealed) == "secret"


async def test_held_chats_and_accounts_are_passed_over_except_in_a_crisis(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    await house.write(ada, "x")
    await house.write(ada, "crisis", Lane.CRISIS)
    bens = await house.write(ben, "x")
    held = Held(chats=[(ACCOUNT, "1")])
    assert [row.row_id for row in await claim(house, lanes=range(1, 7), held=held)] == [bens]
    assert await claim(house, lanes=range(1, 7), held=Held(accounts=[ACCOUNT])) == []


async def test_nothing_but_replies_is_claimed_for_somebody_unreachable(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "dose")
    reply = await house.write(ada, "reply", Lane.REPLY)
    await house.set_reachable(ada, False)
    assert [row.row_id for row in await claim(house)] == [reply]


async def test_of_one_chat_and_lane_one_row_is_claimed_at_a_time(house: PostHouse) -> None:
    ada = await house.person("1")
    doses = [await house.write(ada, "dose") for _ in range(3)]
    checkin = await house.write(ada, "checkin", Lane.CHECKIN)
    first = await claim(house)
    assert [row.row_id for row in first] == [doses[0], checkin]
    assert await claim(house) == []
    await settle(house, delivered(house, first[0]))
    assert [row.row_id for row in await claim(house)] == [doses[1]]


async def test_a_row_that_waits_for_its_repeat_holds_nobody_up(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "in doubt", attempt=1, copies=1, not_before=house.clock.now() + timedelta(90))
    second = await house.write(ada, "second")
    assert [row.row_id for row in await claim(house)] == [second]


async def test_an_edit_that_waits_for_its_message_holds_nobody_up(house: PostHouse) -> None:
    ada = await house.person("1")
    card = await house.write(ada, "card", not_before=house.clock.now() + timedelta(hours=1))
    await house.edit(ada, "edit", target_row=card)
    reply = await house.write(ada, "reply", Lane.REPLY)
    assert [row.row_id for row in await claim(house)] == [reply]


async def test_supersede_and_claim_never_both_win(house: PostHouse) -> None:
    ada = await house.person("1")
    for n in range(20):
        row = await house.write(ada, "x", about=f"card:{n}")

        async def end(about: str) -> int:
            async with house.database.transaction() as session:
                return await outbox.supersede(session, [(ada, about)], house.clock.now())

        ended, claimed = await asyncio.gather(end(f"card:{n}"), claim(house))
        assert ended + len(claimed) == 1
        await settle(house, *(delivered(house, one) for one in claimed))
        assert await house.state(row) in (OutboxState.SUPERSEDED, OutboxState.DELIVERED)


async def test_the_earliest_row_is_found_in_any_lane(house: PostHouse) -> None:
    ada = await house.person("1")
    now = house.clock.now()
    async with house.database.reading() as session:
        assert await leases.earliest(session) is None
    for lane, minutes in ((Lane.REPLY, 30), (Lane.GROUP, 10), (Lane.DOSE, 20)):
        await house.write(ada, "x", lane, not_before=now + timedelta(minutes=minutes))
    async with house.database.reading() as session:
        assert await leases.earliest(session) == now + timedelta(minutes=10)
        assert await leases.earliest(session, now + timedelta(minutes=10)) == now + timedelta(minutes=20)


# --- settling ----------------------------------------------------------------------------------------------


async def test_a_settlement_needs_the_lease_it_was_made_under(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "x")
    [row] = await claim(house)
    good = delivered(house, row)
    for stale in ({"lease_token": "somebody else"}, {"lease_attempt": 2}):
        fields = {name: getattr(good, name) for name in good.__dataclass_fields__} | stale
        assert await settle(house, Settlement(**fields)) == set()
    assert await settle(house, good) == {row.row_id}
    assert await settle(house, good) == set()


async def test_only_leases_that_ran_out_are_taken_back_and_never_our_own(house: PostHouse) -> None:
    for person in await house.crowd(["1", "2"]):
        await house.write(person, "x")
    first, second = [row.row_id for row in await claim(house)]
    later = house.clock.now() + timedelta(seconds=46)
    async with house.database.transaction() as session:
        assert await leases.lapsed(session, house.clock.now()) == []
        assert [row.row_id for row in await leases.lapsed(session, later)] == [first, second]
        assert [row.row_id for row in await leases.lapsed(session, later, [first])] == [second]
        assert await leases.left_behind(session, "us") == []
        assert len(await leases.left_behind(session, "a new process")) == 2


async def test_aiming_gives_an_edit_its_target_and_forgets_the_row(house: PostHouse) -> None:
    ada = await house.person("1")
    card = await house.write(ada, "card")
    await deliver_all(house)
    edit = await house.edit(ada, "edit", target_row=card)
    stored = await house.read(edit)
    assert (stored.target, stored.target_row) == (f"m{card}", None)


@pytest.mark.parametrize("kind", [OutboxKind.EDIT, OutboxKind.DELETE])
async def test_a_later_edit_or_deletion_voids_an_earlier_edit(house: PostHouse, kind: OutboxKind) -> None:
    ada = await house.person("1")
    old = await house.edit(ada, "old", target="m1")
    unrelated = await house.edit(ada, "unrelated", target="m2")
    new = await house.write(ada, "new", kind=kind, target="m1")
    assert await house.state(old) == OutboxState.SUPERSEDED
    assert [await house.state(row) for row in (unrelated, new)] == [OutboxState.PENDING] * 2


# --- the rest ----------------------------------------------------------------------------------------------


async def test_of_every_message_about_a_thing_it_is_known_what_became(house: PostHouse) -> None:
    ada = await house.person("1")
    sent = await house.write(ada, "first", about="card:1")
    await deliver_all(house)
    leased = await house.write(ada, "nudge", about="card:1")
    await claim(house)
    in_doubt = await house.write(ada, "snoozed", about="card:1", copies=1)
    await house.write(ada, "another", about="card:2")
    async with house.database.reading() as session:
        known = await copies.about(session, [ada], ["card:1"])
    assert known == {
        "card:1": [
            Copy(sent, OutboxState.DELIVERED, f"m{sent}", house.clock.now(), sends=1),
            Copy(leased, OutboxState.LEASED, None),
            Copy(in_doubt, OutboxState.PENDING, None, sends=1),
        ]
    }


async def test_what_may_have_arrived_does_not_simply_expire(house: PostHouse) -> None:
    ada = await house.person("1")
    never, perhaps = await house.write(ada, "x", within=5), await house.write(ada, "x", within=5, copies=1)
    async with house.database.transaction() as session:
        ended = await outbox.expire(session, house.clock.now() + timedelta(seconds=6))
    assert {one.row_id: one.state for one in ended} == {
        never: OutboxState.EXPIRED,
        perhaps: OutboxState.UNSURE,
    }


async def test_moving_onto_an_address_that_is_taken_keeps_both_people(house: PostHouse) -> None:
    old, _ = await house.crowd(["-1", "-100"])
    row = await house.write(old, "x", Lane.GROUP)
    async with house.database.transaction() as session:
        await outbox.move(session, Address(PLATFORM, ACCOUNT, "-1"), "-100", house.clock.now())
    assert (await house.read(row)).ref == "-100"


async def test_forgetting_a_person_forgets_their_rows_even_those_in_flight(house: PostHouse) -> None:
    ada, ben = await house.crowd(["1", "2"])
    card = await house.write(ada, "card")
    await house.edit(ada, "edit", target_row=card)
    bens = await house.write(ben, "x")
    leased = await claim(house)
    async with house.database.transaction() as session:
        await outbox.forget_person(session, ada)
    assert [row.id for row in await house.rows()] == [bens]
    assert await settle(house, *(delivered(house, row) for row in leased)) == {bens}


async def test_old_settled_rows_are_reaped_and_nothing_else(house: PostHouse) -> None:
    ada = await house.person("1")
    await house.write(ada, "old")
    await deliver_all(house)
    house.clock.advance(86_400 * 31)
    young, pending = await house.write(ada, "young"), await house.write(ada, "pending", Lane.DIGEST)
    [row] = await claim(house, 1)
    await settle(house, delivered(house, row))
    async with house.database.transaction() as session:
        assert await outbox.reap(session, house.clock.now() - timedelta(days=30)) == 1
        assert await outbox.counts(session) == {OutboxState.DELIVERED: 1, OutboxState.PENDING: 1}
    assert [row.id for row in await house.rows()] == [young, pending]

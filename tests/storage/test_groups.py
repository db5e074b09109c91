"""Groups: what was set there, through changes of reference, and the messages under way to them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.unreachable import Unreachables
from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, Moved, Outcome, Refused, Unreachable
from scheduler.parcel import Parcel
from storage import group_posts, groups, outbox, pulses
from storage.database import Database
from storage.group_posts import GroupPost
from storage.groups import Group
from storage.migration import configuration, migrate
from storage.outbox import OUTBOX, OutboxKind, OutboxRow, OutboxState, Posting
from storage.pulses import Pulse
from storage.replay import replay
from storage.timers import Setting, earliest, put
from storage.tombstones import Tombstones
from storage.vocabulary import GroupKind, GroupState, PulseState, Scope
from tests import postgres
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse, Script

HERE = (PLATFORM, ACCOUNT)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAILY = {"kind": "daily", "times": ["09:00"]}


@pytest.fixture
async def session(house: PostHouse) -> AsyncIterator[AsyncSession]:
    async with house.database.transaction() as one:
        yield one


async def settle(session: AsyncSession, ref: str, country: str) -> Group:
    group = await groups.meet(session, *HERE, ref)
    group.country = country
    await session.flush()
    return group


async def country_at(session: AsyncSession, ref: str) -> str | None:
    manner = await groups.manner_at(session, *HERE, ref)
    return manner.country if manner is not None else None


async def test_the_newest_choice_holds(session: AsyncSession) -> None:
    assert await country_at(session, "-5") is None
    await settle(session, "-5", "DE")
    await settle(session, "-5", "FR")
    assert await country_at(session, "-5") == "FR"
    assert await groups.manner_at(session, PLATFORM, "2", "-5") is None


async def test_a_group_that_moves_takes_along_what_it_has(session: AsyncSession) -> None:
    group = await settle(session, "-5", "DE")
    session.add(GroupPost(group_id=group.key, subject="sleep", timing=DAILY, looked_until=NOON))
    await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    assert await country_at(session, "-1005") == "DE"
    assert await country_at(session, "-5") is None
    moved = await groups.meet(session, *HERE, "-1005")
    assert (moved.key, moved.kind) == (group.key, GroupKind.SUPERGROUP)
    assert [post.subject for post in await group_posts.of_group(session, moved.key)] == ["sleep"]


async def test_what_was_set_at_the_new_place_already_wins_and_nothing_of_the_old_is_lost(
    session: AsyncSession,
) -> None:
    group = await settle(session, "-5", "DE")
    group.zone = "Europe/Berlin"
    session.add(GroupPost(group_id=group.key, subject="sleep", timing=DAILY, looked_until=NOON))
    double = await settle(session, "-1005", "AT")
    await put(session, [Setting(double.key, "groups", NOON, "group")])
    await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    moved = await groups.meet(session, *HERE, "-1005")
    assert (moved.country, moved.zone) == ("AT", "Europe/Berlin")
    assert len(await group_posts.of_group(session, moved.key)) == 1
    assert len(await groups.of_account(session, *HERE)) == 1
    assert await earliest(session) is None


async def test_a_group_that_moves_says_its_numbers_anew_unless_they_stand_at_the_new_place_already(
    session: AsyncSession,
) -> None:
    old = await settle(session, "-5", "DE")
    old.resources_ref, old.resources_shown = "7", "of Germany"
    await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    moved = await groups.meet(session, *HERE, "-1005")
    assert (moved.resources_ref, moved.resources_shown) == (None, "")
    double = await settle(session, "-1006", "FR")
    double.resources_ref, double.resources_shown, double.hears_all = "1", "of France", True
    await outbox.move(session, outbox.Address(*HERE, "-1005"), "-1006", NOON)
    moved = await groups.meet(session, *HERE, "-1006")
    assert (moved.resources_ref, moved.resources_shown, moved.hears_all) == ("1", "of France", False)


async def test_a_group_that_moves_twice_is_where_it_moved_to(session: AsyncSession) -> None:
    """The error and the service message both tell it, in whichever order."""
    await settle(session, "-5", "DE")
    for _ in range(2):
        await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    assert await country_at(session, "-1005") == "DE"


async def test_a_group_that_was_never_set_up_moves_without_a_trace(session: AsyncSession) -> None:
    await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    assert await groups.of_account(session, *HERE) == []


async def test_a_forgotten_group_leaves_nothing(house: PostHouse) -> None:
    key = await written(house, "hello")
    async with house.database.transaction() as session:
        session.add(GroupPost(group_id=key, subject="sleep", timing=DAILY, looked_until=NOON))
        await put(session, [Setting(key, "groups", NOON, "group")])
        await session.flush()
        [group] = await groups.of_account(session, *HERE)
        await outbox.forget_group(session, key)
        await groups.forget(session, group)
        assert await group_posts.of_group(session, key) == []
        assert await earliest(session) is None
    assert await house.rows() == []


# Messages to a group


async def written(house: PostHouse, *bodies: str, ref: str = "-5") -> int:
    """Messages to a group, posted; the group's id."""
    now = house.clock.now()
    async with house.database.transaction() as session:
        group = await groups.meet(session, *HERE, ref)
        sealer = groups.sealer(house.master, group)
        rows = [
            Posting(
                person_id=None,
                group_id=group.key,
                platform=PLATFORM,
                account=ACCOUNT,
                ref=ref,
                lane=Lane.GROUP,
                about="post:1",
                body_sealed=sealer.seal("outbox", "body_sealed", body),
                created_at=now,
                not_before=now,
            )
            for body in bodies
        ]
        await outbox.post(session, rows)
        return group.key


async def group_of(house: PostHouse, key: int) -> Group:
    async with house.database.transaction() as session:
        return (await groups.hold(session, [key]))[key]


async def test_a_group_and_a_person_of_the_same_number_each_get_their_own_message(house: PostHouse) -> None:
    person = await house.person("5")
    key = await written(house, "for everybody")
    assert person == key
    await house.write(person, "for Ada")
    await house.carry()
    found = {(parcel.address.ref, parcel.body) for parcel in house.platform.accepted}
    assert found == {("-5", "for everybody"), ("5", "for Ada")}


async def test_what_is_sealed_for_a_group_opens_with_no_persons_key(house: PostHouse) -> None:
    person = await house.person("5")
    key = await written(house, "for everybody")
    assert person == key
    [row] = await house.rows()
    assert b"everybody" not in row.body_sealed
    with pytest.raises(Exception, match="cannot be opened"):
        house.sealers[person].open("outbox", "body_sealed", row.body_sealed)


async def test_a_group_that_moved_under_way_gets_everything_at_its_new_place(house: PostHouse) -> None:
    key = await written(house, "one", "two")

    def moves_once(parcel: object) -> Outcome:
        return Moved("-1005") if len(house.platform.tried) == 1 else house.platform.accept(parcel)  # type: ignore[arg-type]

    house.platform.script = moves_once
    await house.carry()
    assert [(p.address.ref, p.body) for p in house.platform.accepted] == [("-1005", "one"), ("-1005", "two")]
    assert (await group_of(house, key)).ref == "-1005"


async def test_a_group_that_cannot_be_reached_rests_and_its_state_is_kept(house: PostHouse) -> None:
    key = await written(house, "one", "two")
    async with house.database.transaction() as session:
        (await groups.hold(session, [key]))[key].state = GroupState.ACTIVE
    house.platform.script = lambda _: Unreachable()
    await house.carry(house.courier(witness=Unreachables(house.clock, house.means.tombstones)))
    assert len(house.platform.tried) == 1
    assert {row.state for row in await house.rows()} == {OutboxState.UNREACHABLE}
    group = await group_of(house, key)
    assert (group.state, group.before) == (GroupState.GONE, GroupState.ACTIVE)
    async with house.database.transaction() as session:
        await groups.silence(session, [key])
    assert (await group_of(house, key)).before is GroupState.ACTIVE


async def test_a_message_that_went_astray_takes_the_topic_away(house: PostHouse) -> None:
    key = await written(house, "one")
    async with house.database.transaction() as session:
        (await groups.hold(session, [key]))[key].topic = "12"
    house.platform.script = lambda _: Delivered("m1", astray=True)
    await house.carry(house.courier(witness=Unreachables(house.clock, house.means.tombstones)))
    group = await group_of(house, key)
    assert (group.topic, group.topic_lost) == (None, True)
    async with house.database.reading() as session:
        assert [one.key for one in await groups.without_their_topic(session, *HERE)] == [key]


async def test_what_waits_about_a_thing_of_a_group_can_be_taken_back(house: PostHouse) -> None:
    key = await written(house, "one")
    async with house.database.transaction() as session:
        await outbox.supersede_in_group(session, key + 1, ["post:1"], NOON)
        await outbox.supersede_in_group(session, key, ["post:2"], NOON)
    assert [row.state for row in await house.rows()] == [OutboxState.PENDING]
    async with house.database.transaction() as session:
        await outbox.supersede_in_group(session, key, ["post:1"], NOON)
    assert [row.state for row in await house.rows()] == [OutboxState.SUPERSEDED]


async def pulse_of(house: PostHouse, key: int) -> Pulse:
    """A check-in that is over and told, with its message."""
    async with house.database.transaction() as session:
        asked: dict[str, Any] = {"question": "mood", "opened_at": NOON, "closes_at": NOON}
        pulse = Pulse(group_id=key, state=PulseState.CLOSED, told=True, shown={}, **asked)
        session.add(pulse)
        await session.flush()
        about = {"about": pulses.about(pulse.key)}
        await session.exec(update(OutboxRow).where(col(OutboxRow.group_id) == key).values(**about))
    return pulse


async def is_lost(house: PostHouse, pulse: Pulse) -> bool:
    async with house.database.reading() as session:
        return (await session.exec(select(Pulse.lost).where(Pulse.id == pulse.key))).one()


def witnessed(house: PostHouse) -> Courier:
    return house.courier(witness=Unreachables(house.clock, house.means.tombstones))


async def a_change(house: PostHouse, *bodies: str) -> int:
    """Messages to a group, as changes of what stands there; the group's id."""
    key = await written(house, *bodies)
    async with house.database.transaction() as session:
        await session.exec(update(OutboxRow).values(kind=OutboxKind.EDIT, target="7"))
    return key


@pytest.mark.parametrize(
    ("outcome", "lost"),
    [
        pytest.param(Delivered(None), False, id="it says so already"),
        pytest.param(Delivered("7"), False, id="changed"),
        pytest.param(Delivered(None, astray=True), True, id="it is gone"),
        pytest.param(Refused(), True, id="refused"),
    ],
)
async def test_a_change_that_was_made_before_does_not_say_the_totals_twice(
    house: PostHouse, outcome: Outcome, lost: bool
) -> None:
    """After a change of which we are not sure the next try finds that there is nothing to change."""
    pulse = await pulse_of(house, await a_change(house, "the totals"))
    house.platform.script = lambda _: outcome
    await house.carry(witnessed(house))
    assert await is_lost(house, pulse) is lost


def moves_under_way(house: PostHouse, outcome: Outcome) -> Script:
    """Another worker hears that the group moved, while this one waits for the platform."""

    async def script(_parcel: Parcel) -> Outcome:
        async with house.database.transaction() as session:
            await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
        return outcome

    return script


async def test_what_was_accepted_where_the_group_was_is_not_taken_for_a_message_of_its_new_place(
    house: PostHouse,
) -> None:
    pulse = await pulse_of(house, await written(house, "the totals"))
    house.platform.script = moves_under_way(house, Delivered("7"))
    await house.carry(witnessed(house))
    [row] = await house.rows()
    assert (row.state, row.ref, row.message_ref) == (OutboxState.DELIVERED, "-1005", None)
    assert await is_lost(house, pulse), "it is told again where the group is"


async def test_a_change_of_what_stayed_behind_is_not_made_at_the_new_place(house: PostHouse) -> None:
    pulse = await pulse_of(house, await a_change(house, "the totals"))
    house.platform.script = moves_under_way(house, Moved("-1005"))
    await house.carry(witnessed(house))
    [row] = await house.rows()
    assert (row.state, len(house.platform.tried)) == (OutboxState.SUPERSEDED, 1)
    assert await is_lost(house, pulse)


# The migration


@pytest.fixture(params=["sqlite", "postgresql"])
async def former(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as it was before groups had posts, with a person, messages and two groups."""
    on_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'former.db'}" if on_file else postgres.empty_database()
    database = Database(url)
    await migrate(database)
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda found: command.downgrade(configuration(found), "0015"))
        for statement in _FORMER:
            await connection.execute(text(statement))
    yield database
    await database.close()
    if not on_file:
        postgres.drop_database(url)


_FORMER = (
    "INSERT INTO support_group (platform, account, ref, country) VALUES "
    "('telegram', '1', '-5', 'DE'), ('telegram', '1', '-1005', 'FR')",
    "INSERT INTO person (id, platform, account, ref, created_at, state, reachable, language, discreet, "
    "nudges, nudge_minutes, streak_shown) VALUES (7, 'telegram', '1', '77', '2026-03-01 00:00:00', 'active', "
    "true, 'en', false, 3, 20, true)",
    "INSERT INTO outbox (id, person_id, platform, account, ref, lane, kind, body_sealed, created_at, "
    "not_before, state, attempt, copies, target_row, consent_id, scope) VALUES (41, 7, 'telegram', '1', "
    "'77', 1, 'send', '', '2026-03-01 00:00:00', '2026-03-01 00:00:00', 'pending', 0, 0, NULL, 3, "
    "'low_mood'), (42, 7, 'telegram', '1', '77', 1, 'edit', '', '2026-03-01 00:00:00', "
    "'2026-03-01 00:00:00', 'pending', 0, 0, 41, NULL, NULL)",
)


async def test_groups_and_messages_of_before_are_kept(former: Database) -> None:
    await migrate(former)
    async with former.transaction() as session:
        found = {group.ref: group for group in await groups.of_account(session, "telegram", "1")}
        assert {ref: (group.country, group.kind) for ref, group in found.items()} == {
            "-5": ("DE", GroupKind.GROUP),
            "-1005": ("FR", GroupKind.SUPERGROUP),
        }
        assert {group.state for group in found.values()} == {GroupState.NEW}
        kept = text("SELECT id, person_id, target_row, consent_id, scope FROM outbox ORDER BY id")
        rows = (await session.exec(kept)).all()  # type: ignore[call-overload]
        assert [tuple(row) for row in rows] == [(41, 7, None, 3, "low_mood"), (42, 7, 41, None, None)]


async def test_a_message_to_a_group_rests_on_nobodys_consent(house: PostHouse) -> None:
    """No room writes such a row; if one came to be, it would not be let out."""
    await written(house, "a word")
    async with house.database.transaction() as session:
        await session.exec(update(OUTBOX).values(consent_id=3, scope=Scope.LOW_MOOD))
    assert await house.claim() == []
    assert [row.state for row in await house.rows()] == [OutboxState.WITHHELD]


async def test_an_index_of_few_stays_one_of_few_when_a_file_writes_its_table_anew(
    house: PostHouse, tmp_path: Path
) -> None:
    if not house.database.is_sqlite:
        pytest.skip("a server does not write its tables anew")
    database = Database(f"sqlite:///{tmp_path / 'partial.db'}")
    await migrate(database)
    query = text("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%IS NOT NULL%'")
    async with database.engine.connect() as connection:
        found = set((await connection.execute(query)).scalars())
    await database.close()
    assert found >= {"outbox_by_target_row", "outbox_by_group"}


# A restored backup


async def test_a_group_that_was_forgotten_is_forgotten_again_wherever_it_moved(
    house: PostHouse, tmp_path: Path
) -> None:
    """The stone is laid, and the database stays as it was before."""
    stones = Tombstones(tmp_path / "key.tombstones", house.master)
    async with house.database.transaction() as session:
        gone, kept = await settle(session, "-5", "DE"), await settle(session, "-6", "FR")
        sealers = [groups.sealer(house.master, each) for each in (gone, kept)]
        session.add(GroupPost(group_id=gone.key, subject="sleep", timing=DAILY, looked_until=NOON))
        sealed = sealers[0].seal("outbox", "body_sealed", "a post")
        given: dict[str, Any] = {"created_at": NOON, "not_before": NOON, "lane": Lane.GROUP}
        row = Posting(None, *HERE, "-5", group_id=gone.key, body_sealed=sealed, **given)
        await outbox.post(session, [row])
        await stones.lay_for_group(session, gone, house.clock.now())
        await outbox.move(session, outbox.Address(*HERE, "-5"), "-1005", NOON)
    assert await replay(house.database, stones) == 1
    async with house.database.reading() as session:
        assert [group.ref for group in await groups.of_account(session, *HERE)] == ["-6"]
    assert await house.rows() == []
    assert await replay(house.database, stones) == 0


async def test_a_group_that_is_met_again_after_it_was_forgotten_stays(
    house: PostHouse, tmp_path: Path
) -> None:
    stones = Tombstones(tmp_path / "key.tombstones", house.master)
    async with house.database.transaction() as session:
        group = await settle(session, "-5", "DE")
        groups.sealer(house.master, group)
        await stones.lay_for_group(session, group, house.clock.now())
        key = group.key
        await groups.forget(session, group)
        again = await settle(session, "-5", "DE")
        again.id = key  # a restored database would give the number again
        groups.sealer(house.master, again)
    assert await replay(house.database, stones) == 0

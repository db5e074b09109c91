"""Everybody in a file: a line is what `/export` hands over; a run that broke off is gone on with."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.conversation.visit import Visit
from bot.moving import exporting
from bot.moving.exporting import Count, hand_over, write_lines
from bot.people.erasure import readable
from bot.vault import Vault
from storage import estate, people
from storage.database import DatabaseUnusable
from storage.deployment import Deployment
from storage.people import Person
from tests.moving.lines import GOOD, LATER, NOON, lines_of, move, opened, somebody, with_other, write
from tests.scheduler.posthouse import PostHouse
from tests.statements import crowd
from tests.statements.conftest import Opening, opening
from tests.storage.record import leave_a_record
from tests.stories.life import house

__all__ = ["opening"]  # a fixture

CROWD = 12


async def settled(vault: Vault, folder: Path, count: int = CROWD) -> None:
    """So many people, whose ids are 1, 2 and so on in a new database."""
    file = write(folder / "people.jsonl", *(somebody(str(number)) for number in range(count)))
    assert (await move(file, vault))[0].settled == count


async def hand(vault: Vault, file: Path, **later: float) -> Count:
    return await hand_over(file, vault.database, vault.master, LATER + timedelta(**later))


async def break_off(vault: Vault, file: Path, whole: int) -> Path:
    """An export that ended in the middle of a line; what it left."""
    await hand(vault, file)
    return torn(file, whole)


def torn(file: Path, whole: int) -> Path:
    lines = file.read_bytes().splitlines(keepends=True)
    part = file.rename(file.with_name(f"{file.name}.part"))
    part.write_bytes(b"".join(lines[:whole]) + lines[whole][:50])
    return part


async def alone(posthouse: PostHouse, key: int) -> bytes:
    """One person as `/export` reads them."""
    async with posthouse.database.reading() as session:
        sealer = (await people.sealers(session, posthouse.master, [key]))[key]
        found = await estate.read(session, key)
        plain = readable(Visit(session, found.person, sealer, LATER), found)
    return json.dumps(plain, ensure_ascii=False, default=str).encode() + b"\n"


async def test_a_line_is_what_export_hands_over_in_the_chat(tmp_path: Path) -> None:
    file = tmp_path / "everybody.jsonl"
    async with house(tmp_path, NOON) as one:
        life = one.life
        await life.settle_in()
        await life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
        await life.press("20:00")
        await life.wait(hours=2)
        await life.press("Taken")
        assert one.vault is not None
        await leave_a_record(one.vault, one.clock.now())
        await life.say("/export")
        document = (await life.heard())[-1]["document"]
        async with life.http.get(life.url + document["url"]) as reply:
            in_the_chat = json.loads(await reply.text())
        await hand(one.vault, file)
    [line] = lines_of(file)
    assert file.read_bytes() == json.dumps(line, ensure_ascii=False).encode() + b"\n"
    moments = {in_the_chat.pop("exported_at"), line.pop("exported_at")}
    assert len(moments) == 2
    assert json.dumps(line) == json.dumps(in_the_chat)


async def test_whoever_is_read_among_others_is_who_they_are_alone(opening: Opening) -> None:
    async with opening() as posthouse:
        everybody = await crowd.settle(posthouse, 20)
        written = BytesIO()
        count = await write_lines(written, posthouse.database, posthouse.master, LATER)
        assert count == len(everybody)
        lines = written.getvalue().splitlines(keepends=True)
        assert lines == [await alone(posthouse, key) for key in everybody]
        told = [json.loads(line) for line in lines]
        assert any(each["caregivers"] and each["medicines"] and each["checkins"] for each in told)


async def test_years_of_doses_are_read_for_fewer_people_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, of_people = list[int](), estate.of_people

    async def counted(session: Any, ids: Any) -> Any:
        sizes.append(len(ids))
        return await of_people(session, ids)

    monkeypatch.setattr(estate, "of_people", counted)
    monkeypatch.setattr(exporting, "AT_A_TIME", 4)
    monkeypatch.setattr(exporting, "DOSES_AT_A_TIME", 3)
    doses = [2, 1, 1, 9, 0, 0, 0, 0]
    slot = {"version_id": 7, "slot_time": "13:00", "zone": "UTC", "state": "taken"}
    slot |= {"due_at": NOON.isoformat(), "window_end": LATER.isoformat()}
    crowded = [
        somebody(str(number), doses=[slot | {"slot_date": f"2026-03-0{day + 1}"} for day in range(count)])
        for number, count in enumerate(doses)
    ]
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        assert (await move(write(tmp_path / "people.jsonl", *crowded), vault))[0].settled == len(doses)
        written = BytesIO()
        assert await write_lines(written, vault.database, vault.master, LATER) == len(doses)
    assert sizes == [2, 1, 1, 4]
    assert [len(json.loads(line)["doses"]) for line in written.getvalue().splitlines()] == doses


async def test_it_is_for_its_owners_eyes_and_replaces_nothing(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        file = tmp_path / "everybody.jsonl"
        await settled(vault, tmp_path, 1)
        assert await hand(vault, file) == Count(1)
        assert file.stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "everybody.jsonl.part").exists()
        with pytest.raises(FileExistsError):
            await hand(vault, file)


async def test_half_a_character_is_written_as_json_says_it(tmp_path: Path) -> None:
    half = with_other(GOOD, "Sertraline \ud83d", "medicines", 0, "versions", 0, "name")
    file = tmp_path / "everybody.jsonl"
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        await move(write(tmp_path / "people.jsonl", half), vault)
        await hand(vault, file)
    assert lines_of(file)[0]["medicines"][0]["versions"][0]["name"] == "Sertraline \ud83d"
    (tmp_path / "there").mkdir()
    async with opened(f"sqlite:///{tmp_path / 'there' / 'there.db'}", tmp_path / "there") as vault:
        assert (await move(file, vault))[0].settled == 1


async def test_what_broke_off_is_gone_on_with_after_its_last_whole_line(tmp_path: Path, there: str) -> None:
    async with opened(there, tmp_path) as vault:
        file = tmp_path / "everybody.jsonl"
        await settled(vault, tmp_path)
        await break_off(vault, file, 5)
        assert await hand(vault, file, hours=1) == Count(CROWD, 5)
    told = lines_of(file)
    assert [each["person"]["ref"] for each in told] == [str(number) for number in range(CROWD)]
    assert len({each["exported_at"] for each in told}) == 2


async def test_trouble_of_the_database_leaves_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_people, runs = estate.of_people, list[int]()

    async def failing(session: Any, ids: Any) -> Any:
        runs.append(1)
        if len(runs) > 2:
            raise TimeoutError
        return await of_people(session, ids)

    monkeypatch.setattr(exporting, "AT_A_TIME", 2)
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        file = tmp_path / "everybody.jsonl"
        await settled(vault, tmp_path)
        monkeypatch.setattr(estate, "of_people", failing)
        with pytest.raises(DatabaseUnusable, match="in trouble: TimeoutError"):
            await hand(vault, file)
        assert not file.exists()
        monkeypatch.setattr(estate, "of_people", of_people)
        assert await hand(vault, file) == Count(CROWD, 4)


@pytest.mark.parametrize("what", ["erased", "lived", "another house", "no line", "damaged"])
async def test_what_is_so_no_longer_is_begun_anew(tmp_path: Path, what: str) -> None:
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        file, gone = tmp_path / "everybody.jsonl", 0
        await settled(vault, tmp_path)
        part = await break_off(vault, file, 5)
        async with vault.database.transaction() as session:
            match what:
                case "erased":
                    await estate.erase(session, 2, LATER)
                    gone = 1
                case "lived":
                    await session.exec(update(Deployment).values(alive_at=LATER + timedelta(seconds=1)))
                case "another house":
                    await session.exec(update(Person).where(col(Person.id) == 5).values(ref="of another"))
                case "no line":
                    part.write_bytes(b"half a li")
                case _:
                    part.write_bytes(b"{}\n")
        assert await hand(vault, file, hours=1) == Count(CROWD - gone)
    assert len({each["exported_at"] for each in lines_of(file)}) == 1


async def test_a_house_that_stood_still_since_its_last_heartbeat_is_gone_on_with(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        file = tmp_path / "everybody.jsonl"
        await settled(vault, tmp_path)
        async with vault.database.transaction() as session:
            await session.exec(update(Deployment).values(alive_at=LATER - timedelta(seconds=1)))
        await break_off(vault, file, 11)
        assert await hand(vault, file, hours=1) == Count(CROWD, 11)


async def test_nobody_is_led_to_write_elsewhere(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        file, elsewhere = tmp_path / "everybody.jsonl", tmp_path / "elsewhere"
        await settled(vault, tmp_path)
        (tmp_path / "everybody.jsonl.part").symlink_to(elsewhere)
        with pytest.raises(OSError, match="symbolic"):
            await hand(vault, file)
    assert not elsewhere.exists()


async def test_a_house_without_people_gives_an_empty_file(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        assert await hand(vault, tmp_path / "everybody.jsonl") == Count(0)
    assert (tmp_path / "everybody.jsonl").read_bytes() == b""

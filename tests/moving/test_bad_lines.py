"""What cannot be taken in is named by its line, and costs no other line its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.moving import importing, lines, reading
from bot.moving.importing import Tally
from bot.moving.reading import FORMAT
from bot.moving.settling import settle
from bot.moving.trouble import is_of_data
from storage.checkins import Checkin
from storage.database import DatabaseUnusable
from tests.moving.lines import (
    DOSE,
    FIRST,
    GOOD,
    LATER,
    MEDICINE,
    NO_NUMBER,
    NOON,
    STEPS,
    STOCK,
    WITH_STEPS,
    move,
    opened,
    somebody,
    with_other,
    without,
    write,
)

CHECKIN = {"day": "2026-03-05", "asked_at": NOON.isoformat(), "expires_at": LATER.isoformat()}
QUESTIONNAIRE = {
    "instrument": "phq",
    "version": "1",
    "asked_at": NOON.isoformat(),
    "expires_at": LATER.isoformat(),
}
EVENT = {"dose_id": 9, "kind": "taken", "at": NOON.isoformat()}
TWICE = json.dumps(GOOD)[:-1] + ', "person": {}}'
NO_NOTICE = {"on": "2026-03-05", "average": float("nan")}
NO_PLAN = {"steps": "No sleep.", "people": [], "changed_at": NOON.isoformat()}
PLAIN_DOSE = DOSE | {"step": None, "turn": None}
BAD: list[tuple[dict[str, Any] | str, str]] = [
    ("{", "not JSON"),
    ("[]", f"not of the format {FORMAT}"),
    (with_other(GOOD, "evenkeel-export-9", "format"), f"not of the format {FORMAT}"),
    (without(GOOD, "exported_at"), "not understood (KeyError)"),
    (without(GOOD, "person", "ref"), "person: ref is missing"),
    (with_other(GOOD, None, "person", "account"), "person: account must not be null"),
    (with_other(GOOD, 7, "person", "ref"), "person: ref is not understood"),
    (with_other(GOOD, "asleep", "person", "state"), "person: state is not understood"),
    (with_other(GOOD, "2026-03-05T12:00:00", "person", "created_at"), "person: created_at is not understood"),
    (with_other(GOOD, "Mars/Olympus", "person", "zone"), "person: zone is not one that we know"),
    (with_other(GOOD, 1, "person", "discreet"), "person: discreet is not understood"),
    (with_other(GOOD, {}, "medicines"), "medicines is not a list"),
    (with_other(GOOD, [], "medicines", 0, "versions"), "a medicine without a version"),
    (with_other(GOOD, 2, *FIRST, "number"), "the versions of a medicine are not numbered from 1"),
    (with_other(GOOD, {"kind": "moon"}, *FIRST, "timing"), "regimen_version: timing is not understood"),
    (with_other(GOOD, 50, *FIRST, "amount"), "amount is not text"),
    (GOOD | {"doses": [{"version_id": 8}]}, "a dose of a medicine that is not there"),
    (with_other(GOOD, STEPS[1:], *FIRST, "steps"), "the steps of a version are not numbered from 0"),
    (with_other(GOOD, [STEPS[0] | {"amounts": []}], *FIRST, "steps"), "amounts are not texts"),
    (with_other(GOOD, [STEPS[0] | {"amounts": [50]}], *FIRST, "steps"), "amounts are not texts"),
    (with_other(GOOD, [without(STEPS[0], "timing")], *FIRST, "steps"), "regimen_step: timing is missing"),
    (with_other(GOOD, [without(STEPS[0], "since")], *FIRST, "steps"), "regimen_step: since is missing"),
    (with_other(WITH_STEPS, 2, "doses", 0, "step"), "a dose of a step that is not there"),
    (with_other(WITH_STEPS, -1, "doses", 0, "step"), "a dose of a step that is not there"),
    (with_other(WITH_STEPS, 2, "doses", 0, "turn"), "a dose of a step that is not there"),
    (with_other(WITH_STEPS, "wish", "doses", 0, "kind"), "dose: kind is not understood"),
    (WITH_STEPS | {"dose_notes": [{"dose_id": 3, "at": NOON.isoformat()}]}, "not understood (KeyError)"),
    (with_other(GOOD, STOCK | {"left": "0.3333"}, *MEDICINE, "stock"), "stock: left is not understood"),
    (with_other(GOOD, STOCK | {"left": "-1"}, *MEDICINE, "stock"), "stock: left is not understood"),
    (with_other(GOOD, STOCK | {"left": "many"}, *MEDICINE, "stock"), "stock: left is not understood"),
    (with_other(GOOD, without(STOCK, "per_dose"), *MEDICINE, "stock"), "stock: per_dose is missing"),
    (with_other(GOOD, STOCK | NO_NUMBER, *MEDICINE, "stock"), "stock: per_amount is not understood"),
    (GOOD | {"checkins": [{}]}, "checkin: day is missing"),
    # What only the database, or nobody, would have noticed.
    (GOOD | {"checkins": [CHECKIN, CHECKIN]}, "two check-ins of one day"),
    (GOOD | {"checkins": [CHECKIN | {"answers": [4]}]}, "checkin: answers are not understood"),
    (GOOD | {"checkins": [CHECKIN | {"answers": {"mood": "4"}}]}, "checkin: answers are not understood"),
    (
        GOOD | {"questionnaires": [QUESTIONNAIRE | {"answers": {"1": 2}}]},
        "questionnaire: answers are not understood",
    ),
    (GOOD | {"doses": [PLAIN_DOSE, PLAIN_DOSE | {"id": 4}]}, "two doses of one slot"),
    (
        GOOD | {"doses": [PLAIN_DOSE, PLAIN_DOSE | {"slot_date": "2026-03-06"}]},
        "two doses with one id",
    ),
    (GOOD | {"dose_events": [EVENT]}, "an event or a note of a dose that is not there"),
    (GOOD | {"medicines": GOOD["medicines"] * 2}, "two versions with one id"),
    (GOOD | {"doses": [PLAIN_DOSE | {"zone": "Mars/Olympus"}]}, "dose: zone is not one that we know"),
    (
        with_other(GOOD, "Mars/Olympus", *MEDICINE, "home_zone"),
        "regimen: home_zone is not one that we know",
    ),
    (
        with_other(
            with_other(GOOD, "2026-03-05", *FIRST, "starts_on"),
            "2026-03-04",
            *FIRST,
            "ends_on",
        ),
        "not understood (ValueError)",
    ),
    (without(GOOD, "person", "zone"), "person: settled, without a zone"),
    (with_other(GOOD, 10**30, "person", "nudges"), "person: nudges is not understood"),
    (with_other(GOOD, 2**31, "person", "nudges"), "person: nudges is not understood"),
    (with_other(GOOD, 3.0, "person", "nudges"), "person: nudges is not understood"),
    *(
        (with_other(GOOD, at, "person", "created_at"), "person: created_at is not understood")
        for at in ("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "1066-10-14T09:00:00+00:00")
    ),
    (with_other(GOOD, "9999-12-31T23:00:00-05:00", "exported_at"), "not understood (OverflowError)"),
    (with_other(GOOD, "20:00+01:00", "person", "checkin_at"), "person: checkin_at is not understood"),
    (with_other(GOOD, "0001-01-01", *FIRST, "starts_on"), "regimen_version: starts_on is not understood"),
    (with_other(GOOD, "\ud800", "person", "ref"), "person: ref is not understood"),
    (with_other(GOOD, "1\0", "person", "ref"), "person: ref is not understood"),
    (with_other(GOOD, "1" * 801, "person", "ref"), "person: ref is not understood"),
    (with_other(GOOD, "薬" * 267, "person", "ref"), "person: ref is not understood"),
    (with_other(GOOD, STOCK | {"left": 28.5}, *MEDICINE, "stock"), "stock: left is not understood"),
    (with_other(GOOD, STOCK | {"left": "NaN"}, *MEDICINE, "stock"), "stock: left is not understood"),
    (with_other(GOOD, STOCK | {"left": "1e999999999"}, *MEDICINE, "stock"), "stock: left is not understood"),
    (GOOD | {"declared": [{"said_at": NOON.isoformat(), "kind": 7, "on": "2026-03-05"}]}, "kind is not text"),
    (GOOD | {"safety_plan": NO_PLAN}, "safety_plan: steps are not texts"),
    (GOOD | {"notices": [NO_NOTICE]}, "NaN or Infinity, which no number is"),
    (GOOD | {"notices": [{"on": "2026-03-05", "kind": "weather"}]}, "not understood (ValueError)"),
    (GOOD | {"care_team": [{"name": "Dr. Meyer", "role": "baker"}]}, "not understood (ValueError)"),
    (GOOD | {"care_team": ["Dr. Meyer"]}, "not understood (TypeError)"),
    (GOOD | {"care_file": {"appointment": {"on": "soon"}}}, "not understood (ValueError)"),
    (TWICE, "something is said twice"),
    ("[" * 100_000, "not JSON"),
    ("9" * 5_000, "not JSON"),
]  # fmt: skip


async def test_bad_lines_are_named_by_number_and_the_good_ones_are_kept(tmp_path: Path, there: str) -> None:
    people = [part for number, (bad, _) in enumerate(BAD, 10) for part in (somebody(str(number)), bad, "")]
    async with opened(there, tmp_path) as vault:
        tally, complaints = await move(write(tmp_path / "people.jsonl", *people), vault)
    assert tally == Tally(settled=len(BAD), refused=len(BAD))
    assert complaints == [(3 * number + 2, why) for number, (_, why) in enumerate(BAD)]


async def test_what_is_not_even_text_is_named_too(
    tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 5_000)
    good = [json.dumps(somebody(str(number))).encode() for number in range(4)]
    exactly = good[0] + b" " * (4_999 - len(good[0]))
    file = tmp_path / "people.jsonl"
    bad = [b"\xff\xfe{}", good[1] + b" " * 5_000, b"\x00"]
    file.write_bytes(b"\n".join([b"\xef\xbb\xbf" + good[1], *bad, exactly, good[2], b" " * 12_000 + good[3]]))
    async with opened(there, tmp_path) as vault:
        tally, complaints = await move(file, vault)
    assert tally == Tally(settled=3, refused=4)
    assert complaints == [(2, "not UTF-8"), (3, "too long"), (4, "not JSON"), (7, "too long")]


async def test_a_line_that_only_the_database_refuses_costs_no_other_its_place(
    tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unchecked(given: Any) -> Any:
        return [reading._answered(Checkin, each, dict) for each in given]

    monkeypatch.setattr(reading, "_checkins", unchecked)
    people = [somebody(str(number)) for number in range(40)]
    for bad in (0, 17, 39):
        people[bad] |= {"checkins": [CHECKIN, CHECKIN]}
    people += [somebody("17"), somebody("3", checkins=[CHECKIN, CHECKIN])]
    file = write(tmp_path / "people.jsonl", *people)
    why = "the database does not take it (IntegrityError)"
    async with opened(there, tmp_path) as vault:
        tally, complaints = await move(file, vault)
        assert tally == Tally(settled=38, known=1, refused=3)
        assert complaints == [(number, why) for number in (1, 18, 40)]
        again, complaints = await move(file, vault)
    assert again == Tally(known=40, refused=2)
    assert [number for number, _ in complaints] == [1, 40]


async def test_trouble_of_the_database_itself_ends_the_run_and_the_next_one_goes_on(
    tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = list[int]()

    async def settle_once(*given: Any) -> None:
        runs.append(1)
        if len(runs) > 1:
            raise OperationalError("INSERT", {}, Exception("disk full\nwith more"))
        await settle(*given)

    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "settle", settle_once)
    file = write(tmp_path / "people.jsonl", *(somebody(str(number)) for number in range(25)))
    async with opened(there, tmp_path) as vault:
        with pytest.raises(DatabaseUnusable, match=r"is in trouble: disk full\. Run the command again"):
            await move(file, vault)
        monkeypatch.setattr(importing, "settle", settle)
        assert await move(file, vault) == (Tally(settled=15, known=10), [])


async def test_a_batch_ends_before_its_lines_take_too_much_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = list[int]()

    async def counted(session: Any, master: Any, arrivals: Any, now: Any) -> None:
        sizes.append(len(arrivals))
        await settle(session, master, arrivals, now)

    people = [somebody(str(number)) for number in range(10, 20)]
    monkeypatch.setattr(importing, "BATCH_BYTES", 4 * len(json.dumps(people[0])))
    monkeypatch.setattr(importing, "settle", counted)
    async with opened(f"sqlite:///{tmp_path / 'there.db'}", tmp_path) as vault:
        assert (await move(write(tmp_path / "people.jsonl", *people), vault))[0] == Tally(settled=10)
    assert sizes == [3, 3, 3, 1]  # each line has its end, too


async def test_the_longest_address_is_taken_in(tmp_path: Path, there: str) -> None:
    parts = ("platform", "account", "ref")
    words = {
        part: "".join(chr(0x4E00 + 7 * n * place) for n in range(266)) for place, part in enumerate(parts, 1)
    }
    long = GOOD | {"person": GOOD["person"] | words}
    async with opened(there, tmp_path) as vault:
        assert await move(write(tmp_path / "people.jsonl", long), vault) == (Tally(settled=1), [])


def test_what_is_too_large_for_a_server_is_no_trouble_of_the_server() -> None:
    class Refused(Exception):
        sqlstate = "54000"

    assert is_of_data(OperationalError("INSERT", {}, Refused()))
    assert not is_of_data(OperationalError("INSERT", {}, Exception()))

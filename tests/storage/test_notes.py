"""A note belongs to a dose and its person, and is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import notes
from storage.notes import DoseNote
from storage.sealing import CannotOpen
from storage.vocabulary import NoteKind
from tests.scheduler.posthouse import START, PostHouse
from tests.storage.lives import dose, keep, medicine, on


async def noted(house: PostHouse, person: int, days: int, *words: str) -> list[DoseNote]:
    """Notes with a new dose, an hour apart."""
    taken = dose(person, await medicine(house, person), days)
    await keep(house, taken)
    written = [
        DoseNote(
            person_id=person,
            dose_id=taken.key,
            kind=NoteKind.SIDE_EFFECT,
            at=START + timedelta(hours=number),
            content_sealed=notes.seal_content(house.sealers[person], each),
        )
        for number, each in enumerate(words)
    ]
    await keep(house, *written)
    return written


async def test_a_note_is_read_again_by_its_person_only_and_stands_nowhere_in_clear(house: PostHouse) -> None:
    anna, ben = await house.crowd(["7", "8"])
    [note] = await noted(house, anna, 0, "quokka")
    async with house.database.reading() as session:
        found = await notes.owned(session, anna, note.key)
        assert await notes.owned(session, ben, note.key) is None
        stored = repr((await session.exec(text("SELECT * FROM dose_note"))).all())  # type: ignore[call-overload]
    assert found is not None
    assert (found.kind, notes.open_content(house.sealers[anna], found)) == (NoteKind.SIDE_EFFECT, "quokka")
    assert "quokka" not in stored
    with pytest.raises(CannotOpen):
        notes.open_content(house.sealers[ben], found)


async def test_notes_are_found_by_their_doses_the_oldest_first(house: PostHouse) -> None:
    anna, ben = await house.crowd(["7", "8"])
    first, second = await noted(house, anna, 0, "quokka", "numbat")
    [other] = await noted(house, anna, 0, "bilby")
    [foreign] = await noted(house, ben, 0, "dunnart")
    async with house.database.reading() as session:
        found = await notes.of_doses(session, [anna], [first.dose_id, foreign.dose_id])
    assert [note.key for note in found] == [first.key, second.key]
    assert other.key not in {note.key for note in found}


async def test_the_notes_of_some_days_are_those_with_doses_of_these_days(house: PostHouse) -> None:
    anna, ben = await house.crowd(["7", "8"])
    for day in (3, 1, 2, 0):
        await noted(house, anna, day, f"day {day}")
    await noted(house, ben, 1, "quokka")
    async with house.database.reading() as session:
        found = await notes.between(session, anna, on(1), on(2))
    opened = [(taken.slot_date, notes.open_content(house.sealers[anna], note)) for note, taken in found]
    assert opened == [(on(1), "day 1"), (on(2), "day 2")]

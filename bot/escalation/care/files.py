"""A person's care file and team, read from the database and written to it, sealed."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.visit import Visit
from bot.escalation.care import draft, file, team
from bot.escalation.care.draft import Facts
from bot.escalation.care.file import File
from bot.escalation.care.team import Contact
from storage import care, notices
from storage.care import CareContact, CareFile


async def own_file(visit: Visit) -> File:
    """The person's file; an empty one when nothing was ever kept."""
    row = await _row(visit)
    return File() if row is None else opened(visit, row)


def opened(visit: Visit, row: CareFile) -> File:
    """The file that a row of this person holds."""
    return file.read(care.open_content(visit.sealer, row))


async def keep(visit: Visit, now: File) -> None:
    """Keep the file as it is now."""
    write(visit, await _row(visit), now)


def write(visit: Visit, row: CareFile | None, now: File) -> None:
    """Keep the file in its row, or in a new one."""
    sealed = care.seal_content(visit.sealer, CareFile, file.content_of(now))
    if row is None:
        row = CareFile(person_id=visit.person.key, content_sealed=sealed, changed_at=visit.now)
    row.content_sealed, row.changed_at = sealed, visit.now
    visit.session.add(row)


async def rows(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, CareFile]:
    """The rows of several people, by person."""
    return await care.files(session, person_ids)


async def _row(visit: Visit) -> CareFile | None:
    return (await care.files(visit.session, [visit.person.key])).get(visit.person.key)


async def own_team(visit: Visit) -> tuple[Contact, ...]:
    """The person's care team, in the order in which it was written down."""
    found = await care.contacts(visit.session, visit.person.key)
    return tuple(team.read(care.open_content(visit.sealer, row), row.key) for row in found)


async def contact(visit: Visit, key: int) -> Contact | None:
    """Somebody in the person's team."""
    row = await care.owned_contact(visit.session, visit.person.key, key)
    return None if row is None else team.read(care.open_content(visit.sealer, row), row.key)


async def keep_contact(visit: Visit, one: Contact) -> None:
    """Keep somebody, in the place of the contact of that key, or as a new one."""
    sealed = care.seal_content(visit.sealer, CareContact, team.content_of(one))
    row = await care.owned_contact(visit.session, visit.person.key, one.key)
    if row is None:
        row = CareContact(person_id=visit.person.key, content_sealed=sealed)
    row.content_sealed = sealed
    visit.session.add(row)
    await visit.session.flush()


async def remove_contact(visit: Visit, key: int) -> bool:
    """Take somebody out; False when they are not there any more."""
    row = await care.owned_contact(visit.session, visit.person.key, key)
    if row is None:
        return False
    await visit.session.delete(row)
    await visit.session.flush()
    return True


async def facts(visit: Visit) -> Facts | None:
    """What the newest notice of a lower mood was based on; None when none says so now."""
    found = await notices.of_people(visit.session, [visit.person.key])
    fresh = [row for row in reversed(found) if visit.now - row.told_at <= draft.FACTS_HOLD]
    return draft.newest_facts(notices.open_content(visit.sealer, row) for row in fresh)

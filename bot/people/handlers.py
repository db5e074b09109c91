"""Beginning, pausing, help, and the buttons of the settings."""

from typing import Any

from bot.conversation.calendar import place_name
from bot.conversation.countries import country_names
from bot.conversation.facts import Paused, Resumed, Settled
from bot.conversation.help import help_row
from bot.conversation.lows import no_streaks
from bot.conversation.message import Message
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.people import dialogs, erasure, privacy_wording, settings, wake, wording
from storage import estate, people
from storage.vocabulary import PersonState


async def start(visit: Visit, _words: str) -> None:
    """Begin, or greet who is here already. A caregiver may become somebody who is reminded, too."""
    if not visit.person.state.settled:
        await visit.open(dialogs.START, {"language": visit.person.language})
    else:
        visit.say(Message(wording.already_here(visit.gettext), (help_row(visit.gettext),)))


async def end_start(visit: Visit, answers: dict[str, Any]) -> None:
    """Consent, zone and country are known: the person is here."""
    person = visit.person
    person.state = PersonState.ACTIVE
    person.language = answers.get("language", person.language)
    person.zone, person.country = answers["zone"], answers["country"]
    await people.give_consent(visit.session, person.key, answers["consent"], visit.now)
    name = country_names("en").get(answers["country"] or "")
    place = place_name(answers["zone"])
    visit.say(Message(wording.settled(visit.gettext, place, name), keyboard="remove"))
    visit.tell(Settled())


async def refuse(visit: Visit, text: Text) -> None:
    """The person did not agree: nothing is kept, not even that they were here. A caregiver stays one."""
    if visit.person.state is PersonState.GUEST:
        visit.show(Message(wording.still_caregiver(visit.gettext)))
        return
    await estate.erase(visit.session, visit.person.key, visit.now)
    visit.farewell = Message(text)


async def pause(visit: Visit, _words: str) -> None:
    """Pause everything."""
    if visit.person.state is PersonState.PAUSED:
        visit.say(Message(wording.already_paused(visit.gettext)))
        return
    await visit.means.tombstones.lay_for_silence(visit.session, [visit.person], visit.now)
    visit.person.state = PersonState.PAUSED
    visit.tell(Paused())
    calm = bool(await no_streaks([visit]))
    visit.say(Message(wording.paused(visit.gettext, calm=calm)))


async def resume(visit: Visit, _words: str) -> None:
    """Go on after a pause."""
    if visit.person.state is not PersonState.PAUSED:
        visit.say(Message(wording.not_paused(visit.gettext)))
        return
    visit.person.state = PersonState.ACTIVE
    visit.tell(Resumed())
    visit.say(Message(wording.resumed(visit.gettext)))


async def privacy(visit: Visit, _words: str) -> None:
    """What is kept, and the person's rights."""
    visit.say(Message(privacy_wording.privacy(visit.gettext)))


async def cancel(visit: Visit, _words: str) -> None:
    """Put the open dialog aside."""
    if await visit.place() is None:
        visit.say(Message(wording.nothing_open(visit.gettext), keyboard="remove"))
        return
    await visit.close()
    visit.say(Message(wording.put_aside(visit.gettext), keyboard="remove"))


COMMANDS = {
    "start": Command(start, wording.start_summary, before_consent=True),
    "settings": Command(settings.settings, wording.settings_summary, for_guests=True),
    "pause": Command(pause, wording.pause_summary),
    "resume": Command(resume, wording.resume_summary),
    "privacy": Command(privacy, wording.privacy_summary, before_consent=True),
    "export": Command(erasure.export, wording.export_summary, before_consent=True),
    "delete": Command(erasure.ask_delete, wording.delete_summary, before_consent=True),
    "cancel": Command(cancel, wording.cancel_summary, before_consent=True),
}

ROOM = Room(
    name=settings.ROOM_NAME,
    commands=COMMANDS,
    buttons={
        "set": settings.change,
        "settings": settings.settings_by_button,
        "speak": settings.speak,
        "erase": erasure.ask_delete_again,
        "erased": erasure.erase,
        "keep": erasure.keep,
    },
    open_buttons=frozenset({"erase", "erased", "keep"}),
    guest_buttons=frozenset({"set", "settings", "speak"}),
    wake=wake.wake,
    conversations=(
        Conversation(dialogs.START, end_start, refuse),
        Conversation(dialogs.TRAVEL, settings.end_zone),
        Conversation(dialogs.COUNTRY, settings.end_country),
        Conversation(dialogs.QUIET, settings.end_quiet),
        Conversation(dialogs.NUDGES, settings.end_nudges),
        Conversation(dialogs.SPREAD, settings.end_spread),
        Conversation(dialogs.DAY_END, settings.end_day_end),
    ),
)

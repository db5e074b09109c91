"""/settings: the list, its switches, and the ends of its dialogs."""

from datetime import time
from typing import Any

from bot.conversation.calendar import place_name
from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.countries import country_names
from bot.conversation.facts import CheckinTimeWanted, DayEndChanged, QuietHoursSet, SettingsChanged, Travelled
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import lines, paragraphs
from bot.conversation.visit import Visit
from bot.people import dialogs, settings_wording, wording
from scheduler.localtime import local

ROOM_NAME = "people"
_ASKED = {
    "zone": dialogs.TRAVEL,
    "country": dialogs.COUNTRY,
    "quiet": dialogs.QUIET,
    "nudges": dialogs.NUDGES,
    "spread": dialogs.SPREAD,
    "dayend": dialogs.DAY_END,
}


# What concerns somebody who is a caregiver only.
_FOR_GUESTS = frozenset({"zone", "country", "quiet", "language"})


async def settings(visit: Visit, _words: str) -> None:
    """List every setting with its value; each can be tapped."""
    _, person = visit.gettext, visit.person
    country = country_names("en").get(person.country or "", settings_wording.not_set(_))
    values: tuple[tuple[str, str, str], ...] = (
        ("zone", settings_wording.name_zone(_), place_name(person.zone or "") or settings_wording.not_set(_)),
        ("country", settings_wording.name_country(_), country),
        (
            "quiet",
            settings_wording.name_quiet(_),
            settings_wording.quiet_value(_, person.quiet_from, person.quiet_until),
        ),
        (
            "nudges",
            settings_wording.name_nudges(_),
            settings_wording.nudges_value(_, person.nudges, person.nudge_minutes),
        ),
        ("spread", settings_wording.name_spread(_), settings_wording.spread_value(_, person.spread_minutes)),
        ("dayend", settings_wording.name_day_end(_), settings_wording.day_end_value(_, person.day_ends_at)),
        ("checkin", settings_wording.name_checkin(_), settings_wording.time_value(_, person.checkin_at)),
        ("discreet", settings_wording.name_discreet(_), settings_wording.on_off(_, person.discreet)),
        ("streak", settings_wording.name_streak(_), settings_wording.on_off(_, person.streak_shown)),
        ("language", settings_wording.name_language(_), LANGUAGE_NAMES[person.language]),
    )
    if not person.state.settled:
        values = tuple(value for value in values if value[0] in _FOR_GUESTS)
    text = paragraphs(
        settings_wording.settings(_),
        lines(*(settings_wording.setting_line(_, name, value) for _k, name, value in values)),
    )
    buttons = [Choice(name, Action(ROOM_NAME, "set", key)) for key, name, _value in values]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    visit.show(Message(text, (*rows, help_row(_))))


async def change(visit: Visit, argument: str) -> None:
    """One setting was tapped: a switch turns, the others ask."""
    person, _ = visit.person, visit.gettext
    if not person.state.settled and argument not in _FOR_GUESTS:
        await settings(visit, "")
        return
    match argument:
        case asked if asked in _ASKED:
            await visit.open(_ASKED[asked], {} if person.state.settled else {dialogs.GUEST: True})
        case "checkin":
            visit.tell(CheckinTimeWanted())
        case "discreet":
            person.discreet = not person.discreet
            visit.toast = settings_wording.discreet_now(_, person.discreet)
            visit.tell(SettingsChanged())
            await settings(visit, "")
        case "streak":
            person.streak_shown = not person.streak_shown
            visit.toast = settings_wording.streak_now(_, person.streak_shown)
            await settings(visit, "")
        case "language":
            await ask_language(visit)


async def ask_language(visit: Visit) -> None:
    """Offer the languages there are."""
    rows = [(Choice(name, Action(ROOM_NAME, "speak", code)),) for code, name in LANGUAGE_NAMES.items()]
    rows.append((Choice(wording.back(visit.gettext), Action(ROOM_NAME, "settings")),))
    visit.show(Message(wording.ask_language(visit.gettext), tuple(rows)))


async def speak(visit: Visit, argument: str) -> None:
    """Choose a language."""
    if argument in LANGUAGE_NAMES:
        visit.person.language = argument
    await settings(visit, "")


async def settings_by_button(visit: Visit, _argument: str) -> None:
    await settings(visit, "")


async def end_zone(visit: Visit, answers: dict[str, Any]) -> None:
    """The person is somewhere else now."""
    person, _ = visit.person, visit.gettext
    before = visit.zone.key
    person.zone, person.country = answers["zone"], answers["country"]
    visit.tell(Travelled(before))
    visit.tell(SettingsChanged())
    place = place_name(answers["zone"])
    visit.show(
        Message(
            settings_wording.zone_changed(_, place, local(visit.now, visit.zone).time()), keyboard="remove"
        )
    )


async def end_country(visit: Visit, answers: dict[str, Any]) -> None:
    """Helplines of another country."""
    visit.person.country = answers["country"]
    name = country_names("en").get(answers["country"] or "")
    visit.show(Message(settings_wording.country_changed(visit.gettext, name), keyboard="remove"))


async def end_quiet(visit: Visit, answers: dict[str, Any]) -> None:
    """New quiet hours."""
    person = visit.person
    person.quiet_from = time.fromisoformat(answers["from"]) if answers["from"] else None
    person.quiet_until = time.fromisoformat(answers["until"]) if answers["until"] else None
    visit.tell(SettingsChanged())
    visit.show(Message(settings_wording.kept(visit.gettext)))
    visit.tell(QuietHoursSet())


async def end_nudges(visit: Visit, answers: dict[str, Any]) -> None:
    """How often and how soon a reminder is repeated."""
    visit.person.nudges, visit.person.nudge_minutes = answers["count"], answers["minutes"]
    visit.tell(SettingsChanged())
    visit.show(Message(settings_wording.kept(visit.gettext)))


async def end_spread(visit: Visit, answers: dict[str, Any]) -> None:
    """How much later than planned a reminder may come."""
    visit.person.spread_minutes = answers["minutes"]
    visit.tell(SettingsChanged())
    visit.show(Message(settings_wording.kept(visit.gettext)))


async def end_day_end(visit: Visit, answers: dict[str, Any]) -> None:
    """The person's own day ends at another time."""
    person, before = visit.person, visit.person.day_ends_at
    person.day_ends_at = time.fromisoformat(answers["ends"])
    visit.show(Message(settings_wording.day_end_kept(visit.gettext, person.day_ends_at)))
    if person.day_ends_at != before:
        visit.tell(DayEndChanged(before))
        visit.tell(SettingsChanged())

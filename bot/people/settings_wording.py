"""Every sentence about a person's settings."""

from datetime import time

from bot.conversation.calendar import clock
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose


def zone_changed(_: Gettext, place: str, at: time) -> Text:
    return compose(
        _("Your time zone is {place} now, where it is {time}. Reminders follow your local time."),
        place=bold(place),
        time=clock(at),
    )


def country_changed(_: Gettext, country: str | None) -> Text:
    if country is None:
        return compose(_("No country is set. /sos then shows the international finders."))
    return compose(
        _("Your country for help is {country} now. /sos shows the numbers that I have for it."),
        country=bold(country),
    )


def settings(_: Gettext) -> Text:
    return bold(_("Settings"))


def setting_line(_: Gettext, name: str, value: str) -> Text:
    return compose("· {name}: {value}", name=name, value=bold(value))


def on_off(_: Gettext, value: bool) -> str:
    return _("on") if value else _("off")


def name_zone(_: Gettext) -> str:
    return _("Time zone")


def name_country(_: Gettext) -> str:
    return _("Country for help")


def name_language(_: Gettext) -> str:
    return _("Language")


def name_quiet(_: Gettext) -> str:
    return _("Quiet hours")


def name_discreet(_: Gettext) -> str:
    return _("Discreet mode")


def name_nudges(_: Gettext) -> str:
    return _("Repeats")


def name_spread(_: Gettext) -> str:
    return _("Exact time")


def name_day_end(_: Gettext) -> str:
    return _("My day ends")


def day_end_value(_: Gettext, at: time) -> str:
    return _("at midnight") if at == time(0) else _("at {time}").format(time=clock(at))


def day_end_option(_: Gettext, at: time) -> str:
    return _("Midnight") if at == time(0) else clock(at)


def ask_day_end(_: Gettext) -> Text:
    return compose(
        _(
            "When does your day end? This is for who works or is up at night: a dose or a check-in before that "
            "time counts to the day before. Tap a time, or write one up to 06:00."
        )
    )


def day_end_refused(_: Gettext) -> str:
    return _("I need a time from 00:00 to 06:00, for example “4:00”.")


def day_end_kept(_: Gettext, at: time) -> Text:
    if at == time(0):
        return compose(_("Your day ends at midnight now. /settings shows everything."))
    return compose(
        _(
            "Your day ends at {time} now: the night until then counts to the day before. "
            "/settings shows everything."
        ),
        time=clock(at),
    )


def name_checkin(_: Gettext) -> str:
    return _("Check-in")


def name_streak(_: Gettext) -> str:
    return _("Streak")


def nudges_value(_: Gettext, count: int, minutes: int) -> str:
    if count == 0:
        return _("none")
    return _("{count}, every {minutes} minutes").format(count=count, minutes=minutes)


def spread_value(_: Gettext, minutes: int) -> str:
    if minutes == 0:
        return _("yes")
    return _("up to {minutes} minutes later").format(minutes=minutes)


def quiet_value(_: Gettext, start: time | None, end: time | None) -> str:
    if start is None or end is None:
        return _("off")
    return _("{start} to {end}").format(start=clock(start), end=clock(end))


def time_value(_: Gettext, at: time | None) -> str:
    return clock(at) if at is not None else _("off")


def not_set(_: Gettext) -> str:
    return _("not set")


def ask_quiet(_: Gettext, *, guest: bool) -> Text:
    """`guest`: they are a caregiver only, whom nobody reminds of anything."""
    if guest:
        return compose(
            _(
                "When shall I make no sound? What I have to tell you about somebody you care for then waits until the "
                "quiet hours end. Only if they ask for you themselves, that comes at once. "
                "Write the start and the end, for example “22:00 7:00”."
            )
        )
    return compose(
        _(
            "When shall I make no sound? Reminders and check-ins then wait until the quiet hours end. If that "
            "would be too late for a dose, its reminder comes on time, without a sound. "
            "Write the start and the end, for example “22:00 7:00”."
        )
    )


def quiet_off(_: Gettext) -> str:
    return _("No quiet hours")


def quiet_refused(_: Gettext) -> str:
    return _("I need two different times, for example “22:00 7:00”.")


def ask_nudge_count(_: Gettext) -> Text:
    return compose(_("If you don't answer a reminder: how often shall I repeat it?"))


def ask_nudge_minutes(_: Gettext) -> Text:
    return compose(_("How many minutes apart?"))


def ask_spread(_: Gettext) -> Text:
    return compose(
        _(
            "Reminders may come a few minutes later than planned, so that everybody's do not leave at the same "
            "second. Yours then come at the same minute each day, and never early. How much later may it be?"
        )
    )


def spread_choice(_: Gettext, minutes: int) -> str:
    if minutes == 0:
        return _("Not at all")
    return _("Up to {minutes} minutes").format(minutes=minutes)


def kept(_: Gettext) -> Text:
    return compose(_("Kept. /settings shows everything."))


def discreet_now(_: Gettext, value: bool) -> str:
    if value:
        return _("Reminders no longer name a medicine.")
    return _("Reminders name your medicines again.")


def streak_now(_: Gettext, value: bool) -> str:
    return _("The streak is shown again.") if value else _("The streak is no longer shown.")

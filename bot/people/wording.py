"""Every sentence about a person's own settings, consent and data."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.conversation.calendar import clock, day_name, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from scheduler.localtime import local, zone
from scheduler.outlook import Moved


def welcome(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Hello, I'm Evenkeel.")),
        _(
            "I remind you of your medicine, ask how you are if you like, and keep the record, so that you and "
            "your care team can see early when things change."
        ),
        _(
            "I am a program, not a medical device and not for emergencies. Nobody reads this chat live. "
            "If you need help now, send /sos at any time."
        ),
        lines(
            _("What I keep: your medicines, doses and what you answer me, encrypted, until you delete them."),
            _("Who sees it: only you. Bot chats are not end-to-end encrypted; Telegram carries them."),
            _("It is for adults (18+). /privacy says it all, /delete erases everything."),
        ),
        may_i(_),
    )


def may_i(_: Gettext) -> str:
    return _("May I keep this for you?")


def privacy_and_question(_: Gettext) -> Text:
    return paragraphs(privacy(_), may_i(_))


def agree(_: Gettext) -> str:
    return _("Yes, let's begin")


def disagree(_: Gettext) -> str:
    return _("No, thank you")


def more_privacy(_: Gettext) -> str:
    return _("What exactly is kept?")


def language_button(_: Gettext, name: str) -> str:
    return _("Language: {name}").format(name=name)


def ask_language(_: Gettext) -> Text:
    return compose(
        _(
            "Which language shall I speak? For now only the help in a crisis speaks all of these; the rest is English."
        )
    )


def not_agreed(_: Gettext) -> Text:
    return compose(_("All right, I keep nothing. /start begins anew at any time, and /sos works always."))


def still_caregiver(_: Gettext) -> Text:
    return compose(
        _("All right, nothing of that begins. You stay here as a caregiver; /caring shows for whom.")
    )


def already_here(_: Gettext) -> Text:
    return paragraphs(
        compose(_("Welcome back. Everything is as you left it.")),
        compose(_("/today shows the day, /meds your medicines, /help everything else.")),
    )


def ask_zone(_: Gettext) -> Text:
    return paragraphs(
        _("Where are you, so that 08:00 is your 08:00?"),
        _(
            "Write your city, or what your clock shows now (for example 6:42 am). Or share your location with "
            "the button below: I use it once for the time zone and don't keep it."
        ),
    )


def zone_not_found(_: Gettext) -> str:
    return _("I could not find that. Try a bigger city nearby, or what your clock shows, like 18:42.")


def which_zone(_: Gettext) -> Text:
    return compose(_("Which one fits? The time beside it should be what your clock shows."))


def zone_option(_: Gettext, key: str, at: time) -> str:
    return f"{place_name(key)} ({clock(at)})"


def none_of_these(_: Gettext) -> str:
    return _("None of these")


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def ask_country(_: Gettext) -> Text:
    return compose(
        _(
            "In which country are you? It decides which emergency and crisis numbers I show. Tap it, or write it."
        )
    )


def which_country(_: Gettext) -> Text:
    return compose(_("Which of these?"))


def country_not_found(_: Gettext) -> str:
    return _(
        "I don't know that country by this name. Please write it in English, or its two letters, like FR."
    )


def no_country(_: Gettext) -> str:
    return _("I'd rather not say")


def settled(_: Gettext, place: str, country: str | None) -> Text:
    where = compose(_("Your time zone is {place}."), place=bold(place))
    numbers = compose(_("Crisis numbers: {country}."), country=bold(country)) if country else ""
    return lines(where, numbers, _("Now your first medicine."))


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


def ask_quiet(_: Gettext) -> Text:
    return compose(
        _(
            "When shall I make no sound? Reminders then wait until the quiet hours end. If that would be too "
            "late for a dose, its reminder comes on time, without a sound. "
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


def back(_: Gettext) -> str:
    return _("Back")


def paused(_: Gettext, *, calm: bool = False) -> Text:
    """`calm`: after a crisis and in a low week nothing speaks of streaks."""
    if calm:
        return compose(
            _("Everything is paused: no reminders, no check-ins. Your record stays. /resume goes on.")
        )
    return compose(
        _(
            "Everything is paused: no reminders, no check-ins. Your record and your streak stay. /resume goes on."
        )
    )


def already_paused(_: Gettext) -> Text:
    return compose(_("It is paused already. /resume goes on."))


def resumed(_: Gettext) -> Text:
    return compose(_("Welcome back. Reminders go on from now. /today shows the day."))


def not_paused(_: Gettext) -> Text:
    return compose(_("Nothing is paused. /today shows the day."))


def privacy(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Privacy")),
        lines(
            bold(_("What is kept")),
            _("Your chat's number, time zone, country, settings, and the times, states and skip reasons of your doses, as they are."),
            _(
                "Names of medicines, amounts, answers to check-ins and questionnaires, and messages under way: encrypted with a key of "
                "your own, kept apart from the data."
            ),
            _(
                "What I told you about changes of your mood, what you said about your dose, and your care team with "
                "appointment and questions: encrypted in the same way."
            ),
            _("Whether and when a crisis card was shown to you, in which language, and whether I asked the next "
              "day. Never what you wrote."),
            _("Your safety plan and the people in it, with how you reach them: encrypted in the same way. I never "
              "write to them."),
            _("Whom you invited as a caregiver or care for, under which name, and what was sent: encrypted in the same "
              "way. Which of it is switched on, as it is."),
            _("A shared location is used once and not kept. Other texts, voice and pictures are not kept."),
        ),
        lines(
            bold(_("What it is for")),
            _("Only to remind you, to show you your own record and to bring help. No advertising, no training "
              "of models. Nobody else receives it, but for what you yourself switch on for a caregiver."),
        ),
        lines(
            bold(_("What you should know")),
            _("Bot chats are not end-to-end encrypted. Telegram carries and stores them on its servers."),
            _("Nobody reads this chat live. This is not a medical device and not for emergencies."),
            _("The people who run this bot hold the keys on their machine; they are asked not to look."),
        ),
        lines(
            bold(_("Your rights")),
            _("/export sends you everything as a file. /delete erases everything at once, for good."),
            _("/pause stops all messages. You can take back your consent at any time with /delete."),
        ),
    )  # fmt: skip


def not_erased(_: Gettext) -> Text:
    return compose(
        _(
            "I cannot erase it just now: the note that keeps a backup from bringing it back could not be written. "
            "Nothing was deleted. Please try again later; the people who run this bot can see what is wrong."
        )
    )


def export_ready(_: Gettext) -> Text:
    return compose(
        _("This is everything I keep about you. It contains health data, so keep it somewhere safe.")
    )


def ask_delete(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Delete everything?")),
        _("Medicines, doses, check-ins, your safety plan, your care team, your caregivers and settings are erased at once and cannot be brought back. "
          "/export gives you a copy first."),
    )  # fmt: skip


def yes_delete(_: Gettext) -> str:
    return _("Delete everything")


def really_delete(_: Gettext) -> str:
    return _("Yes, erase it for good")


def ask_delete_again(_: Gettext) -> Text:
    return compose(_("Last question: shall I really erase all of it, for good?"))


def keep(_: Gettext) -> str:
    return _("Keep it")


def kept_all(_: Gettext) -> Text:
    return compose(_("Nothing was deleted."))


def nothing_here(_: Gettext) -> Text:
    return compose(_("Nothing about you is kept here. /start begins anew."))


def receipt(_: Gettext, at: datetime, number: str) -> Text:
    return paragraphs(
        bold(_("Everything is erased.")),
        compose(
            _(
                "Receipt: your key was destroyed and your data deleted on {day} at {time} UTC, number {number}."
            ),
            day=f"{at:%Y-%m-%d}",
            time=f"{at:%H:%M}",
            number=said(number),
        ),
        _(
            "Messages already in this chat stay on Telegram until you delete the chat. Take care. /sos still works."
        ),
    )


def help_text(_: Gettext, commands: list[tuple[str, str]]) -> Text:
    listed = [compose("/{command}: {summary}", command=name, summary=summary) for name, summary in commands]
    return paragraphs(
        bold(_("What I can do")),
        lines(*listed),
        _("I am a program, not a medical device. Nobody reads this chat live. In a crisis: /sos"),
    )


def start_summary(_: Gettext) -> str:
    return _("begin, or come back")


def settings_summary(_: Gettext) -> str:
    return _("time zone, quiet hours, discreet mode, repeats")


def pause_summary(_: Gettext) -> str:
    return _("stop all reminders for a while")


def resume_summary(_: Gettext) -> str:
    return _("go on after a pause")


def privacy_summary(_: Gettext) -> str:
    return _("what is kept, and your rights")


def export_summary(_: Gettext) -> str:
    return _("all your data as a file")


def delete_summary(_: Gettext) -> str:
    return _("erase everything")


def help_summary(_: Gettext) -> str:
    return _("what I can do")


def cancel_summary(_: Gettext) -> str:
    return _("put the open question aside")


def put_aside(_: Gettext) -> Text:
    return compose(_("All right, I've put that aside. Nothing was changed."))


def nothing_open(_: Gettext) -> Text:
    return compose(_("There is nothing to cancel."))


def zone_news(_: Gettext, moves: Sequence[tuple[str, Moved]]) -> Text:
    """What newer zone data changes: times stay as they are on the clock, and that clock runs otherwise."""
    return paragraphs(
        _("I have newer data about time zones."),
        *(_zone_move(_, key, move) for key, move in moves),
        _(
            "Your times stay what they are by that clock: 08:00 stays 08:00. If my clock should differ from "
            "yours, /settings lets you set your time zone."
        ),
    )


def _zone_move(_: Gettext, key: str, move: Moved) -> Text:
    template = (
        _("From {day} on, the clock in {place} is {span} ahead of what I knew before.")
        if move.now > move.before
        else _("From {day} on, the clock in {place} is {span} behind what I knew before.")
    )
    day = day_name(_, local(move.since, zone(key)).date())
    return compose(template, day=day, place=place_name(key), span=_span(_, abs(move.now - move.before)))


def _span(_: Gettext, span: timedelta) -> str:
    hours, minutes = divmod(round(span / timedelta(minutes=1)), 60)
    if minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("1 hour") if hours == 1 else _("{hours} hours").format(hours=hours)

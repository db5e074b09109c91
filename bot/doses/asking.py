"""Every question about a dose that is recorded, moved or written about, and what its buttons say."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.doses.asneeded import Allowed, AtMaximum, Check, TooSoon
from bot.doses.book import ShownDose
from bot.doses.rules import LONGEST_NOTE
from bot.doses.wording import medicine, short
from scheduler.localtime import local


def what(_: Gettext, shown: ShownDose) -> Text:
    """A dose by its day, its time and its medicine."""
    return compose(
        "{day}, {time}, {name}",
        day=day_name(_, shown.dose.slot_date),
        time=clock(shown.dose.slot_time),
        name=medicine(_, shown),
    )


def moment(_: Gettext, at: datetime, zone: ZoneInfo, today: date) -> str:
    """An instant as the person's clock shows it, with its day when that is not today."""
    here = local(at, zone)
    return clock(here.time()) if here.date() == today else f"{day_name(_, here.date())}, {clock(here.time())}"


def _span(_: Gettext, span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return _("less than a minute")
    if minutes == 1:
        return _("1 minute")
    if minutes < 100:
        return _("{count} minutes").format(count=minutes)
    return _("{count} hours").format(count=round(minutes / 60))


# When it was really taken


def when(_: Gettext, shown: ShownDose) -> Text:
    return compose(_("{dose}. When did you take it?"), dose=what(_, shown))


def took_at_another_time(_: Gettext) -> str:
    return _("I took it at another time")


def on_time(_: Gettext, at: time) -> str:
    return _("On time, {time}").format(time=clock(at))


def just_now(_: Gettext) -> str:
    return _("Now")


def not_known(_: Gettext) -> str:
    return _("I don't know")


def which_one(_: Gettext) -> Text:
    return compose(_("Which one?"))


def ask_clock(_: Gettext, dose: str) -> Text:
    return compose(
        _("{dose}. At what time did you take it? For example “8:30” or “9:15pm”."), dose=said(dose)
    )


def not_a_clock(_: Gettext) -> str:
    return _("I need one time of the day.")


def which_clock(_: Gettext) -> Text:
    return compose(_("Which time do you mean?"))


def still_to_come(_: Gettext) -> str:
    return _("That time is still to come. I can only record what has been taken.")


def recorded_for(_: Gettext, at: str) -> str:
    return _("Recorded as taken: {time}.").format(time=at)


def recorded_untimed(_: Gettext) -> str:
    return _("Recorded as taken, without a time.")


# Is it another one?


def is_it_another(_: Gettext, name: Text, at: str, apart: timedelta, *, ago: bool) -> Text:
    """A dose of the same medicine is recorded near this one. It asks, and advises nothing."""
    if ago:
        return compose(
            _("You logged {name} {span} ago, at {time}. Is this another one?"),
            name=name,
            span=_span(_, apart),
            time=at,
        )
    return compose(
        _("You logged {name} at {time}, {span} from this. Is this another one?"),
        name=name,
        span=_span(_, apart),
        time=at,
    )


def the_same(_: Gettext) -> str:
    return _("It is the same one")


def the_one_for(_: Gettext, slot: str) -> str:
    return _("Another: the dose for {slot}").format(slot=slot)


def an_extra_one(_: Gettext) -> str:
    return _("Another: an extra dose")


def another_one(_: Gettext) -> str:
    return _("Another dose")


def one_more(_: Gettext) -> str:
    return _("I took one more")


def nothing_new(_: Gettext) -> str:
    return _("Then it is recorded already. Nothing was changed.")


def extra_recorded(_: Gettext) -> str:
    return _("Recorded as an extra dose. /undo takes it back.")


# As needed


def as_needed_heading(_: Gettext) -> Text:
    return bold(compose(_("As needed, by the limits you set")))


def as_needed_line(_: Gettext, name: Text, found: Check, at: str) -> Text:
    """What is left, before anything is tapped. `at`: the moment that the limits name."""
    match found:
        case Allowed(left):
            return compose(
                _("{name}: {left} left in 24 hours. After one now, the next from {time}."),
                name=name,
                left=left,
                time=at,
            )
        case TooSoon(left):
            return compose(
                _("{name}: the next from {time}, {left} left then."), name=name, left=left, time=at
            )
        case AtMaximum():
            return compose(_("{name}: none left for now, the next from {time}."), name=name, time=at)


def took_it(_: Gettext, name: str) -> str:
    return _("Took it: {name}").format(name=name)


def beyond_limits(_: Gettext, name: Text, found: Check, at: str) -> Text:
    """Before a dose beyond the person's own limits is recorded."""
    if isinstance(found, AtMaximum):
        why = compose(
            _("{name}: as many as your limit for 24 hours are recorded. The next is within it from {time}."),
            name=name,
            time=at,
        )
    else:
        why = compose(
            _("{name}: the shortest time between two that you set is not over before {time}."),
            name=name,
            time=at,
        )
    return paragraphs(why, _("If you have taken it, I can write it down. Record it anyway?"))


def record_anyway(_: Gettext) -> str:
    return _("Record it anyway")


# Other days


def earlier(_: Gettext) -> str:
    return _("Earlier days")


def day_button(_: Gettext, day: date, *, back: bool) -> str:
    return f"‹ {day_name(_, day)}" if back else f"{day_name(_, day)} ›"


def another_day(_: Gettext) -> str:
    return _("Another day")


def to_today(_: Gettext) -> str:
    return _("Today")


def day_heading(_: Gettext, day: date, today: date) -> Text:
    shown = day_name(_, day) if day.year == today.year else f"{day_name(_, day)} {day.year}"
    return bold(compose(_("Yesterday, {day}"), day=shown) if (today - day).days == 1 else compose(shown))


def nothing_that_day(_: Gettext) -> Text:
    return compose(_("No dose was planned for this day."))


def no_record(_: Gettext) -> str:
    return _("no record")


def record_slot(_: Gettext, when: str, name: str) -> str:
    return _("Record: {time} {name}").format(time=when, name=name).strip()


def ask_day(_: Gettext) -> Text:
    return compose(_("Which day? For example “yesterday”, “3 March” or “2026-03-01”."))


def not_a_past_day(_: Gettext) -> str:
    return _("I did not understand that as a day that is over. A month needs its name.")


# Moving


def move_doses(_: Gettext) -> str:
    return _("Move a dose")


def which_to_move(_: Gettext) -> Text:
    return compose(_("Which dose shall I move? It is for today only, the times of the other days stay."))


def whole_day(_: Gettext) -> str:
    return _("All of today's")


def move_where(_: Gettext, shown: ShownDose, first: str, last: str) -> Text:
    return compose(
        _("{dose}. When shall I remind you instead? From {first} to {last} it stays nearer to its own time."),
        dose=what(_, shown),
        first=first,
        last=last,
    )


def move_day_where(_: Gettext) -> Text:
    return compose(_("By how much shall I move what is left of today? The times of the other days stay."))


def ask_move(_: Gettext, dose: str, first: str, last: str) -> Text:
    return compose(
        _("{dose}. At what time shall I remind you instead? From {first} to {last}, for example “{first}”."),
        dose=said(dose),
        first=first,
        last=last,
    )


def by_hours(_: Gettext, hours: int) -> str:
    if abs(hours) == 1:
        return _("+1 hour") if hours > 0 else _("−1 hour")
    return _("{sign}{count} hours").format(sign="+" if hours > 0 else "−", count=abs(hours))


def to_another_time(_: Gettext) -> str:
    return _("Move to another time")


def another_time(_: Gettext) -> str:
    return _("Another time")


def outside(_: Gettext, first: str, last: str) -> str:
    return _("It can be moved to a time from {first} to {last}.").format(first=first, last=last)


def cannot_move(_: Gettext) -> str:
    return _("This dose cannot be moved any more: the next one is too near.")


def moved(_: Gettext, at: str, *, in_quiet: bool) -> str:
    if in_quiet:
        return _(
            "Moved to {time}. I'll ask then, with a sound although your quiet hours have begun by then."
        ).format(time=at)
    return _("Moved to {time}.").format(time=at)


def day_moved(_: Gettext, stayed: Sequence[str]) -> str:
    if stayed:
        return _("Moved. Too near to the next dose, so they stay: {doses}.").format(doses=", ".join(stayed))
    return _("Moved.")


# Notes


def add_note(_: Gettext) -> str:
    return _("Add a note")


def ask_note(_: Gettext, dose: str) -> Text:
    return compose(
        _("{dose}. What would you like to note? In your own words, up to {most} letters."),
        dose=said(dose),
        most=LONGEST_NOTE,
    )


def note_too_long(_: Gettext) -> str:
    return _("That is longer than a note can be. Could you say it in fewer words?")


def words_wanted(_: Gettext) -> str:
    return _("I can only keep words.")


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the two buttons.")


def is_side_effect(_: Gettext) -> Text:
    return compose(_("Is that a side effect that you noticed?"))


def yes_side_effect(_: Gettext) -> str:
    return _("Yes, a side effect")


def just_a_note(_: Gettext) -> str:
    return _("No, just a note")


def note_kept(_: Gettext, dose: str) -> Text:
    return compose(_("Written down with {dose}. /today and /report show it."), dose=said(dose))


def note_button(_: Gettext, words: str) -> str:
    """A note on a button; long words are cut here, never in the text."""
    return _("Note: {words}").format(words=short(words))


def noted(_: Gettext, words: str, *, side_effect: bool) -> Text:
    """One note on its page."""
    kind = _("A side effect that you noted:") if side_effect else _("Your note:")
    return paragraphs(kind, compose("“{words}”", words=said(words)))


def change_note(_: Gettext) -> str:
    return _("Change it")


def delete_note(_: Gettext) -> str:
    return _("Delete it")


def ask_note_anew(_: Gettext, words: str) -> Text:
    return paragraphs(
        compose(_("It says: “{words}”"), words=said(words)),
        compose(_("How shall it read? In your own words, up to {most} letters."), most=LONGEST_NOTE),
    )


def really_delete_note(_: Gettext, note: Text) -> Text:
    return paragraphs(
        note,
        _("Shall I delete it? It is then gone from your record, from reports and from exports."),
    )


def yes_delete_note(_: Gettext) -> str:
    return _("Yes, delete it")


def note_deleted(_: Gettext) -> str:
    return _("Deleted.")


def note_gone(_: Gettext) -> str:
    return _("That note is no longer there.")


def note_is_gone(_: Gettext) -> Text:
    return compose(note_gone(_))


def note_line(_: Gettext, words: str, *, side_effect: bool) -> Text:
    """The person's own words under their dose."""
    if side_effect:
        return compose("   {note}", note=compose(_("side effect: “{words}”"), words=said(words)))
    return compose("   “{words}”", words=said(words))


def with_notes(line: Text, notes: Sequence[Text]) -> Text:
    return lines(line, *notes)

"""Every sentence about medicines and clocks: which one each goes by, and what another one changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, day_name, described, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines
from bot.medicines import wording
from bot.medicines.travel import Change, Warned
from scheduler.localtime import local
from scheduler.timing import Planned, Timing

_DAYS_FROM = timedelta(days=4)


def clocks_button(_: Gettext) -> str:
    return _("Local or home time")


def after_travel(_: Gettext, zone: ZoneInfo) -> Text:
    return compose(
        _(
            "Here is what the clock of {place} changes for your medicines. Each of them can go by it, "
            "or keep the time of the place where you were."
        ),
        place=place_name(zone.key),
    )


def by_which_clock(_: Gettext) -> Text:
    return compose(
        _(
            "By which clock does each medicine go? By the clock of where you are, or by the time of a place "
            "that it keeps wherever you are."
        )
    )


def numbered(_: Gettext, number: int) -> str:
    """What a medicine is called when its name is kept back: its place in /meds."""
    return _("Medicine {number}").format(number=number)


def follows(
    _: Gettext, title: Text, change: Change, old: ZoneInfo, new: ZoneInfo, now: datetime, day_ends: time
) -> Text:
    """A medicine that follows the person: its next dose by the old clock, and by the new one."""
    return lines(
        bold(title),
        _by_old(_, change.before, old, new),
        *(_kept(_, kept, new, day_ends) for kept in change.kept if kept.due_at > now),
        _by_new(_, change.after, new, now, day_ends),
        _warning(_, change, old),
    )


def next_step(
    _: Gettext, since: date, first: Change, old: ZoneInfo, new: ZoneInfo, now: datetime, day_ends: time
) -> Text:
    """The first dose of the step of a plan that begins soon, by the old clock and by the new one."""
    return lines(
        compose(_("From {day} on the plan has its next step. Its first dose:"), day=day_name(_, since)),
        _by_old(_, first.before, old, new),
        _by_new(_, first.after, new, now, day_ends),
    )


def _by_old(_: Gettext, before: Planned | None, old: ZoneInfo, here: ZoneInfo) -> Text:
    if before is None:
        return Text("")
    return compose(
        _("By {place} time: {when} here"), place=place_name(old.key), when=_shown(_, before.due_at, here)
    )


def _by_new(_: Gettext, after: Planned | None, new: ZoneInfo, now: datetime, day_ends: time) -> Text:
    place = place_name(new.key)
    if after is None:
        return compose(_("By {place} time, as it is now: no dose is to come"), place=place)
    when = bold(wording.moment(_, after, new, day_ends))
    if after.due_at <= now:
        return compose(
            _("By {place} time, as it is now: {when}. That has just passed, I still ask for it"),
            place=place,
            when=when,
        )
    return compose(_("By {place} time, as it is now: {when}"), place=place, when=when)


def _kept(_: Gettext, kept: Planned, new: ZoneInfo, day_ends: time) -> Text:
    return compose(
        _("You already had {slot}, by the other clock: it does not come a second time"),
        slot=wording.moment(_, kept, new, day_ends),
    )


def _warning(_: Gettext, change: Change, old: ZoneInfo) -> Text:
    told = _sooner_or_later(_, change)
    if not told.plain:
        return told
    return lines(told, compose(_("The medicine can also keep {place} time."), place=place_name(old.key)))


def _sooner_or_later(_: Gettext, change: Change) -> Text:
    if change.warning is None or change.gap is None or change.usual is None:
        return Text("")
    template = {
        Warned.SHORT: _("The next dose comes sooner: {gap} after the one before, where {usual} are usual."),
        Warned.LONG: _("The next dose comes later: {gap} after the one before, where {usual} are usual."),
    }[change.warning]
    return lines(
        compose(template, gap=duration(_, change.gap), usual=duration(_, change.usual)),
        _("A pharmacist or your prescriber can say what is right."),
    )


def after_day_end(_: Gettext) -> Text:
    return compose(_("This is what it changes for your medicines:"))


def by_another_day(_: Gettext, title: Text, change: Change, zone: ZoneInfo, ends: tuple[time, time]) -> Text:
    """What another end of the day changes for a medicine; empty when nothing does."""
    old, new = ends
    before, then = change.before, change.after
    if before is None or then is None or before == then:
        return Text("")
    if before.due_at == then.due_at:
        told = _("Next: {when}. It counts to {day} now, not to {before}")
        days = {"day": day_name(_, then.slot.day), "before": day_name(_, before.slot.day)}
        return lines(bold(title), compose(told, when=bold(wording.moment(_, then, zone, new)), **days))
    return lines(
        bold(title),
        compose(_("Before: {when}"), when=wording.moment(_, before, zone, old)),
        compose(_("Now: {when}"), when=bold(wording.moment(_, then, zone, new))),
        *(
            compose(
                _("You already had the dose of {day}: it does not come a second time"),
                day=day_name(_, each.slot.day),
            )
            for each in change.kept
        ),
        _sooner_or_later(_, change),
    )


def goes_along(_: Gettext, title: Text, timing: Timing) -> Text:
    """A medicine that follows the person, who is where they were."""
    return lines(
        bold(title),
        compose(_("{timing}, by the clock of where you are"), timing=_capital(described(_, timing))),
    )


def keeps(
    _: Gettext, title: Text, timing: Timing, home: ZoneInfo, upcoming: Planned | None, here: ZoneInfo
) -> Text:
    """A medicine that keeps the time of a place."""
    told = _("{timing}. It keeps {place} time wherever you are")
    return lines(
        bold(title),
        compose(told, timing=_capital(described(_, timing)), place=place_name(home.key)),
        _next_here(_, upcoming, here),
    )


def goes_on(_: Gettext, title: Text, timing: Timing, upcoming: Planned | None, here: ZoneInfo) -> Text:
    """A medicine whose hours go on, wherever the person is."""
    told = _("{timing}. The hours go on wherever you are")
    return lines(
        bold(title), compose(told, timing=_capital(described(_, timing))), _next_here(_, upcoming, here)
    )


def _next_here(_: Gettext, upcoming: Planned | None, here: ZoneInfo) -> Text:
    if upcoming is None:
        return Text("")
    return compose(_("Next: {when} here"), when=bold(_shown(_, upcoming.due_at, here)))


def _shown(_: Gettext, moment: datetime, here: ZoneInfo) -> str:
    """What calendar and clock show here at a moment."""
    real = local(moment, here)
    return f"{day_name(_, real.date())}, {clock(real.time())}"


def _capital(words: Text) -> str:
    return words.plain[:1].upper() + words.plain[1:]


def duration(_: Gettext, span: timedelta) -> str:
    """A gap between doses: "18 hours", "about 18 hours", "7 days"."""
    if span >= _DAYS_FROM:
        return _("{count} days").format(count=round(span / timedelta(days=1)))
    hours = round(span / timedelta(hours=1))
    return (_("{count} hours") if span == timedelta(hours=hours) else _("about {count} hours")).format(
        count=hours
    )


def my_medicines(_: Gettext) -> str:
    return _("My medicines")


def go_local(_: Gettext, title: Text) -> str:
    return _("Local time: {name}").format(name=title.plain)


def keep_home(_: Gettext, title: Text, place: str) -> str:
    return _("{place} time: {name}").format(name=title.plain, place=place_name(place))


def follows_now(_: Gettext) -> str:
    return _("It goes by the clock of where you are now.")


def keeps_now(_: Gettext, place: str) -> str:
    return _("It keeps {place} time now.").format(place=place_name(place))


def no_clock(_: Gettext) -> Text:
    return compose(_("You have no medicine here that goes by a clock."))

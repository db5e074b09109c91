"""Every sentence about doses."""

from collections.abc import Sequence
from datetime import date, time

from bot.conversation.calendar import clock, day_name, weekday
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, chained, compose, lines, paragraphs, said
from bot.doses.book import ShownDose
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState, SkipReason


def medicine(_: Gettext, shown: ShownDose) -> Text:
    """A medicine and its amount; in discreet mode only its number in /meds."""
    return named(_, shown.name, shown.amount, shown.number)


def named(_: Gettext, name: str, amount: str, number: int) -> Text:
    """The same, by its words; without a name by its number."""
    if not name:
        return compose(numbered(_, number))
    if not amount:
        return bold(said(name))
    return chained(bold(said(name)), ", ", said(amount))


_UNRECORDED = frozenset({DoseState.MISSED, DoseState.UNKNOWN})


def card(
    _: Gettext, doses: Sequence[ShownDose], today: date, *, late: bool, repeat: bool, more: int = 0
) -> Text:
    """A reminder: its slot, each medicine, and where each stands. `more` counts earlier ones not listed."""
    first = next((shown for shown in doses if shown.dose.state is DoseState.OPEN), doses[-1])
    slot = _slot(_, first, doses)
    if all(shown.dose.state is not DoseState.OPEN or _is_put_elsewhere(shown) for shown in doses):
        heading = slot
    elif late:
        heading = compose(_("This reminder is late. It was for {slot}"), slot=slot)
    elif repeat:
        heading = compose(_("Still open: {slot}"), slot=slot)
    else:
        heading = compose(_("Time for {slot}"), slot=slot)
    several_days = len({shown.day for shown in doses}) > 1
    several_slots = several_days or len({(shown.dose.slot_time, shown.place) for shown in doses}) > 1
    listed = [_card_line(_, shown, with_day=several_days, with_slot=several_slots) for shown in doses]
    unrecorded = any(shown.dose.state in _UNRECORDED for shown in doses)
    return paragraphs(lines(heading, *listed, earlier_ones(_, more)), dont_double(_) if unrecorded else "")


def _is_put_elsewhere(shown: ShownDose) -> bool:
    """True for a dose that was moved and has not been asked for at its new time."""
    return shown.moved_to is not None and not shown.dose.asked


def _slot(_: Gettext, first: ShownDose, doses: Sequence[ShownDose]) -> Text:
    """The slot in the heading; the time that it was moved to, once that has come."""
    day = day_name(_, first.day)
    if first.moved_to is None or not first.dose.asked or len(doses) > 1:
        return bold(f"{day}, {at(_, first)}")
    other_day = first.moved_to.date() != first.day
    was = f"{day}, {at(_, first)}" if other_day else at(_, first)
    moved = compose(_("(moved from {time})"), time=was)
    return bold(f"{day_name(_, first.moved_to.date())}, {clock(first.moved_to.time())}") + " " + moved


def _card_line(_: Gettext, shown: ShownDose, *, with_day: bool, with_slot: bool) -> Text:
    name = medicine(_, shown)
    if with_slot:
        name = compose("{time} {name}", time=at(_, shown), name=name)
    if with_day:
        name = compose("{day}, {name}", day=day_name(_, shown.day), name=name)
    state = state_of(_, shown)
    return chained(mark(shown.dose.state), " ", name, f": {state}" if state else "")


def at(_: Gettext, shown: ShownDose) -> str:
    """The time that names a slot, and whose clock shows it where that is not the person's own."""
    time = clock(shown.dose.slot_time)
    return _("{time} {place} time").format(time=time, place=shown.place) if shown.place else time


_MARKS = {
    DoseState.OPEN: "○",
    DoseState.TAKEN: "✓",
    DoseState.SKIPPED: "–",
    DoseState.MISSED: "·",
    DoseState.UNKNOWN: "·",
    DoseState.WITHDRAWN: "–",
}


def mark(state: DoseState) -> str:
    """The sign in front of a dose; words say the same beside it."""
    return _MARKS[state]


def is_blank(dose: Dose) -> bool:
    """True for the row of a dose that was planned before we were there, as long as nothing is known of it."""
    return dose.state is DoseState.WITHDRAWN and dose.ended_at is None


def state_of(_: Gettext, shown: ShownDose) -> str:
    """Where a dose stands, in a few words; empty while it is open."""
    dose = shown.dose
    if dose.state is DoseState.TAKEN:
        return taken_state(_, shown) + _by_whom(_, shown)
    if dose.state is DoseState.SKIPPED:
        return _("skipped ({reason})").format(reason=reason_name(_, dose.reason))
    if dose.state is DoseState.OPEN:
        return _open_state(_, shown)
    if is_blank(dose):
        return _("no record")
    if shown.retimed:
        return _("times changed")
    return {
        DoseState.MISSED: _("not recorded"),
        DoseState.UNKNOWN: _("asked, but no answer could reach me") if dose.reached else _("I could not ask"),
        DoseState.WITHDRAWN: _("no longer planned"),
    }.get(dose.state, "")


def _open_state(_: Gettext, shown: ShownDose) -> str:
    if shown.snoozed_until is not None:
        return _("later, at {time}").format(time=clock(shown.snoozed_until))
    if shown.moved_to is not None and _is_put_elsewhere(shown):
        to = clock(shown.moved_to.time())
        other_day = shown.moved_to.date() != shown.day
        to = f"{day_name(_, shown.moved_to.date())}, {to}" if other_day else to
        return _("moved to {time}").format(time=to)
    return ""


def taken_state(_: Gettext, shown: ShownDose) -> str:
    extra = shown.dose.kind is DoseKind.EXTRA
    if shown.taken_at is None:
        return _("extra, taken") if extra else _("taken")
    if shown.taken_on is not None:
        return _("taken on {day} at {time}").format(
            day=day_name(_, shown.taken_on), time=clock(shown.taken_at)
        )
    if extra:
        return _("extra, taken at {time}").format(time=clock(shown.taken_at))
    return _("taken at {time}").format(time=clock(shown.taken_at))


def _by_whom(_: Gettext, shown: ShownDose) -> str:
    if shown.recorded_by is None:
        return ""
    return _(", recorded by {name}").format(name=helper(_, shown.recorded_by))


def helper(_: Gettext, name: str) -> str:
    """Somebody who recorded a dose for the person, as the platform calls them."""
    return said(name).plain if name else _("your caregiver")


def reason_name(_: Gettext, reason: SkipReason | None) -> str:
    return {
        SkipReason.SIDE_EFFECTS: _("side effects"),
        SkipReason.RAN_OUT: _("ran out"),
        SkipReason.FELT_WELL: _("felt well"),
        SkipReason.ADVISED: _("doctor said so"),
        SkipReason.OTHER: _("another reason"),
        None: _("no reason given"),
    }[reason]


def skipped_advice(_: Gettext, reason: SkipReason) -> str:
    """What the toast says after a skip. Never advice on restarting or changing."""
    if reason is SkipReason.RAN_OUT:
        return _("Recorded. A pharmacist can often help when a medicine has run out.")
    if reason is SkipReason.SIDE_EFFECTS:
        return _("Recorded. Your prescriber or pharmacist would want to know about side effects.")
    if reason is SkipReason.FELT_WELL:
        return _(
            "Recorded. Please talk with your prescriber before stopping a medicine, also when you feel well."
        )
    return _("Recorded.")


def undelivered(_: Gettext, doses: Sequence[ShownDose], earlier: int = 0, *, calm: bool = False) -> Text:
    """What could not be asked for, once, after an outage. `earlier` counts those not listed.

    `calm`: after a crisis and in a low week nothing speaks of streaks.
    """
    return paragraphs(
        lines(
            _("I was away, or could not reach you, for these:"),
            *(
                compose(
                    "· {day} {time} {name}",
                    day=day_name(_, shown.day),
                    time=at(_, shown),
                    name=medicine(_, shown),
                )
                for shown in doses
            ),
            earlier_ones(_, earlier),
        ),
        dont_double(_),
        _("/today lets you record what you took, on any day.")
        if calm
        else _("Your streak is not touched. /today lets you record what you took, on any day."),
    )


def earlier_ones(_: Gettext, count: int) -> Text:
    """How many there are that a list leaves out; nothing where there are none."""
    return compose(_("and {count} earlier ones"), count=count) if count else compose("")


def dont_double(_: Gettext) -> str:
    """The fixed text on doses that were not taken; national advice differs, so it gives none of its own."""
    return _(
        "Don't take two doses to make up for it. Your leaflet, pharmacist or prescriber can say "
        "whether to take it late or skip it."
    )


def taken(_: Gettext) -> str:
    return _("Taken")


def all_taken(_: Gettext) -> str:
    return _("All taken")


def snooze(_: Gettext) -> str:
    return _("Snooze")


def skip(_: Gettext) -> str:
    return _("Skip")


def back(_: Gettext) -> str:
    return _("Back")


def taken_one(_: Gettext, shown: ShownDose, slot: str = "") -> str:
    """The label of one of several doses' buttons; a name is cut here, never in the text."""
    return _("Taken: {name}").format(name=_one_of_several(_, shown, slot))


def numbered(_: Gettext, number: int) -> str:
    """What a medicine is called on a button when its name is kept back."""
    return _("medicine {number}").format(number=number)


def skip_one(_: Gettext, shown: ShownDose, slot: str = "") -> str:
    return _("Skip: {name}").format(name=_one_of_several(_, shown, slot))


def _one_of_several(_: Gettext, shown: ShownDose, slot: str) -> str:
    """What a dose is called on a button, with its slot where the name does not tell it from another one."""
    name = short(shown.name or numbered(_, shown.number))
    return f"{slot} {name}" if slot else name


def short(name: str) -> str:
    plain = said(name).plain
    return plain if len(plain) <= 26 else plain[:24] + "…\u2069"


def snooze_label(_: Gettext, kind: str) -> str:
    return {"15": _("15 minutes"), "60": _("1 hour"), "tonight": _("Tonight, 20:00")}[kind]


def why_skip(_: Gettext) -> Text:
    return compose(_("What is the reason? It is only for your own record."))


def recorded_at(_: Gettext, at: time) -> str:
    return _("Recorded at {time}.").format(time=clock(at))


def already_taken(_: Gettext, at: time) -> str:
    return _(
        "Already recorded at {time}. If you may have taken it twice, ask a pharmacist or the poison line. "
        "/today lets you correct it."
    ).format(time=clock(at))


def already_skipped(_: Gettext, at: time) -> str:
    return _("Already recorded as skipped at {time}. /today lets you correct it.").format(time=clock(at))


def has_closed(_: Gettext) -> str:
    return _("This reminder has closed. /today lets you record what you took, on any day.")


def no_longer_planned(_: Gettext) -> str:
    return _("This dose is no longer planned, so nothing was recorded.")


def snoozed(_: Gettext, at: time, *, in_quiet: bool) -> str:
    if in_quiet:
        return _(
            "I'll ask again at {time}, with a sound although your quiet hours have begun by then."
        ).format(time=clock(at))
    return _("I'll ask again at {time}.").format(time=clock(at))


def no_snooze(_: Gettext) -> str:
    return _("The next dose is too near to put this one off.")


def within_day(_: Gettext, shown: ShownDose) -> str:
    """A slot under the name of its own day, with its weekday in the night that the calendar counts to the next."""
    if shown.day == shown.dose.slot_date:
        return at(_, shown)
    return f"{weekday(_, shown.day.weekday())} {at(_, shown)}"


def slot_label(_: Gettext, shown: ShownDose, today: date) -> str:
    """A slot on a button: "08:00", or "Mon 21:00" when it is not today's."""
    if shown.dose.slot_date == today:
        return within_day(_, shown)
    return f"{weekday(_, shown.day.weekday())} {at(_, shown)}"


def taken_back(_: Gettext) -> Text:
    return compose(_("This message is no longer needed."))


def today_summary(_: Gettext) -> str:
    return _("today's doses: record, correct")


def undo_summary(_: Gettext) -> str:
    return _("take the last answer back")


def streak_summary(_: Gettext) -> str:
    return _("your streak and the last four weeks")

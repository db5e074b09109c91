"""Every sentence of the visit summary."""

from collections.abc import Sequence
from datetime import date

from bot.conversation.calendar import clock, day_count, described, full_date
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, as_text, bold, compose, lines, said
from bot.reports.rules import Appointment, Change, ChangeKind, Medicine, Note, Noticed, Result, Said, Version
from storage.adherence import Adherence, Share
from storage.vocabulary import NoteKind


def title(_: Gettext) -> str:
    return _("Visit summary")


def period(_: Gettext, first: date, last: date, days: int) -> str:
    return _("{first} to {last}, {days} days").format(
        first=full_date(_, first), last=full_date(_, last), days=days
    )


def about(_: Gettext, *, named: bool, others: bool) -> list[str]:
    """Whose words these are, and what they are not. `others`: some of it others said or recorded."""
    whose = _("The person recorded this themself, with the program Evenkeel.")
    if others:
        whose = _(
            "The person recorded this themself, with the program Evenkeel, but for what stands under “{others}”."
        ).format(others=others_title(_))
    said_of_names = [] if named else [_("Names and amounts of the medicines are left out.")]
    return [
        f"{whose} " + _("It is no diagnosis. No clinician has reviewed the program."),
        *said_of_names,
    ]


def appointment(_: Gettext, planned: Appointment) -> Text:
    when = full_date(_, planned.on) + (f", {clock(planned.at)}" if planned.at else "")
    if not planned.who:
        return compose(_("Next appointment: {when}"), when=when)
    return compose(_("Next appointment: {when}, {who}"), when=when, who=said(planned.who))


def more(_: Gettext) -> str:
    """For what there was no room for; the number is filled in by whoever cuts."""
    return _("and {count} more")


def shortened(_: Gettext) -> str:
    """What stands at the end of an entry that was too long for the page."""
    return _("… (shortened here)")


def unshown(_: Gettext) -> str:
    """What the page says when its letters lack some that were written."""
    return _("□ stands for a letter that this page cannot show. The message in the chat has it.")


def questions_title(_: Gettext) -> str:
    return _("Questions to ask")


def no_questions(_: Gettext) -> str:
    return _("none written down")


def medicines_title(_: Gettext) -> str:
    return _("Medicines")


def medicines_note(_: Gettext) -> str:
    return _("The dates are the days on which something was written down here.")


def no_medicines(_: Gettext) -> str:
    return _("none written down")


def name_of(_: Gettext, number: int, name: str | None) -> Text:
    """A medicine by its name; by its number where no name is to be shown."""
    return said(name) if name is not None else compose(_("medicine {number}"), number=number)


def medicine(_: Gettext, one: Medicine, *, named: bool) -> Text:
    """One line of the history: what, how much, when, from which day to which."""
    what = bold(name_of(_, one.number, one.name if named else None))
    if named and one.amount:
        what = compose("{name}, {amount}", name=what, amount=said(one.amount))
    since = full_date(_, one.since)
    if one.until is not None:
        template = _("{medicine}: {timing}; from {since} to {until}")
    elif one.paused:
        template = _("{medicine}: {timing}; from {since}, paused now")
    else:
        template = _("{medicine}: {timing}; from {since} until now")
    until = full_date(_, one.until) if one.until is not None else ""
    history = compose(template, medicine=what, timing=described(_, one.timing), since=since, until=until)
    if one.amount_since == one.since:
        return history
    return history + compose(_(", this amount since {day}"), day=full_date(_, one.amount_since))


def changes_title(_: Gettext) -> str:
    return _("Changes of medicines and doses")


def change(_: Gettext, one: Change, name: Text, *, named: bool) -> Text:
    """One change, with its day."""
    return compose("{day}: {what}", day=full_date(_, one.on), what=_changed(_, one, name, named=named))


def _changed(_: Gettext, one: Change, name: Text, *, named: bool) -> Text:
    match one.kind:
        case ChangeKind.DECLARED:
            return compose(_("a dose or a medicine changed, as the person said"))
        case ChangeKind.STOPPED:
            return compose(_("{medicine} stopped"), medicine=name)
        case ChangeKind.ADDED:
            return compose(_("{medicine} recorded for the first time"), medicine=name)
    if one.before is None or one.after is None:
        return name
    return _edited(_, one.kind, one.before, one.after, name, named=named)


def _edited(
    _: Gettext, kind: ChangeKind, before: Version, after: Version, name: Text, *, named: bool
) -> Text:
    if kind is ChangeKind.TIMES:
        return compose(
            _("{medicine} changed from {before} to {after}"),
            medicine=name,
            before=described(_, before.timing),
            after=described(_, after.timing),
        )
    if kind is ChangeKind.AMOUNT:
        if not named:
            return compose(_("the amount of {medicine} changed"), medicine=name)
        return compose(
            _("{medicine} changed from {before} to {after}"),
            medicine=name,
            before=_amount(_, before),
            after=_amount(_, after),
        )
    if not named:
        return compose(_("{medicine} got another name"), medicine=name)
    return compose(_("{before} is now called {after}"), before=said(before.name), after=said(after.name))


def _amount(_: Gettext, version: Version) -> Text:
    return said(version.amount) if version.amount else compose(_("no amount"))


def none_in_period(_: Gettext) -> str:
    return _("none in this period")


def doses_title(_: Gettext, days: int) -> str:
    return _("Doses, last {days} days").format(days=days)


def all_medicines(_: Gettext) -> Text:
    return compose(_("All medicines"))


def figure_names(_: Gettext) -> list[str]:
    """The heads of the columns, each with its definition in `figures_note`."""
    return [_("Doses taken"), _("Full days"), _("In time"), _("Longest gap"), _("Unknown")]


def figures(_: Gettext, found: Adherence) -> list[str]:
    """One row of the table, in the order of the heads."""
    return [
        share(_, found.taking),
        share(_, found.correct_dosing),
        _timing(_, found),
        _gap(_, found),
        str(found.unknown),
    ]


def figures_in_words(_: Gettext, name: Text, found: Adherence) -> Text:
    """The same row as a sentence."""
    return _planned_in_words(_, name, found) + _beyond(_, found)


def _beyond(_: Gettext, found: Adherence) -> str:
    """What was taken as needed, and beyond the plan; nothing where there is none."""
    wanted = _("; as needed {count}").format(count=found.as_needed) if found.as_needed else ""
    return wanted + (_("; extra doses {count}").format(count=found.over_use) if found.over_use else "")


def _planned_in_words(_: Gettext, name: Text, found: Adherence) -> Text:
    if not found.taking.of and not found.unknown:
        return compose(_("{medicine}: no doses due"), medicine=name)
    return compose(
        _(
            "{medicine}: doses taken {taking}; full days {correct}; in time {timing}; longest gap {gap}; "
            "unknown {unknown}"
        ),
        medicine=name,
        taking=share(_, found.taking),
        correct=share(_, found.correct_dosing),
        timing=_timing(_, found),
        gap=_gap(_, found),
        unknown=found.unknown,
    )


def _timing(_: Gettext, found: Adherence) -> str:
    if not found.timing.of and found.taking.of:
        return _("none taken") if not found.taking.part else _("not known")
    return share(_, found.timing)


def _gap(_: Gettext, found: Adherence) -> str:
    """Without a day on which a dose was known to be taken or not there is none to measure."""
    return day_count(_, found.longest_gap) if found.correct_dosing.of else _no_figure(_)


def share(_: Gettext, part: Share) -> str:
    """So many of so many, with the percentage; nothing counts where nothing was due."""
    if part.percent is None:
        return _no_figure(_)
    return _("{part} of {of} ({percent} %)").format(part=part.part, of=part.of, percent=part.percent)


def _no_figure(_: Gettext) -> str:
    return _("no doses due")


def figures_note(_: Gettext, found: Adherence) -> str:
    """The definition of every figure."""
    definitions = _(
        "Doses taken: of the doses due. Full days: days with every dose taken, of the days with doses due. "
        "In time: from two hours before to four hours after a dose was due (less when the next one is near, "
        "more when the person put it off), of the doses taken at a known time. Longest gap: days in a row with "
        "doses due and none taken. Unknown: the program could not ask for them, or no answer could reach it; "
        "they count nowhere else. Left out: doses skipped on a doctor's word, withdrawn by a pause or an edit, "
        "or still open, and medicines taken as needed."
    )
    untimed = (
        _("Of {count} doses taken the time is not known.").format(count=found.untimed)
        if found.untimed
        else ""
    )
    over = (
        _(
            "Taken beyond the plan or beyond the person's own limits, and counted nowhere else: {count}."
        ).format(count=found.over_use)
        if found.over_use
        else ""
    )
    wanted = (
        _("Taken as needed, within those limits: {count}.").format(count=found.as_needed)
        if found.as_needed
        else ""
    )
    return " ".join(filter(None, (definitions, untimed, over, wanted)))


def mood_title(_: Gettext, days: int) -> str:
    return _("Mood, last {days} days").format(days=days)


def mood_note(_: Gettext, answered: int, days: int) -> str:
    return _(
        "Check-ins on {answered} of {days} days; the others are left open, not guessed. From 0 to 10, "
        "higher is heavier: the mean of “down” and “little interest or pleasure”, or the one tap of the short form."
    ).format(answered=answered, days=days)


def no_mood(_: Gettext) -> str:
    return _("No check-in in this period.")


def mood_week(_: Gettext, first: date, scores: Sequence[float | None]) -> Text:
    """Seven days in a row; a day without an answer is a dash."""
    told = ", ".join("–" if score is None else f"{score:g}" for score in scores)
    return compose(_("from {day}: {scores}"), day=full_date(_, first), scores=told)


def heavier(_: Gettext) -> str:
    return _("heavier")


def lighter(_: Gettext) -> str:
    return _("lighter")


def legend(_: Gettext) -> dict[str, str]:
    """What the marks of the chart mean."""
    return {
        "marked": _("a dose or a medicine changed"),
        "bare": _("doses were due, none was taken"),
        "results": _("sum of a questionnaire"),
    }


def marks_note(_: Gettext) -> str:
    return _("The marks are about medicines for the mood.")


def bare_title(_: Gettext) -> str:
    return _("Days with doses due and none taken")


def results_title(_: Gettext) -> str:
    return _("Questionnaires")


def result(_: Gettext, one: Result) -> Text:
    if one.highest is None:
        template = _("{day}: {name}, sum {total}")
    else:
        template = _("{day}: {name}, sum {total} of {highest}")
    return compose(
        template, day=full_date(_, one.on), name=one.name, total=one.total, highest=one.highest or 0
    )


def side_effects_title(_: Gettext) -> str:
    return _("Doses skipped because of side effects")


def side_effect(_: Gettext, on: date, name: Text) -> Text:
    return compose("{day}: {medicine}", day=full_date(_, on), medicine=name)


def notes_title(_: Gettext) -> str:
    return _("Notes with doses, in the person's own words")


def note(_: Gettext, one: Note, name: Text) -> Text:
    """The person's own words, as theirs."""
    template = (
        _("{day}, {medicine}, side effect: “{words}”")
        if one.kind is NoteKind.SIDE_EFFECT
        else "{day}, {medicine}: “{words}”"
    )
    return compose(template, day=full_date(_, one.on), medicine=name, words=said(one.words))


def others_title(_: Gettext) -> str:
    return _("Said and recorded by others")


def said_by(_: Gettext, one: Said) -> Text:
    """A caregiver's words, as theirs."""
    template = _("{day}, said by {name}: “{words}”")
    return compose(template, day=full_date(_, one.on), name=_other(_, one.by), words=said(one.words))


def recorded_by(_: Gettext, name: str, count: int) -> Text:
    template = (
        _("1 dose was recorded by {name}") if count == 1 else _("{count} doses were recorded by {name}")
    )
    return compose(template, name=_other(_, name), count=count)


def _other(_: Gettext, name: str) -> Text:
    return said(name) if name else as_text(_("a caregiver"))


def none_recorded(_: Gettext) -> str:
    return _("none recorded")


def notices_title(_: Gettext) -> str:
    return _("What the program noticed")


def notices_note(_: Gettext) -> str:
    return _("Found by fixed rules in the check-ins. They are often wrong.")


def notice(_: Gettext, one: Noticed) -> Text:
    """One line about a notice, with its day."""
    what = {
        "watch": _("mood lower than usual on several days"),
        "concern": _("mood lower than usual on most days of a week"),
        "confirmed": _("mood lower than usual, and it lasts"),
        "cleared": _("mood near the usual again"),
        "two_missed_days": _("two days in a row with no dose recorded"),
        "not_enough_checkins": _("too few check-ins to see a pattern"),
        "restless": _("more restless than usual"),
        "baseline": _("enough check-ins to know what is usual"),
    }.get(one.kind, _("a notice"))
    beside = {
        "breakthrough": _("the dose was stable and recorded as taken"),
        "missed_doses": _("some doses were not recorded as taken"),
        "dose_change": _("a dose or a medicine changed in the six weeks before"),
        "inadequate_response": _("no three good weeks on this dose yet"),
        "unknown_adherence": _("too little is known about the doses"),
        "short_dip": _("it passed within two weeks"),
    }.get(one.pattern or "")
    if beside is None:
        return compose("{day}: {what}", day=full_date(_, one.on), what=what)
    return compose("{day}: {what}; {beside}", day=full_date(_, one.on), what=what, beside=beside)


def ask_names(_: Gettext) -> Text:
    """In discreet mode: shall the page name the medicines?"""
    return lines(
        bold(title(_)),
        _("Discreet mode is on. Shall this summary name your medicines and their amounts?"),
    )


def with_names(_: Gettext) -> str:
    return _("With names")


def without_names(_: Gettext) -> str:
    return _("Without names")


def as_picture(_: Gettext, day: date) -> Text:
    return as_text(_("Visit summary of {day} on one page.").format(day=full_date(_, day)))


def as_file(_: Gettext, day: date) -> Text:
    return as_text(
        _("Visit summary of {day}, to print or to pass on. Whoever has the file can read it.").format(
            day=full_date(_, day)
        )
    )


def summary(_: Gettext) -> str:
    return _("one page for your appointment, as a file")

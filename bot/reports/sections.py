"""The parts of a visit summary in words; the text and the page are both made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.calendar import full_date
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, as_text, said
from bot.reports import wording
from bot.reports.rules import Summary
from storage.adherence import PERIOD_DAYS

WEEK = 7


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list. `note` defines what it says; `empty` stands where there are no entries."""

    title: str
    entries: tuple[Text, ...]
    note: str = ""
    empty: str = ""


def questions(_: Gettext, summary: Summary) -> Section:
    return Section(
        wording.questions_title(_),
        tuple(map(said, summary.questions)),
        empty=wording.no_questions(_),
    )


def medicines(_: Gettext, summary: Summary) -> Section:
    return Section(
        wording.medicines_title(_),
        tuple(wording.medicine(_, each, named=summary.named) for each in summary.medicines),
        wording.medicines_note(_) if summary.medicines else "",
        wording.no_medicines(_),
    )


def changes(_: Gettext, summary: Summary) -> Section:
    names = _names(_, summary)
    return Section(
        wording.changes_title(_),
        tuple(
            wording.change(_, each, names.get(each.number, Text("")), named=summary.named)
            for each in summary.changes
        ),
        empty=wording.none_in_period(_),
    )


def doses(_: Gettext, summary: Summary) -> Section:
    """The figures as sentences."""
    rows = [
        wording.figures_in_words(_, name, each.adherence)
        for name, each in zip(figure_rows(_, summary), summary.figures, strict=True)
    ]
    return Section(wording.doses_title(_, PERIOD_DAYS), tuple(rows), figures_note(_, summary))


def figure_rows(_: Gettext, summary: Summary) -> list[Text]:
    """What the rows of the figures are about."""
    names = _names(_, summary)
    return [
        wording.all_medicines(_) if each.number is None else names[each.number] for each in summary.figures
    ]


def figures_note(_: Gettext, summary: Summary) -> str:
    return wording.figures_note(_, summary.figures[0].adherence)


def mood(_: Gettext, summary: Summary) -> Section:
    """The days, seven in a row, the newest seven first; seven without an answer are left out."""
    days = summary.mood
    weeks = [days[max(end - WEEK, 0) : end] for end in range(len(days), 0, -WEEK)]
    told = [
        wording.mood_week(_, week[0][0], [score for _day, score in week])
        for week in weeks
        if any(score is not None for _day, score in week)
    ]
    answered = answered_days(summary)
    return Section(
        wording.mood_title(_, len(days)),
        tuple(told),
        wording.mood_note(_, answered, len(days)) if answered else "",
        wording.no_mood(_),
    )


def answered_days(summary: Summary) -> int:
    return sum(score is not None for _day, score in summary.mood)


def bare(_: Gettext, summary: Summary) -> Section:
    return Section(
        wording.bare_title(_),
        tuple(_day(_, day) for day in reversed(summary.bare)),
        wording.marks_note(_) if summary.bare else "",
        wording.none_recorded(_),
    )


def results(_: Gettext, summary: Summary) -> Section:
    return Section(
        wording.results_title(_),
        tuple(wording.result(_, each) for each in summary.results),
        empty=wording.none_in_period(_),
    )


def side_effects(_: Gettext, summary: Summary) -> Section:
    names = _names(_, summary)
    return Section(
        wording.side_effects_title(_),
        tuple(wording.side_effect(_, day, names[number]) for day, number in summary.side_effects),
        empty=wording.none_recorded(_),
    )


def notes(_: Gettext, summary: Summary) -> Section:
    """What the person wrote down with doses, as their own words."""
    names = _names(_, summary)
    return Section(
        wording.notes_title(_),
        tuple(wording.note(_, each, names[each.number]) for each in summary.notes),
        empty=wording.none_recorded(_),
    )


def others(_: Gettext, summary: Summary) -> Section:
    """What others said and recorded: theirs, and named as theirs."""
    recorded = (wording.recorded_by(_, name, count) for name, count in summary.recorded)
    said_by = (wording.said_by(_, each) for each in summary.said)
    return Section(wording.others_title(_), (*recorded, *said_by))


def notices(_: Gettext, summary: Summary) -> Section:
    return Section(
        wording.notices_title(_),
        tuple(wording.notice(_, each) for each in summary.notices),
        wording.notices_note(_) if summary.notices else "",
        wording.none_in_period(_),
    )


def _day(_: Gettext, day: date) -> Text:
    return as_text(full_date(_, day))


def _names(_: Gettext, summary: Summary) -> Mapping[int, Text]:
    """Each medicine by its number, as it may be called on this page."""
    return {
        each.number: wording.name_of(_, each.number, each.name if summary.named else None)
        for each in summary.medicines
    }

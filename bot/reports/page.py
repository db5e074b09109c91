"""The visit summary as data for the page that is drawn: every word of it, ready to be set."""

import re
from typing import Any

from bot.conversation.calendar import full_date
from bot.conversation.catalogs import DAILY_LANGUAGES, SOURCE_LANGUAGE, Gettext
from bot.conversation.text import Text
from bot.reports import sections, wording
from bot.reports.rules import Summary
from bot.reports.sections import Section
from storage.adherence import PERIOD_DAYS

KIND = "visit_summary"

# What keeps a person's words apart in a chat; on paper it would be a letter of its own.
_MARKS = re.compile("[\u2066-\u2069\u2060]")


def data(_: Gettext, summary: Summary, language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """What `bot/pictures/summary.py` makes a page of."""
    planned = wording.appointment(_, summary.appointment) if summary.appointment else Text("")
    return {
        "language": language if language in DAILY_LANGUAGES else SOURCE_LANGUAGE,
        "title": wording.title(_),
        "date": full_date(_, summary.today),
        "period": wording.period(_, summary.first, summary.today, len(summary.mood)),
        "about": wording.about(_, named=summary.named, others=summary.by_others),
        "appointment": plain(planned),
        "more": wording.more(_),
        "shortened": wording.shortened(_),
        "unshown": wording.unshown(_),
        "top": [
            {**_listed(sections.questions(_, summary)), "worth": 2},
            {**_listed(sections.medicines(_, summary)), "worth": 3},
            _listed(sections.changes(_, summary)),
        ],
        "table": _table(_, summary),
        "chart": _chart(_, summary),
        "foot": [
            _listed(sections.results(_, summary)),
            {**_listed(sections.notices(_, summary)), "worth": 2},
            _listed(sections.side_effects(_, summary)),
            *([_listed(sections.notes(_, summary))] if summary.notes else []),
            *([_listed(sections.others(_, summary))] if summary.by_others else []),
        ],
    }


def plain(text: Text) -> str:
    """The words alone."""
    return _MARKS.sub("", text.plain)


def _listed(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "note": section.note,
        "entries": [plain(entry) for entry in section.entries],
        "empty": section.empty,
    }


def _table(_: Gettext, summary: Summary) -> dict[str, Any]:
    rows = [
        [plain(name), *wording.figures(_, each.adherence)]
        for name, each in zip(sections.figure_rows(_, summary), summary.figures, strict=True)
    ]
    return {
        "title": wording.doses_title(_, PERIOD_DAYS),
        "head": ["", *wording.figure_names(_)],
        "rows": rows,
        "note": sections.figures_note(_, summary),
    }


def _chart(_: Gettext, summary: Summary) -> dict[str, Any]:
    section = sections.mood(_, summary)
    marks = wording.marks_note(_) if summary.marked or summary.bare else ""
    return {
        "title": section.title,
        "note": " ".join(filter(None, [section.note or section.empty, marks])),
        "days": [{"day": day.isoformat(), "value": score} for day, score in summary.mood],
        "marked": [day.isoformat() for day in summary.marked],
        "bare": [day.isoformat() for day in summary.bare],
        "results": [{"day": each.on.isoformat(), "total": each.total} for each in summary.results],
        "top": wording.heavier(_),
        "bottom": wording.lighter(_),
        "legend": wording.legend(_),
    }

"""The visit summary as one text: all of it, as far as one message holds it."""

from collections.abc import Iterable

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, as_text, bold, compose, lines, paragraphs
from bot.reports import sections, wording
from bot.reports.rules import Summary
from bot.reports.sections import Section

# A message holds 4096 UTF-16 units; a second sending puts a line before it.
LONGEST = 4_000
_FEWEST = 1
_BULLET = 3  # a new line, a point and a space


def text(_: Gettext, summary: Summary, longest: int = LONGEST) -> Text:
    """The summary in words. What does not fit is counted: the longest list gives way first."""
    listed = [
        sections.questions(_, summary),
        sections.medicines(_, summary),
        sections.changes(_, summary),
        sections.doses(_, summary),
        sections.mood(_, summary),
        sections.bare(_, summary),
        sections.results(_, summary),
        sections.side_effects(_, summary),
        *([sections.notes(_, summary)] if summary.notes else []),
        *([sections.others(_, summary)] if summary.by_others else []),
        sections.notices(_, summary),
    ]
    heading = _heading(_, summary)
    lengths = [[units(entry) + _BULLET for entry in section.entries] for section in listed]
    shown = [len(section.entries) for section in listed]
    around = [_around(_, section) for section in listed]
    total = units(heading) + sum(around) + sum(map(sum, lengths))
    while total > longest and max(shown) > _FEWEST:
        number = max(range(len(listed)), key=lambda n: _weight(shown[n], lengths[n]))
        shown[number] -= 1
        total -= lengths[number][shown[number]]
    parts = [_part(_, section, count) for section, count in zip(listed, shown, strict=True)]
    return _within(paragraphs(heading, *parts), longest)


def _around(_: Gettext, section: Section) -> int:
    """How long a section is without its entries, with the line that counts what was cut."""
    extra = len(wording.more(_)) + _BULLET if len(section.entries) > _FEWEST else 0
    words = units(as_text(section.title + section.note + ("" if section.entries else section.empty)))
    return words + extra + 2 * _BULLET


def units(text: Text) -> int:
    """How long a text is as the platform counts: in UTF-16 units."""
    return len(text.plain.encode("utf-16-le", "surrogatepass")) // 2


def _weight(shown: int, lengths: list[int]) -> int:
    """How long a list still is; one that has its last entry left is never chosen."""
    return sum(lengths[:shown]) if shown > _FEWEST else -1


def _heading(_: Gettext, summary: Summary) -> Text:
    planned = wording.appointment(_, summary.appointment) if summary.appointment else ""
    days = len(summary.mood)
    return paragraphs(
        lines(bold(wording.title(_)), wording.period(_, summary.first, summary.today, days)),
        planned,
        lines(*wording.about(_, named=summary.named, others=summary.by_others)),
    )


def _part(_: Gettext, section: Section, shown: int) -> Text:
    hidden = len(section.entries) - shown
    rest = [wording.more(_).format(count=hidden)] if hidden else []
    entries: Iterable[Text | str] = [*section.entries[:shown], *rest] or [section.empty]
    listed = [compose("· {entry}", entry=entry) for entry in entries]
    return lines(bold(section.title), *listed, section.note)


def _within(text: Text, longest: int) -> Text:
    """The text, cut at the end when even the shortest lists were too long: person's words of great length."""
    if units(text) <= longest:
        return text
    kept = text.plain.encode("utf-16-le", "replace")[: 2 * (longest - 1)].decode("utf-16-le", "ignore") + "…"
    return Text(kept, tuple(span for span in text.spans if span.start + span.length < len(kept)))

"""Every sentence about the streak."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation.calendar import day_count, day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs


def streak_title(_: Gettext, count: int, of: int) -> str:
    if of == 1:
        return _("{count} of 1 day").format(count=count)
    return _("{count} of the last {of} days").format(count=count, of=of)


def streak(_: Gettext, length: int, resting: bool, count: int, of: int) -> Text:
    """The streak with its companion; a pause is a pause, not a failure."""
    companion = compose(_("Every dose recorded as taken on {days}."), days=bold(streak_title(_, count, of)))
    if of == 0:
        return compose(_("Your streak begins with your first recorded day."))
    if resting:
        now = compose(
            _("Your streak of {days} is resting. One day happens to everyone."), days=day_count(_, length)
        )
    elif length == 0:
        now = compose(_("A new streak begins with the next full day."))
    else:
        now = compose(_("Your streak: {days}."), days=bold(day_count(_, length)))
    return paragraphs(now, companion)


def streak_legend(_: Gettext) -> dict[str, str]:
    return {
        "taken": _("all taken"),
        "partly": _("partly"),
        "skipped": _("skipped"),
        "unrecorded": _("not recorded"),
        "unknown": _("not known"),
    }


def streak_twin(_: Gettext, days_by_state: Mapping[str, Sequence[date]]) -> Text:
    """The picture in words: how many days were taken, and which days were something else."""
    legend = streak_legend(_)
    taken = day_count(_, len(days_by_state.get("taken", ())))
    others = [
        f"{legend[state]}: {', '.join(day_name(_, day) for day in listed)}"
        for state, listed in days_by_state.items()
        if listed and state != "taken"
    ]
    return lines(_("The picture in words, for the last four weeks:"), f"{legend['taken']}: {taken}", *others)


def streak_off(_: Gettext) -> Text:
    return compose(_("Streaks are switched off. /settings can bring them back. /today shows your doses."))


def resting_now(_: Gettext) -> Text:
    return compose(_("No numbers today. They will still be there when you want them."))

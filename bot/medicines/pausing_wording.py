"""Every sentence about plans and pauses: how one goes on, with the dates of both choices."""

from collections.abc import Iterator
from datetime import date

from bot.conversation.calendar import day_count, day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.medicines.plan_rules import SaidPlan
from bot.medicines.plan_wording import dated, end_line, step_line, whole


def how_resume(_: Gettext, name: str, since: date) -> Text:
    return paragraphs(
        compose(
            _("{name} has been paused since {day}. How does the plan go on?"),
            name=bold(said(name)),
            day=day_name(_, since),
        ),
        _("If you are not sure, please ask your prescriber or a pharmacist first."),
    )


def where_you_were(_: Gettext) -> str:
    return _("Go on where I was")


def keep_dates(_: Gettext) -> str:
    return _("Keep the dates")


def after_pause(
    _: Gettext, name: str, number: int, since: date, days: int, plan: SaidPlan, later: SaidPlan
) -> Text:
    """The question after a pause of everything, with the dates of both choices; discreet without a name."""
    medicine = bold(said(name)) if name else compose(_("medicine {number}"), number=number)
    return paragraphs(
        compose(
            _(
                "Everything was paused since {day}, and the plan for {medicine} had more to come. "
                "What did your prescriber say?"
            ),
            day=dated(_, since),
            medicine=medicine,
        ),
        lines(_("If it keeps its dates:"), *_still_to_come(_, plan, since, named=bool(name))),
        lines(
            compose(_("If it is pushed back by {days}:"), days=day_count(_, days)),
            *_still_to_come(_, later, since, named=bool(name)),
        ),
        _(
            "If you are not sure, please ask your prescriber or a pharmacist first. Until you tell me, I go "
            "by the dates as they are."
        ),
    )


def _still_to_come(_: Gettext, plan: SaidPlan, since: date, *, named: bool) -> Iterator[Text]:
    """What of a plan comes after a day: its steps, and its last day."""
    for number, step in enumerate(plan.steps, 1):
        if step.since > since:
            bare = compose(_("{number}. From {day}"), number=number, day=dated(_, step.since))
            yield step_line(_, number, step) if named else bare
    if plan.until is not None:
        yield compose(end_line(_, plan))


def push_by(_: Gettext, count: int) -> str:
    return _("Push it back by {days}").format(days=day_count(_, count))


def too_late_to_push(_: Gettext) -> str:
    return _("So much later it would have begun by now. /meds shows the plan: there you can push it back.")


def pushed_after_pause(_: Gettext, plan: SaidPlan, today: date, *, named: bool) -> Text:
    """What follows from pushing it back; without amounts in discreet mode."""
    return paragraphs(
        _("Thank you. What was to come, comes later by the days of the pause."),
        whole(_, plan, today) if named else "",
    )

"""Every sentence about plans: tapers and titrations. None of them names an amount or a date by itself."""

from collections.abc import Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, day_name, described
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.medicines.plan_rules import SaidPlan, SaidStep
from scheduler.localtime import MIDNIGHT, calendar_day
from scheduler.timing import Planned


def a_plan(_: Gettext) -> str:
    return _("A plan with steps (taper or titration)")


def dated(_: Gettext, day: date) -> str:
    """A day with its weekday and its year: "Mon 2 Mar 2026"."""
    return f"{day_name(_, day)} {day.year}"


def ask_first_date(_: Gettext, name: str) -> Text:
    return paragraphs(
        compose(_("Write what your prescriber said about {name}, step by step."), name=bold(said(name))),
        _("From which day does the first step hold? Please write the date with its year."),
    )


def ask_next_date(_: Gettext, steps: Sequence[SaidStep]) -> Text:
    return paragraphs(
        so_far(_, steps),
        _("From which day does the next step hold? Please write the date with its year."),
    )


def so_far(_: Gettext, steps: Sequence[SaidStep]) -> Text:
    return lines(_("The plan so far:"), *(step_line(_, number, each) for number, each in enumerate(steps, 1)))


def step_line(_: Gettext, number: int, step: SaidStep, *, now: bool = False) -> Text:
    """One step in a line; the one that holds now is marked."""
    line = compose(
        _("{number}. From {day}: {amount}, {timing}"),
        number=number,
        day=dated(_, step.since),
        amount=amounts(_, step.amounts),
        timing=described(_, step.timing),
    )
    return compose(_("{step} (now)"), step=bold(line)) if now else line


def amounts(_: Gettext, listed: Sequence[str]) -> Text:
    """The amounts of a step; several take turns. Before a plan there may have been none."""
    if not any(listed):
        return compose(_("an amount that you left out"))
    if len(listed) == 1:
        return said(listed[0])
    text = said(listed[0])
    for amount in listed[1:]:
        text = compose(_("{before}, then {amount}"), before=text, amount=said(amount))
    return compose(_("{amounts} in turns"), amounts=text)


def not_a_date(_: Gettext) -> str:
    return _("I did not understand that as a date. Please write day, month and year, or year-month-day.")


def date_not_after(_: Gettext, before: date) -> str:
    return _("This step has to begin after {day}, when the one before begins.").format(day=dated(_, before))


def date_too_far(_: Gettext) -> str:
    return _("I can keep steps from one year back to three years ahead.")


def which_date(_: Gettext) -> Text:
    return compose(_("Which of these days do you mean?"))


def ask_amounts(_: Gettext, since: date) -> Text:
    return paragraphs(
        compose(_("How much is it from {day} on? Write it as your prescriber said."), day=dated(_, since)),
        _("If amounts take turns from dose to dose, write them in their order, with commas between them."),
    )


def amounts_refused(_: Gettext, most: int, longest: int) -> str:
    return _(
        "Please write an amount, or up to {most} with commas between them, each up to {longest} characters."
    ).format(most=most, longest=longest)


def ask_times(_: Gettext) -> Text:
    return compose(
        _(
            "When do you take it in this step? Tap a time for every day, or type it: “8am and 8pm”, "
            "“mon wed fri 9:30”, “every 2 days 8am”."
        )
    )


def same_times(_: Gettext) -> str:
    return _("The same times as before")


def times_only(_: Gettext) -> str:
    return _("Please write only the times here. The days come from the steps.")


def hours_from(_: Gettext) -> str:
    return _("Please write from which time the hours count, for example: every 8 hours from 6:00.")


def not_in_a_plan(_: Gettext) -> str:
    return _(
        "In a plan I need times that are set. What you take when you need it can be a medicine of its own."
    )


def ask_more(_: Gettext, steps: Sequence[SaidStep]) -> Text:
    return paragraphs(so_far(_, steps), _("What comes after the last step that you wrote?"))


def another_step(_: Gettext) -> str:
    return _("Another step")


def goes_on(_: Gettext) -> str:
    return _("It goes on like this")


def ends(_: Gettext) -> str:
    return _("It ends on a day")


def write_again(_: Gettext) -> str:
    return _("Write this step again")


def too_many_steps(_: Gettext, most: int) -> str:
    return _("A plan can have {most} steps here.").format(most=most)


def ask_end(_: Gettext) -> Text:
    return compose(_("Which is the last day on which you take it? Please write the date with its year."))


def end_too_early(_: Gettext, since: date) -> str:
    return _("The last day cannot be before {day}, when the last step begins.").format(day=dated(_, since))


def day_is_over(_: Gettext) -> str:
    return _("That day is over. Please write a last day that is still to come.")


def preview(
    _: Gettext,
    name: str,
    plan: SaidPlan,
    firsts: Sequence[Sequence[tuple[Planned, str]]],
    zone: ZoneInfo,
    day_ends: time = MIDNIGHT,
    remark: Text | str = "",
) -> Text:
    """The whole plan with the first doses of each step, to be looked at before it is kept.

    `remark`: what holds until what was written begins.
    """
    steps = (
        lines(step_line(_, number, step), *(_dose(_, planned, amount, day_ends) for planned, amount in own))
        for number, (step, own) in enumerate(zip(plan.steps, firsts, strict=True), 1)
    )
    return paragraphs(
        bold(said(name)),
        *steps,
        lines(remark, end_line(_, plan)),
        compose(_("Time zone: {zone}"), zone=zone.key.replace("_", " ")),
        _("Please compare it with what your prescriber wrote. Is that right?"),
    )


def first_is_now(_: Gettext, last_day: date | None) -> str:
    """What was the last day of the medicine is not that of the plan."""
    now = _("The first step is how you take it now.")
    if last_day is None:
        return now
    gone = _("Its last day, {day}, no longer counts: it goes on like this until the next step.")
    return now + " " + gone.format(day=dated(_, last_day))


def nothing_until(_: Gettext, since: date, *, as_needed: bool) -> Text:
    """Before a plan that begins later there is nothing, as what the medicine was cannot be a step."""
    told = (
        _(
            "Until {day} nothing is planned for it, and /today does not offer it: what you take when you "
            "need it cannot be a step of a plan. If you go on taking it until then, add it as a medicine of "
            "its own."
        )
        if as_needed
        else _(
            "Until {day} I do not remind you of it: hours that count from when you take it cannot be a step "
            "of a plan. If you go on taking it until then, add it as a medicine of its own."
        )
    )
    return compose(told, day=bold(dated(_, since)))


def _dose(_: Gettext, planned: Planned, amount: str, day_ends: time) -> Text:
    slot = planned.slot
    when = f"{day_name(_, calendar_day(slot.day, slot.at, day_ends))}, {clock(slot.at)}"
    return (
        compose(_("· {when}: {amount}"), when=when, amount=said(amount)) if amount else compose(f"· {when}")
    )


def end_line(_: Gettext, plan: SaidPlan) -> str:
    if plan.until is None:
        return _("The last step goes on until you change it.")
    return _("The last day is {day}.").format(day=dated(_, plan.until))


def yes_keep(_: Gettext) -> str:
    return _("Yes, keep this plan")


def one_more(_: Gettext) -> str:
    return _("Go back to the last step")


def from_the_start(_: Gettext) -> str:
    return _("Write it all again")


def kept(_: Gettext, name: str) -> Text:
    return paragraphs(
        compose(
            _("The plan for {name} is kept. I remind you of each dose in its amount."), name=bold(said(name))
        ),
        _("/meds shows it: there you can change it, pause it, or push it back."),
    )


def summary(_: Gettext, plan: SaidPlan, today: date) -> Text:
    """A plan in one line of a list: the step of now."""
    if plan.is_over(today):
        return compose(_("a plan that has ended"))
    number = plan.current(today)
    step = plan.steps[number]
    if step.since > today:
        return compose(_("a plan that begins on {day}"), day=dated(_, step.since))
    return compose(
        _("{amount}, {timing} (step {number} of {count})"),
        amount=amounts(_, step.amounts),
        timing=described(_, step.timing),
        number=number + 1,
        count=len(plan.steps),
    )


def whole(_: Gettext, plan: SaidPlan, today: date) -> Text:
    """Every step, the one of now marked."""
    current = plan.current(today)
    begun = plan.steps[current].since <= today and not plan.is_over(today)
    return lines(
        *(
            step_line(_, number + 1, step, now=begun and number == current)
            for number, step in enumerate(plan.steps)
        ),
        end_line(_, plan),
    )


def change_plan(_: Gettext) -> str:
    return _("Write the plan anew")


def push_back(_: Gettext) -> str:
    return _("Push it back by days")


def end_plan(_: Gettext) -> str:
    return _("End the plan")


def ask_push(_: Gettext) -> Text:
    return compose(
        _(
            "By how many days shall the steps that have not begun come later? Please write the number, "
            "as your prescriber said."
        )
    )


def number_refused(_: Gettext, most: int) -> str:
    return _("Please write a whole number of days, from 1 to {most}.").format(most=most)


def pushed(_: Gettext, name: str, plan: SaidPlan, today: date) -> Text:
    return paragraphs(
        compose(_("Changed. The plan for {name}:"), name=bold(said(name))), whole(_, plan, today)
    )


def really_end(_: Gettext, plan: SaidPlan, today: date) -> Text:
    step = plan.steps[plan.current(today)]
    return paragraphs(
        compose(
            _("The steps still to come would be dropped. This goes on: {amount}, {timing}."),
            amount=amounts(_, step.amounts),
            timing=described(_, step.timing),
        ),
        _("Please talk with your prescriber before you change what was planned."),
    )


def yes_end(_: Gettext) -> str:
    return _("Yes, drop the later steps")


# Whether a step has begun


def which_step(_: Gettext, name: str, number: int, step: SaidStep) -> Text:
    """The question after a step that may not have begun; without a name in discreet mode."""
    if name:
        says = compose(
            _("The plan for {name} says {amount} since {day}. Which one are you taking?"),
            name=bold(said(name)),
            amount=amounts(_, step.amounts),
            day=day_name(_, step.since),
        )
    else:
        says = compose(
            _("The plan for medicine {number} has had its next step since {day}. Which one are you taking?"),
            number=number,
            day=day_name(_, step.since),
        )
    return paragraphs(
        says,
        _(
            "I ask because doses around that day are not recorded. "
            "If you are not sure, please ask a pharmacist."
        ),
    )


def as_planned(_: Gettext) -> str:
    return _("As planned")


def step_before(_: Gettext) -> str:
    return _("Still the step before")


def ask_later(_: Gettext) -> str:
    return _("Ask me later")


def noted_as_planned(_: Gettext) -> Text:
    return compose(_("Thank you. The plan stays as it is."))


def asks_again(_: Gettext) -> Text:
    return compose(_("All right. I ask again tomorrow. /meds shows the plan at any time."))


def held_back(_: Gettext, plan: SaidPlan, today: date, *, named: bool) -> Text:
    """What follows from "still the step before"; without amounts in discreet mode."""
    return paragraphs(
        _("Thank you. The step before goes on. The others come later, by as many days as have passed."),
        whole(_, plan, today) if named else "",
        _("If your prescriber names other dates, you can push it back further, or write it anew in /meds."),
    )


def no_longer(_: Gettext) -> str:
    return _("This plan has changed since.")

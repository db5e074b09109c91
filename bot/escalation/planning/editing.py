"""Every sentence about writing the safety plan, on a good day."""

from collections.abc import Callable

from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said, styled
from bot.escalation.planning.plan import (
    LONGEST_MESSAGE,
    PEOPLE_STEP,
    STEPS,
    Contact,
    Plan,
    contact_key,
    shown,
    units,
)
from bot.escalation.planning.wording import contact_line, title
from bot.escalation.rules import SOS, in_language

Translate = Callable[[str], str]

ROOM = "escalation"


def _what(_: Translate, number: int) -> str:
    """What step 1..6 is about."""
    return (
        _("What do you notice in your thoughts, your mood or your days before it gets hard?"),
        _("What takes your mind off it for a while, without anybody else?"),
        _("Where are people around you, or who is good company, without having to talk about it?"),
        _("Whom can you tell that it is hard?"),
        _("Who treats you, and how do you reach them? The crisis numbers of your country stand here anyway."),
        _("What would make the place where you are safer for you, and who could help with it?"),
    )[number - 1]


def _example(_: Translate, number: int) -> str:
    return (
        _("I sleep badly, and I stop answering my friends."),
        _("A warm shower. A walk around the block. The music from last summer."),
        _("The café on the corner. A walk with my brother."),
        _("Anna, in the evening. My aunt, at any time."),
        _("Dr. Meyer's practice, 030 123456, on weekdays from 8 to 12."),
        _("I spend the night at my sister's. She keeps the things that I do not want near me."),
    )[number - 1]


def overview(_: Translate, language: str, plan: Plan) -> Message:
    """The plan on a good day, with a button for every step; to write it may not be easy."""
    intro = _("In your own words, for a hard day. Then it is one tap away, on every card of /sos.")
    if not plan.written and not plan.contacts:
        intro = _(
            "A safety plan is written on a good day, for a hard one: six short steps in your own words. On a "
            "hard day it is one tap away, on every card of /sos. What you write is encrypted, and shown to "
            "nobody but you."
        )
    long = paragraphs(
        bold(_("My safety plan")), intro, *(_overview_line(_, plan, n) for n in range(1, STEPS + 1))
    )
    text = long if units(long.plain) <= LONGEST_MESSAGE else _overview_in_short(_, plan)
    return Message(text, (*_overview_choices(_, plan), _help_row(_, language)))


def _help_row(_: Translate, language: str) -> tuple[Choice, ...]:
    return (Choice(_("I need help now"), in_language(SOS, language)),)


def _overview_line(_: Translate, plan: Plan, number: int) -> Text:
    people = [contact_line(_, each) for each in plan.contacts] if number == PEOPLE_STEP else []
    words = shown(plan.steps[number - 1]) if plan.steps[number - 1] else Text("")
    nothing = _("Nothing yet.") if not words and not people else ""
    return lines(bold(f"{number}. {title(_, number)}"), words, *people, nothing)


def _overview_in_short(_: Translate, plan: Plan) -> Text:
    steps = (lines(bold(f"{n}."), shown(words)) for n, words in enumerate(plan.steps, 1) if words)
    return paragraphs(bold(_("My safety plan")), *steps)


def _overview_choices(_: Translate, plan: Plan) -> Choices:
    labels = [compose(_("Step {number}"), number=number).plain for number in range(1, STEPS + 1)]
    steps = [Choice(label, Action(ROOM, "step", str(n))) for n, label in enumerate(labels, 1)]
    rows: Choices = (
        tuple(steps[:3]),
        tuple(steps[3:]),
        (Choice(_("Go through all six"), Action(ROOM, "allsix")),),
        (Choice(_("People I trust"), Action(ROOM, "people")),),
    )
    if not plan.written and not plan.contacts:
        return rows
    return (*rows, (Choice(_("Erase the plan"), Action(ROOM, "wipe")),))


def ask_step(_: Translate, number: int, now: str) -> Text:
    """The question of a step: what it is, an example, what stands there now."""
    return paragraphs(
        bold(compose(_("Step {number} of 6: {title}"), number=number, title=title(_, number))),
        _what(_, number),
        compose(_("For example: {example}"), example=styled(_example(_, number), "italic")),
        lines(_("This stands there now:"), styled(shown(now), "quote")) if now else "",
        _("Write it as you like, or leave the step as it is."),
    )


def leave(_: Translate, now: str) -> str:
    return _("Leave it as it is") if now else _("Leave it empty")


def empty(_: Translate) -> str:
    return _("Empty this step")


def stop_here(_: Translate) -> str:
    return _("Stop here")


def nothing_readable(_: Translate) -> str:
    return _("I could not read any words in that.")


def too_long(_: Translate, most: int) -> str:
    return (
        compose(
            _(
                "That is longer than a step can be: {most} characters. Nothing was changed, and what you "
                "wrote still stands in this chat. Could you send it in fewer words?"
            ),
            most=most,
        )
    ).plain


def kept_all_the_same(_: Translate, number: int) -> Text:
    """After a card came up in the middle of the plan: nothing is lost, and nothing is urgent."""
    return paragraphs(
        compose(_("I kept what you wrote as step {number} of your plan."), number=number),
        _("The help above is there either way. The plan can wait as long as you like."),
    )


def go_on(_: Translate) -> str:
    return _("Go on with the plan")


def take_out(_: Translate) -> str:
    return _("Take it out again")


def tap_one(_: Translate) -> str:
    return _("Please tap one of the buttons.")


def ask_wipe(_: Translate) -> Message:
    """First of two taps."""
    text = _("Erase the plan? All six steps and the people in it go, and cannot be brought back.")
    return Message(
        compose("{text}", text=text),
        (
            (Choice(_("Yes, erase it"), Action(ROOM, "wiped")),),
            (Choice(_("Keep it"), Action(ROOM, "plan"), "success"),),
        ),
    )


def wiped(_: Translate) -> Message:
    return Message(compose(_("The plan is erased. /plan begins a new one at any time.")))


def plan_summary(_: Translate) -> str:
    return _("your safety plan for hard days")


def people(_: Translate, language: str, plan: Plan, most: int) -> Message:
    """The people one trusts, each to change or remove, and the way to add one."""
    intro = compose(
        _(
            "Up to {most} people whom you could tell that it is hard. I never write to them. On a hard day a "
            "button opens your chat with them, with words already in it, and you decide whether to send them."
        ),
        most=most,
    )
    listed = lines(*(contact_line(_, each) for each in plan.contacts))
    rows = [_person_row(_, each) for each in plan.contacts]
    if len(plan.contacts) < most:
        rows.append((Choice(_("Add a person"), Action(ROOM, "addone")),))
    rows += [(Choice(_("Back"), Action(ROOM, "plan")),), _help_row(_, language)]
    return Message(paragraphs(bold(_("People I trust")), intro, listed), tuple(rows))


def _person_row(_: Translate, contact: Contact) -> tuple[Choice, ...]:
    key = contact_key(contact)
    return (
        Choice(compose(_("Change {name}"), name=said(contact.name)).plain, Action(ROOM, "change", key)),
        Choice(compose(_("Remove {name}"), name=said(contact.name)).plain, Action(ROOM, "remove", key)),
    )


def ask_name(_: Translate, now: str) -> Text:
    question = _("What is the person called? A first name is enough.")
    return paragraphs(question, compose(_("Now: {now}"), now=said(now)) if now else "")


def name_refused(_: Translate, most: int) -> str:
    return compose(
        _("I need a name with at least one letter and at most {most} characters."), most=most
    ).plain


def ask_reach(_: Translate, name: str, now: str) -> Text:
    return paragraphs(
        compose(_("How do you reach {name}?"), name=said(name)),
        _("Write a phone number, or a Telegram name that begins with @."),
        compose(_("Now: {now}"), now=said(now)) if now else "",
    )


def reach_refused(_: Translate) -> str:
    return _(
        "I could not read that as a phone number or a Telegram name. A number is safest with its country in "
        "front, like +49 30 123456. A Telegram name looks like @anna_k."
    )


def keep(_: Translate) -> str:
    return _("Leave it as it is")


def gone(_: Translate) -> str:
    return _("That person is no longer in your plan.")


def removed(_: Translate) -> str:
    return _("Removed.")


def added(_: Translate) -> str:
    return _("Kept.")

"""The safety plan and the people one trusts, as they are shown on a bad day."""

from collections.abc import Callable

from bot.conversation.message import Choice, Choices, CopyText, Link, Message
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said, styled
from bot.escalation.lines.routes import any_of, line_text
from bot.escalation.planning.plan import (
    HELPLINES_STEP,
    LONGEST_MESSAGE,
    PEOPLE_STEP,
    Contact,
    Plan,
    shown,
    units,
)
from bot.escalation.planning.reach import chat_link, share_link
from bot.escalation.rules import GROUND, REACH, CardFacts, draft_token, in_language
from bot.escalation.wording import the_numbers
from scheduler.lanes import Lane

Translate = Callable[[str], str]

# With headings and crisis line, without headings, without both.
_ROOMY_TO_TERSE = ((True, True), (False, True), (False, False))


def plan_message(_: Translate, plan: Plan, facts: CardFacts) -> Message:
    """The plan on a bad day: the steps in order, the numbers under step 5, the people, the way back.

    An empty plan says so kindly, says how to make one, and shows the numbers. A very long one gives up its
    headings first and then the crisis line, which is one tap away; never a word of the person's.
    """
    if not plan.written:
        people = lines(*(contact_line(_, each) for each in plan.contacts))
        text = paragraphs(_no_plan_yet(_), people, _danger(_, facts), *_crisis_lines(_, facts))
        return _crisis(text, (*_tell_rows(_, plan), *_onward(_, facts)))
    forms = [_steps(_, plan, facts, headings=headings, line=line) for headings, line in _ROOMY_TO_TERSE]
    text = next((form for form in forms if units(form.plain) <= LONGEST_MESSAGE), forms[-1])
    return _crisis(text, (*_tell_rows(_, plan), *_onward(_, facts)))


def reach_message(_: Translate, plan: Plan | None, facts: CardFacts, tone: int = 1) -> Message:
    """A draft to somebody one trusts, to copy or to open in a chat; nothing is sent by the bot.

    `tone` is 1, 2 or 3, the draft to begin with; the other two are one tap away. `plan` is None when it could
    not be read.
    """
    words = draft(_, tone)
    contacts = plan.contacts if plan is not None else ()
    text = paragraphs(
        _("Here are words for somebody you trust. I send nothing: you send them yourself, if you want to."),
        styled(words, "quote"),
        lines(_people_or_how(_, plan), *(contact_line(_, each) for each in contacts)),
        _danger(_, facts),
    )
    to_anyone = () if contacts else ((Choice(_("Choose a chat"), Link(share_link(words))),),)
    return _crisis(
        text,
        (
            *_tell_rows(_, plan, tone),
            *to_anyone,
            (Choice(_("Copy the words"), CopyText(words)),),
            _other_drafts(_, facts, tone),
            (the_numbers(_, facts),),
        ),
    )


def draft(_: Translate, tone: int) -> str:
    """The draft 1, 2 or 3 in the first person, at most 256 characters. Another number is the first draft."""
    drafts = {
        1: _("I am having a very hard time right now. Could you call me or be with me?"),
        2: _("It is very hard for me right now. Could you call me? You do not need to know what to say."),
        3: _("Today is very hard for me. Could you come and sit with me? We do not need to talk."),
    }
    return drafts.get(tone, drafts[1])


def _other_drafts(_: Translate, facts: CardFacts, tone: int) -> tuple[Choice, ...]:
    labels = (_("Ask to be together"), _("Ask for a call"), _("Ask for quiet company"))
    return tuple(
        Choice(label, in_language(draft_token(number), facts.language, facts.chosen))
        for number, label in enumerate(labels, 1)
        if number != tone
    )


def _people_or_how(_: Translate, plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.contacts:
        return _("A button with a name opens your chat with that person, with the words already in it.")
    return _(
        "On a good day, /plan can keep up to three people whom you trust. Then each of them is one tap away."
    )


def _tell_rows(_: Translate, plan: Plan | None, tone: int = 1) -> Choices:
    contacts = plan.contacts if plan is not None else ()
    return tuple(
        (
            Choice(
                compose(_("Tell {name}"), name=said(c.name)).plain, Link(chat_link(c.reach, draft(_, tone)))
            ),
        )
        for c in contacts
    )


def _no_plan_yet(_: Translate) -> Text:
    return paragraphs(
        _("There is no safety plan yet. That is all right. The numbers are here."),
        _("On a good day, /plan helps you to write one, step by step."),
    )


def _steps(_: Translate, plan: Plan, facts: CardFacts, *, headings: bool, line: bool) -> Text:
    parts: list[Text | str] = [bold(_("My safety plan"))] if headings else []
    for number, words in enumerate(plan.steps, 1):
        people = [contact_line(_, each) for each in plan.contacts] if number == PEOPLE_STEP else []
        numbers = number == HELPLINES_STEP
        if words or people or numbers:
            heading = bold(f"{number}. {title(_, number)}" if headings else f"{number}.")
            parts.append(lines(heading, shown(words), *people, _danger(_, facts) if numbers else ""))
        if numbers and line:
            parts += _crisis_lines(_, facts, most=1)
    return paragraphs(*parts)


def _crisis_lines(_: Translate, facts: CardFacts, most: int | None = None) -> list[Text | str]:
    """The country's crisis lines, the main one first, or where to find one."""
    if facts.lines:
        return [line_text(_, line) for line in facts.lines[:most]]
    if facts.finders:
        return [lines(_("You can find a crisis line near you here:"), *facts.finders)]
    return []


def _danger(_: Translate, facts: CardFacts) -> Text:
    if facts.country is None:
        number: Text = bold(_("your local emergency number"))
    else:
        numbers = any_of(_, facts.emergency)
        number = compose(_("{numbers} ({country})"), numbers=numbers, country=facts.country)
    return compose(_("If your life is in danger now, call {number}."), number=number)


def _onward(_: Translate, facts: CardFacts) -> Choices:
    reach = Choice(_("Write to someone"), in_language(REACH, facts.language, facts.chosen))
    ground = Choice(_("A short exercise"), in_language(GROUND, facts.language, facts.chosen))
    return ((reach,), (ground,), (the_numbers(_, facts),))


def _crisis(text: Text, choices: Choices) -> Message:
    return Message(text, choices, lane=Lane.CRISIS, protect=False)


def title(_: Translate, number: int) -> str:
    """What step 1..6 is called."""
    return (
        _("Signs that a hard time is coming"),
        _("Things I can do by myself"),
        _("People and places that take my mind off it"),
        _("People I can ask for help"),
        _("My care team and helplines"),
        _("Making my surroundings safer"),
    )[number - 1]


def contact_line(_: Translate, contact: Contact) -> Text:
    """A person with how to reach them."""
    return compose("{name}, {reach}", name=said(contact.name), reach=said(contact.reach))

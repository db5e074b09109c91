"""Every sentence of the care team that answers somebody. What the bot says of itself is in `asking.py`."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.conversation.calendar import clock
from bot.conversation.message import Action, Choice, Choices, CopyText, Link, Message
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said, styled
from bot.escalation.care.dates import Why
from bot.escalation.care.draft import Draft, Facts
from bot.escalation.care.file import MOST_QUESTIONS, Appointment, File, question_key
from bot.escalation.care.team import MOST_CONTACTS, Contact, Role
from bot.escalation.figures import day_words
from bot.escalation.planning.plan import LONGEST_MESSAGE, shown, units
from bot.escalation.rules import SOS, in_language

Translate = Callable[[str], str]

ROOM = "care"

# The one-page summary for a visit is another room's; this is all that is known of it here.
SUMMARY_ROOM, SUMMARY_VERB = "report", "show"


# The card


def card(_: Translate, language: str, file: File, team: Sequence[Contact], today: date) -> Message:
    """The whole team on one card. Very long questions give way first: a button shows them."""
    parts = [
        _team_lines(_, team),
        _next(_, language, file, today),
        _questions(_, file),
        _last(_, language, file, today),
    ]
    text = paragraphs(bold(_("My care team")), *parts)
    if units(text.plain) > LONGEST_MESSAGE:
        parts[2] = compose(_("Questions for them: {count}"), count=len(file.questions))
        text = paragraphs(bold(_("My care team")), *parts)
    return Message(text, (*_card_rows(_, team), summary_row(_), help_row(_, language)))


def _card_rows(_: Translate, team: Sequence[Contact]) -> Choices:
    add = Choice(_("Add someone"), Action(ROOM, "add"))
    change = Choice(_("Change the team"), Action(ROOM, "team"))
    first = ([add] if len(team) < MOST_CONTACTS else []) + ([change] if team else [])
    return (
        tuple(first),
        (Choice(_("Write to them"), Action(ROOM, "write")),),
        (
            Choice(_("Appointment"), Action(ROOM, "visit")),
            Choice(_("Questions"), Action(ROOM, "questions")),
        ),
        (Choice(_("We talked"), Action(ROOM, "talked")),),
    )


def summary_row(_: Translate) -> tuple[Choice, ...]:
    """The way to the one-page summary for a visit."""
    return (Choice(_("Visit summary"), Action(SUMMARY_ROOM, SUMMARY_VERB, apart=True)),)


def help_row(_: Translate, language: str) -> tuple[Choice, ...]:
    """The help button in the language of this message."""
    return (Choice(_("I need help now"), in_language(SOS, language)),)


def team_row(_: Translate) -> tuple[Choice, ...]:
    """The way to the card."""
    return (Choice(_("My care team"), Action(ROOM, "show")),)


def write_row(_: Translate) -> tuple[Choice, ...]:
    """The way to the draft."""
    return (Choice(_("Write to them"), Action(ROOM, "write")),)


def _team_lines(_: Translate, team: Sequence[Contact]) -> Text:
    if team:
        return lines(*(contact_line(_, each) for each in team))
    return compose(
        _(
            "Nobody is noted yet. You can add up to {most} people who treat you. Then they are one tap away when you want to reach them. I never write to them myself."
        ),
        most=MOST_CONTACTS,
    )


def contact_line(_: Translate, contact: Contact) -> Text:
    """Somebody with what they do and how they are reached."""
    line = said(contact.name)
    if contact.role is not Role.OTHER:
        line = line + ", " + role(_, contact.role)
    for way in filter(None, (contact.phone, contact.email)):
        line = line + ", " + said(way)
    return line


def role(_: Translate, what: Role) -> str:
    """What somebody does."""
    return {
        Role.GP: _("family doctor"),
        Role.PSYCHIATRIST: _("psychiatrist"),
        Role.THERAPIST: _("therapist"),
        Role.NURSE: _("nurse"),
        Role.PHARMACIST: _("pharmacist"),
        Role.OTHER: _("somebody else"),
    }[what]


def _next(_: Translate, language: str, file: File, today: date) -> Text:
    if file.appointment is None or file.appointment.on < today:
        return compose(_("No appointment noted."))
    return compose(_("Next appointment: {when}"), when=when(_, language, file.appointment, today))


def when(_: Translate, language: str, appointment: Appointment, today: date) -> Text:
    """The day, the time if it is known, and with whom if it is known."""
    day: Text | str = day_words(language, appointment.on, today)
    if appointment.at is not None:
        day = compose(_("{day} at {time}"), day=day, time=clock(appointment.at))
    if appointment.who:
        return compose(_("{when}, with {name}"), when=day, name=said(appointment.who))
    return compose("{day}", day=day)


def _questions(_: Translate, file: File) -> Text:
    return lines(_("Questions for them:"), *numbered(file)) if file.questions else Text("")


def numbered(file: File) -> list[Text]:
    """The questions, each with its number."""
    return [compose("{n}. {words}", n=n, words=said(words)) for n, words in enumerate(file.questions, 1)]


def _last(_: Translate, language: str, file: File, today: date) -> Text:
    if file.last_review is None:
        return compose(_("No talk about your treatment is noted yet."))
    day, ago = day_words(language, file.last_review, today), (today - file.last_review).days
    if ago <= 0:
        return compose(_("Last talk about your treatment: today"))
    if ago == 1:
        return compose(_("Last talk about your treatment: yesterday"))
    return compose(_("Last talk about your treatment: {day}, {days} days ago"), day=day, days=ago)


def talk_noted(_: Translate) -> str:
    return _("Noted: you talked.")


def care_summary(_: Translate) -> str:
    return _("your care team: reach them, appointment, questions")


def tap_one(_: Translate) -> str:
    return _("Please tap one of the buttons.")


def leave(_: Translate) -> str:
    return _("Leave it as it is")


def kept(_: Translate) -> str:
    return _("Kept.")


def removed(_: Translate) -> str:
    return _("Removed.")


def _back(_: Translate) -> tuple[Choice, ...]:
    return (Choice(_("Back"), Action(ROOM, "show")),)


# The people


def people(_: Translate, team: Sequence[Contact]) -> Message:
    """Everybody in the team, each to change or to remove."""
    text = paragraphs(bold(_("My care team")), _team_lines(_, team))
    return Message(text, (*(_person_row(_, each) for each in team), _back(_)))


def _person_row(_: Translate, contact: Contact) -> tuple[Choice, ...]:
    key = str(contact.key)
    return (
        Choice(_named(_("Change {name}"), contact.name), Action(ROOM, "change", key)),
        Choice(_named(_("Remove {name}"), contact.name), Action(ROOM, "remove", key)),
    )


def _named(template: str, name: str) -> str:
    return compose(template, name=said(name)).plain


def gone(_: Translate) -> str:
    return _("That is no longer in your list.")


def full(_: Translate) -> str:
    return compose(_("There is room for {most} people. Remove one first."), most=MOST_CONTACTS).plain


def ask_name(_: Translate, now: str) -> Text:
    return paragraphs(
        _("What is the person or the practice called?"),
        compose(_("Now: {now}"), now=said(now)) if now else "",
    )


def ask_role(_: Translate, name: str, now: Role | None) -> Text:
    return paragraphs(
        compose(_("What does {name} do?"), name=said(name)),
        compose(_("Now: {now}"), now=role(_, now)) if now is not None else "",
    )


def ask_ways(_: Translate, name: str, now: Contact | None) -> Text:
    ways = ", ".join(filter(None, (now.phone, now.email))) if now is not None else ""
    return paragraphs(
        compose(_("How do you reach {name}?"), name=said(name)),
        _("Write a phone number or an e-mail address. You can write both, with a comma between them."),
        compose(_("Now: {now}"), now=said(ways)) if ways else "",
    )


def my_own_way(_: Translate) -> str:
    return _("I reach them in my own way")


def ways_refused(_: Translate) -> str:
    return _(
        "I could not read that as a phone number or an e-mail address. A number is safest with its country in front, like +49 30 123456. An address looks like practice@example.org."
    )


# Words to send


def letter(_: Translate, draft: Draft, team: Sequence[Contact]) -> Message:
    """A draft to copy, or to open in a chat. Nothing is sent by the bot."""
    by_hand = (
        ""
        if draft.copied
        else _("It is too long for a copy button. Press and hold the words above to copy them.")
    )
    text = paragraphs(
        bold(_("Words for your care team")),
        _("I send nothing. You send the words yourself, if you want to."),
        styled(shown(draft.words), "quote"),
        by_hand,
        lines(*(contact_line(_, each) for each in team)),
        _how_to_send(_, draft, team),
    )
    return Message(text, (*_sending_rows(_, draft, team), *_draft_rows(_, draft), _back(_)))


def _how_to_send(_: Translate, draft: Draft, team: Sequence[Contact]) -> str:
    if not team:
        return _("Add the people who treat you with /care. Then each of them is one tap away here.")
    if not any(each.phone for each in team):
        return ""
    if draft.shared is None:
        return _(
            "A button with a name opens your chat with that person, if they use Telegram. Copy the words into it."
        )
    return _(
        "A button with a name opens your chat with that person, if they use Telegram, with the words in it."
    )


def _sending_rows(_: Translate, draft: Draft, team: Sequence[Contact]) -> Choices:
    rows: list[tuple[Choice, ...]] = []
    for each in team:
        ways = []
        if each.phone:
            ways.append(Choice(_named(_("Write to {name}"), each.name), Link(draft.to(each.phone))))
        if each.email:
            ways.append(Choice(_named(_("Copy e-mail of {name}"), each.name), CopyText(each.email)))
        if ways:
            rows.append(tuple(ways))
    if draft.shared is not None:
        rows.append((Choice(_("Choose a chat"), Link(draft.shared)),))
    if draft.copied:
        rows.append((Choice(_("Copy the words"), CopyText(draft.words)),))
    return tuple(rows)


def _draft_rows(_: Translate, draft: Draft) -> Choices:
    own = (Choice(_("In my own words"), Action(ROOM, "own")),)
    return (own, (Choice(_("Back to the ready words"), Action(ROOM, "ready")),)) if draft.own else (own,)


def ready_words(_: Translate, language: str, facts: Facts | None, today: date) -> str:
    """The draft in the first person for whoever has no words of their own.

    Without `facts` there was no notice lately: then it says nothing of the mood, for that may be as usual.
    """
    if facts is None:
        return _(
            "I would like to talk with you about how I have been lately and about my treatment. When could we speak?"
        )
    known = _known(_, language, facts, today)
    opening = [_("My mood has been lower than my usual for a while.")]
    if facts.doses is not None:
        opening.append(_("I take my medicine as recorded below."))
    opening.append(_("I would like to talk with you about it. When could we speak?"))
    return "\n".join(filter(None, (" ".join(opening), known)))


def _known(_: Translate, language: str, facts: Facts, today: date) -> str:
    """The line of facts: since when, doses, how long the dose is the same."""
    found = []
    if facts.since is not None:
        found.append(compose(_("Lower since {day}."), day=day_words(language, facts.since, today)).plain)
    if facts.doses is not None:
        taken, due = facts.doses
        found.append(compose(_("Doses recorded: {taken} of {due}."), taken=taken, due=due).plain)
    if facts.stable_since is not None:
        found.append(
            compose(
                _("Dose unchanged since {day}."), day=day_words(language, facts.stable_since, today)
            ).plain
        )
    return " ".join(found)


def ask_own_words(_: Translate, most: int, now: str) -> Text:
    return paragraphs(
        compose(
            _(
                "Write to your care team in your own words, at most {most} characters. I keep them encrypted, and they are your draft from then on."
            ),
            most=most,
        ),
        lines(_("This stands there now:"), styled(shown(now), "quote")) if now else "",
    )


def nothing_readable(_: Translate) -> str:
    return _("I could not read any words in that.")


def too_long(_: Translate, most: int) -> str:
    return compose(
        _(
            "That is longer than {most} characters. Nothing was changed, and what you wrote still stands in this chat. Could you send it in fewer words?"
        ),
        most=most,
    ).plain


def kept_all_the_same(_: Translate) -> Message:
    """After a card came up in the middle of it: what was written for the team is not lost."""
    return Message(
        paragraphs(
            _("I kept what you wrote for your care team. They would want to know it."),
            _("The help above is there either way."),
        ),
        (write_row(_), team_row(_)),
    )


# The appointment


def appointment(_: Translate, language: str, planned: Appointment, today: date) -> Message:
    """The appointment there is, to change or to remove."""
    text = paragraphs(
        bold(_("Appointment")),
        when(_, language, planned, today),
        _("I remind you on the day before, and ask on the day after whether you talked."),
    )
    change = Choice(_("Change it"), Action(ROOM, "date"))
    return Message(text, ((change, Choice(_("Remove it"), Action(ROOM, "unvisit"))), _back(_)))


def ask_day(_: Translate) -> Text:
    return paragraphs(
        _("On which day is the appointment?"), _("Tap a day, or write a date like 2026-03-12 or 12.3.2026.")
    )


def offered_day(_: Translate, language: str, ahead: int, day: date, today: date) -> str:
    """A day to tap, named with its date."""
    name = {1: _("Tomorrow"), 7: _("In a week"), 14: _("In two weeks"), 28: _("In four weeks")}[ahead]
    return compose(_("{name} ({day})"), name=name, day=day_words(language, day, today)).plain


def day_refused(_: Translate, why: Why) -> str:
    """Why a day cannot be that of an appointment."""
    return {
        Why.NOT_A_DATE: _("I could not read that as a date."),
        Why.TOO_EARLY: _("That day is over already. I can note a day from today on."),
        Why.TOO_LATE: _("That is more than two years ahead. I can note a day within the next two years."),
    }[why]


def which_day(_: Translate) -> Text:
    return compose(_("That can be read as two days. Which one do you mean?"))


def ask_time(_: Translate, language: str, day: date, today: date) -> Text:
    return paragraphs(
        compose(_("At what time on {day}?"), day=day_words(language, day, today)),
        _("Write it like 9:30 or 2pm."),
    )


def no_time(_: Translate) -> str:
    return _("I don't know the time")


def time_refused(_: Translate) -> str:
    return _("I could not read that as a time of day.")


def which_time(_: Translate) -> Text:
    return compose(_("Which time do you mean?"))


def ask_with(_: Translate) -> Text:
    return compose(_("With whom? Tap a name, or write one."))


def nobody_named(_: Translate) -> str:
    return _("Leave it open")


# The questions


def questions(_: Translate, file: File) -> Message:
    """What the person wants to ask, each to remove."""
    intro = compose(
        _("Up to {most} questions for your care team. I show them on the day before an appointment."),
        most=MOST_QUESTIONS,
    )
    removing = [
        Choice(compose(_("Remove {number}"), number=n).plain, Action(ROOM, "unask", question_key(words)))
        for n, words in enumerate(file.questions, 1)
    ]
    rows: list[tuple[Choice, ...]] = [tuple(removing[at : at + 3]) for at in range(0, len(removing), 3)]
    if len(file.questions) < MOST_QUESTIONS:
        rows.append((Choice(_("Add a question"), Action(ROOM, "ask")),))
    return Message(paragraphs(bold(_("Questions")), intro, lines(*numbered(file))), (*rows, _back(_)))


def ask_question(_: Translate, most: int) -> Text:
    return compose(_("What would you like to ask them? One question, at most {most} characters."), most=most)


def questions_full(_: Translate) -> str:
    return compose(_("There is room for {most} questions. Remove one first."), most=MOST_QUESTIONS).plain

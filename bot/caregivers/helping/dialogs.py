"""Telling something, as data: about whom, what, and whether that is meant."""

from bot.caregivers.helping import rules, wording
from bot.conversation.dialogs import (
    Again,
    Answers,
    Context,
    Dialog,
    Got,
    Option,
    Prompt,
    Read,
    Reply,
    Step,
    Stop,
)
from bot.conversation.text import clean

# Pairs of a caregiver's entry and their own name for that person, before the question; then one of each.
PEOPLE, WHOM, NAME, WORDS = "people", "whom", "name", "words"


def _ask_whom(context: Context, answers: Answers) -> Prompt:
    options = tuple((Option(wording.short(name), str(key)),) for key, name in answers[PEOPLE])
    return Prompt(wording.about_whom(context.gettext), options)


def _read_whom(context: Context, answers: Answers, reply: Reply) -> Read:
    for key, name in answers[PEOPLE]:
        if reply.option == str(key):
            return Got({WHOM: key, NAME: name})
    return Again(wording.tap_one(context.gettext))


def _ask_words(context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.ask_words(context.gettext, answers[NAME], rules.LONGEST_WORD))


def _read_words(context: Context, _answers: Answers, reply: Reply) -> Read:
    words = clean(reply.text or "")
    if not 0 < len(words) <= rules.LONGEST_WORD:
        return Again(wording.words_refused(context.gettext, rules.LONGEST_WORD))
    return Got({WORDS: words})


def _ask_sure(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = (
        (Option(wording.tell_it(_), "yes", "success"),),
        (Option(wording.leave_it(_), "no"),),
    )
    return Prompt(wording.ask_sure(_, answers[NAME], answers[WORDS]), rows)


def _read_sure(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({})
        case "no":
            return Stop(wording.left_unsaid(context.gettext))
    return Again(wording.tap_one(context.gettext))


TELLING = Dialog(
    "telling",
    (
        Step("whom", _ask_whom, _read_whom, then="words"),
        Step("words", _ask_words, _read_words, then="sure"),
        Step("sure", _ask_sure, _read_sure),
    ),
)

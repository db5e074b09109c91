"""The questions about a post: what, the words, when; and the card before it is kept."""

from bot.conversation.calendar import described
from bot.conversation.catalogs import SOURCE_LANGUAGE
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
from bot.conversation.periods import ALWAYS
from bot.conversation.readings import options_of, phrase_of
from bot.conversation.times import NotUnderstood, Understood, Why, read_timing
from bot.groups.posts import rules, wording
from bot.groups.posts.contents import OWN
from bot.groups.posts.library import SUBJECTS, shelf
from scheduler.localtime import local_day, zone
from scheduler.timing import from_data, to_data

_ALL, _USE, _AGAIN, _YES, _OTHER, _NO = "all", "use", "again", "yes", "other", "no"
_AHEAD = 3


def ask_subject(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    rows = tuple((Option(wording.subject_name(_, subject), subject),) for subject in SUBJECTS)
    return Prompt(wording.ask_subject(_), (*rows, (Option(wording.own_words(_), OWN),)))


def read_subject(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option == OWN:
        return Got({"subject": OWN}, then="own")
    if reply.option in SUBJECTS:
        return Got({"subject": reply.option}, then="text")
    return Again(wording.tap_one(context.gettext))


def ask_text(context: Context, answers: Answers) -> Prompt:
    _, leaves = context.gettext, shelf(answers["subject"])
    texts = [leaf.in_language(answers.get("language", SOURCE_LANGUAGE)) for leaf in leaves]
    numbered = tuple(Option(str(number), leaf.key) for number, leaf in enumerate(leaves, 1))
    return Prompt(
        wording.ask_text(_, answers["subject"], texts),
        ((Option(wording.all_in_turn(_), _ALL, "primary"),), numbered),
    )


def read_text(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _ALL:
        return Got({"key": None}, then="when")
    if reply.option in {leaf.key for leaf in shelf(answers["subject"])}:
        return Got({"key": reply.option}, then="when")
    return Again(wording.tap_one(context.gettext))


def ask_own(context: Context, _answers: Answers) -> Prompt:
    return Prompt(wording.ask_own(context.gettext, rules.LONGEST_WORDS))


def read_own(context: Context, _answers: Answers, reply: Reply) -> Read:
    _, words = context.gettext, rules.tidy(reply.text or "")
    match rules.flaw_of(words):
        case "empty":
            return Again(wording.own_empty(_))
        case "too long":
            return Again(wording.own_too_long(_))
        case _unflawed:
            return Got({"words": words}, then="back")


def ask_back(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = (
        (Option(wording.use_it(_), _USE, "success"),),
        (Option(wording.write_again(_), _AGAIN),),
        (Option(wording.never_mind(_), _NO),),
    )
    return Prompt(wording.read_back(_, rules.shown(answers["words"])), rows)


def read_back(context: Context, answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "use":
            return Got({}, then="when")
        case "again":
            return Got({}, then="own")
        case "no":
            return Stop(wording.nothing_kept(context.gettext))
    return read_own(context, answers, reply)


def ask_when(context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.ask_when(context.gettext, answers["zone"]))


def read_when(context: Context, answers: Answers, reply: Reply) -> Read:
    """A phrase of the same grammar as for medicines, without what makes sense for doses alone."""
    _, text = context.gettext, reply.text or ""
    read = read_timing(text, local_day(context.now, zone(answers["zone"])))
    if isinstance(read, NotUnderstood):
        unclear = read.why is Why.MORNING_OR_EVENING
        return Again(wording.morning_or_evening(_) if unclear else wording.not_understood(_))
    readings = options_of(read)
    if any(reading.period != ALWAYS for reading in readings):
        return Again(wording.no_dates(_))
    timings = [timing for reading in readings if (timing := rules.on_days(reading.timing)) is not None]
    if len(timings) < len(readings):
        return Again(wording.not_understood(_))
    if isinstance(read, Understood):
        return Got({"timing": to_data(timings[0])}, then="confirm")
    return Got({"timings": [to_data(timing) for timing in timings], "phrase": phrase_of(read)}, then="which")


def ask_which(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = tuple(
        (Option(described(_, from_data(timing)).plain, str(number)),)
        for number, timing in enumerate(answers["timings"])
    )
    return Prompt(wording.which_timing(_, answers["phrase"]), rows)


def read_which(context: Context, answers: Answers, reply: Reply) -> Read:
    number = reply.option or ""
    if number.isdigit() and int(number) < len(answers["timings"]):
        return Got({"timing": answers["timings"][int(number)]}, then="confirm")
    return read_when(context, answers, reply)


def ask_confirm(context: Context, answers: Answers) -> Prompt:
    _, timing, place = context.gettext, from_data(answers["timing"]), zone(answers["zone"])
    ahead = rules.next_of(timing, place, context.now, _AHEAD)
    rows = (
        (Option(wording.yes_post(_), _YES, "success"),),
        (Option(wording.other_times(_), _OTHER),),
        (Option(wording.never_mind(_), _NO),),
    )
    return Prompt(wording.confirm(_, answers["subject"], described(_, timing), ahead, place.key), rows)


def read_confirm(context: Context, answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({})
        case "other":
            return Got({}, then="when")
        case "no":
            return Stop(wording.nothing_kept(context.gettext))
    return read_when(context, answers, reply)


WHEN = (
    Step("when", ask_when, read_when),
    Step("which", ask_which, read_which),
    Step("confirm", ask_confirm, read_confirm),
)
ADD = Dialog(
    "gpost",
    (
        Step("subject", ask_subject, read_subject),
        Step("text", ask_text, read_text),
        Step("own", ask_own, read_own),
        Step("back", ask_back, read_back),
        *WHEN,
    ),
)
TIMES = Dialog("gtimes", WHEN)

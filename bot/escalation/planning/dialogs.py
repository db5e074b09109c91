"""The dialogs about the safety plan as data: one step, one trusted person."""

from bot.conversation.catalogs import Gettext, safety
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.text import clean
from bot.escalation.planning import editing as wording
from bot.escalation.planning.plan import LONGEST_NAME, LONGEST_STEP, acceptable_name, as_typed, fits
from bot.escalation.planning.reach import read_reach

# Keys of the answers. WORDS is None when the step stays as it is; THROUGH: the other steps follow.
LANGUAGE, NUMBER, THROUGH, NOW, WORDS = "language", "number", "through", "now", "words"
COUNTRY, CONTACT, NAME, REACH = "country", "contact", "name", "reach"

LEAVE, _EMPTY, _STOP, _GO_ON, _TAKE_OUT = "leave", "empty", "stop", "go", "out"


def _tongue(answers: Answers) -> Gettext:
    return safety(answers[LANGUAGE])


def ask_words(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), answers[NOW]
    rows = [(Option(wording.leave(_, now), LEAVE),)]
    if now:
        rows.append((Option(wording.empty(_), _EMPTY),))
    if answers[THROUGH]:
        rows.append((Option(wording.stop_here(_), _STOP),))
    return Prompt(wording.ask_step(_, answers[NUMBER], now), tuple(rows))


def read_words(_context: Context, answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "leave":
            return Got({WORDS: None})
        case "empty":
            return Got({WORDS: ""})
        case "stop":
            return Got({WORDS: None, THROUGH: False})
    words = as_typed(reply.text or "")
    if not words:
        return Again(wording.nothing_readable(_tongue(answers)))
    if not fits(words):
        return Again(wording.too_long(_tongue(answers), LONGEST_STEP))
    return Got({WORDS: words})


def ask_kept(_context: Context, answers: Answers) -> Prompt:
    """What was written has been kept, although a card came up in between."""
    _ = _tongue(answers)
    rows = ((Option(wording.go_on(_), _GO_ON),), (Option(wording.take_out(_), _TAKE_OUT),))
    return Prompt(wording.kept_all_the_same(_, answers[NUMBER]), rows)


def read_kept(_context: Context, answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "go":
            return Got({WORDS: None})
        case "out":
            return Got({WORDS: answers[NOW]})
    return Again(wording.tap_one(_tongue(answers)))


def ask_name(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), answers.get(NAME, "")
    return Prompt(wording.ask_name(_, now), ((Option(wording.keep(_), LEAVE),),) if now else ())


def read_name(_context: Context, answers: Answers, reply: Reply) -> Read:
    """Somebody's name; also of the care team, in whose dialogs the keys are the same."""
    if reply.option == LEAVE and answers.get(NAME):
        return Got({})
    name = clean(reply.text or "")
    if not acceptable_name(name):
        return Again(wording.name_refused(_tongue(answers), LONGEST_NAME))
    return Got({NAME: name})


def ask_reach(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), answers.get(REACH, "")
    return Prompt(
        wording.ask_reach(_, answers[NAME], now), ((Option(wording.keep(_), LEAVE),),) if now else ()
    )


def read_way(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == LEAVE and answers.get(REACH):
        return Got({})
    reach = read_reach(reply.text or "", answers[COUNTRY])
    return Again(wording.reach_refused(_tongue(answers))) if reach is None else Got({REACH: reach})


STEP = Dialog("planstep", (Step("words", ask_words, read_words), Step("kept", ask_kept, read_kept)))
PERSON = Dialog(
    "trusted", (Step("name", ask_name, read_name, then="reach"), Step("reach", ask_reach, read_way))
)

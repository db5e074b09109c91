"""Which message answers a cry."""

import structlog

from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE, Gettext, offered, safety
from bot.conversation.inbound import Origin
from bot.conversation.message import Action, Message
from bot.conversation.sheet import sheet_of
from bot.escalation import rules, wording
from bot.escalation.crisis.cry import Cry
from bot.escalation.crisis.homes import Home
from bot.escalation.lines.helplines import Helplines
from bot.escalation.planning import wording as plan_wording
from bot.escalation.planning.plan import Plan
from bot.escalation.rules import CardFacts, CrisisPress, Step

_log = structlog.get_logger(__name__)


def language_of(cry: Cry, home: Home | None, origin: Origin) -> str:
    """The language to answer in: of the words or the button, of the person, of their device, English."""
    known = (cry.language, home.language if home else "")
    return next((language for language in known if language in LANGUAGE_NAMES), offered(origin.language))


def language_for_all(cry: Cry, group: Home | None, *, seen: bool) -> str:
    """The language of a line that a whole group reads: the group's, that of words all of them saw, English.

    Never that of a person or their device: it would tell who it was.
    """
    known = (group.language if group else "", cry.language if seen else "")
    return next((language for language in known if language in LANGUAGE_NAMES), SOURCE_LANGUAGE)


def wants_plan(cry: Cry) -> bool:
    """True when the answer shows what the person themself wrote."""
    return cry.press is not None and cry.press.step in {Step.PLAN, Step.REACH}


def answer(cry: Cry, helplines: Helplines, facts: CardFacts, plan: Plan | None) -> Message:
    """The message for a private chat. `plan` is None when it could not be read."""
    _ = safety(facts.language)
    if cry.press is None:
        urgent = cry.finding is None or rules.answer_to(cry.finding) == "card"
        return wording.card(_, facts) if urgent else wording.gentle(_, facts)
    if wants_plan(cry):
        return _of_the_plan(_, cry.press, facts, plan)
    match cry.press.step:
        case Step.COUNTRIES:
            return wording.countries(_, helplines, cry.press.page, facts.language)
        case Step.THEIRS:
            return wording.their_countries(_, helplines, cry.press.page, facts.language)
        case Step.NO:
            return wording.dismissed(_, facts)
        case Step.UNSAID:
            return wording.unsaid(_, facts)
        case Step.WORRIED:
            return wording.helper_steps(_, facts)
        case Step.GROUND:
            return wording.grounding(_, facts)
    return wording.card(_, facts)


def unsigned(_action: Action) -> str:
    """Signs nothing: what goes out here must work without us knowing who presses it."""
    raise ValueError("a crisis message has public buttons only")


def _of_the_plan(_: Gettext, press: CrisisPress, facts: CardFacts, plan: Plan | None) -> Message:
    """What a person wrote on a good day must never be the reason that nothing comes on a bad one."""
    try:
        if press.step is Step.REACH:
            message = plan_wording.reach_message(_, plan, facts, press.page)
        elif plan is not None:
            message = plan_wording.plan_message(_, plan, facts)
        else:
            return wording.plan_closed(_, facts)
        sheet_of(message, unsigned)
    except Exception as error:
        _log.error("plan_cannot_be_shown", error=type(error).__name__)
        return wording.plan_closed(_, facts)
    return message

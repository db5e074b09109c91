"""Word for word what a caregiver would read, by the very functions that write to them."""

from datetime import time, timedelta

from bot.caregivers.letters import wording as letters
from bot.caregivers.scoping.choices import Draft, wished
from bot.caregivers.telling import doses
from bot.conversation.catalogs import Gettext, safety
from bot.conversation.letters import Receiver
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from scheduler.localtime import instant
from storage import regimens
from storage.vocabulary import Scope

_SLOT = time(8)
# Numbers that show every sentence of the count.
_WEEK = (5, 7, 1)


async def previews(visit: Visit, draft: Draft, to: Receiver) -> list[Text]:
    """In the caregiver's language, and in the person's where that is another one."""
    names = await _names(visit) if draft.names else []
    texts = [_text(safety(tongue), visit, draft, to, names) for tongue in _tongues(visit, to)]
    return list({text.plain: text for text in texts}.values())


def recording_buttons(visit: Visit, to: Receiver) -> list[str]:
    """What stands on the button of whoever may record, likewise."""
    return list(dict.fromkeys(letters.record_button(safety(tongue)) for tongue in _tongues(visit, to)))


def _tongues(visit: Visit, to: Receiver) -> list[str]:
    return list(dict.fromkeys((to.person.language, visit.person.language)))


def _text(_: Gettext, visit: Visit, draft: Draft, to: Receiver, names: list[str]) -> Text:
    match draft.kind:
        case Scope.DOSE_NOT_RECORDED:
            return _dose(_, visit, draft, to, names)
        case Scope.WEEKLY_COUNT:
            return letters.week(_, *_WEEK)
        case Scope.PATTERN_NOTICED:
            return letters.pattern(_)
        case Scope.LOW_MOOD:
            return letters.low_mood(_)
    return letters.need_you(_, again=False)


def _dose(_: Gettext, visit: Visit, draft: Draft, to: Receiver, names: list[str]) -> Text:
    due = instant(visit.today, _SLOT, visit.zone) or visit.now
    now = due + max(wished(draft.delay), _last_reminder(visit) + doses.GRACE)
    other = visit.zone.key if to.zone.key != visit.zone.key else ""
    at, slot = letters.moment(now, visit.zone, other), letters.moment(due, visit.zone)
    return letters.dose_not_recorded(_, at, slot, names, draft.threshold or 1)


def _last_reminder(visit: Visit) -> timedelta:
    """How long after the dose the last of our reminders comes."""
    return timedelta(minutes=visit.person.nudges * visit.person.nudge_minutes)


async def _names(visit: Visit) -> list[str]:
    found = await regimens.of_people(visit.session, [visit.person.key])
    return [regimens.open_words(visit.sealer, version)[0] for _regimen, version in found]

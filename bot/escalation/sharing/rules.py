"""When the safety information about sharing is shown, and what stands on it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.escalation.lines.helplines import FINDERS, Country, Helplines, Line
from bot.escalation.noticing.rules import Hours
from bot.escalation.rules import OLD_AFTER_DAYS, CardFacts, card_for

# Shown once, it is known; shown often, it is a nuisance to some and a danger to others. The outbox remembers
# it: it keeps what was sent for as long.
APART = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When it may leave, and until when."""

    not_before: datetime
    not_after: datetime


def may_tell(last_told: datetime | None, now: datetime) -> bool:
    """Whether it may be told now; `last_told` is when it was said, if that has reached them or still may."""
    return last_told is None or now - last_told >= APART


def appointment(hours: Hours, tomorrow: date, now: datetime) -> Appointment:
    """The next day, late in the morning, out of quiet and calm hours.

    Never at once: whoever made this person share may still be beside them.
    """
    at = hours.morning(tomorrow) or now + timedelta(days=1)
    at = hours.silent_until(at) or at
    return Appointment(at, hours.until(at))


def information(helplines: Helplines, code: str | None, today: date, language: str) -> CardFacts:
    """The facts of a card whose lines are those about abuse, for the one country named.

    The finders stand beside them where each line is for a part of the country, and where they are old.
    """
    facts, country = card_for(helplines, code, today, language=language), helplines.of(code)
    if country is None or not country.abuse_trusted:
        return replace(facts, lines=(), finders=FINDERS)
    lines = tuple(sorted(country.abuse, key=lambda line: language not in line.languages))
    whole = any(not call.place for line in lines for call in line.call if line.audience != "men")
    finders = () if whole and not _old(country, today) else FINDERS
    return replace(facts, lines=lines, finders=finders, alike=_alike(lines))


def _old(country: Country, today: date) -> bool:
    return (today - country.oldest_of_all).days > OLD_AFTER_DAYS


def _alike(lines: Iterable[Line]) -> bool:
    return len({(line.verified_on, line.verified_how) for line in lines}) == 1

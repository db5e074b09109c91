"""Pure decisions of the crisis path: which answer, which card, what a button means."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from bot.conversation.catalogs import SOURCE_LANGUAGE
from bot.escalation.lines.helplines import FINDERS, Country, Helplines, Line
from bot.escalation.lines.territories import HOMES, country_name, in_order
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier

# The public tokens. They need no signature, so they work from any message, for anybody, without a database.
# Each may carry the language of its card; the country chosen there, when, and the country of the home then
# ("sos:yes@es", "sos:plan@es-MX-htn2o-ES"; "sos:plan@es-MX", which does not say when, is of an earlier make).
# They stay in old messages for ever: none may change.
SOS = "sos"
BACK = "sos:back"
PLAN = "sos:plan"
REACH = "sos:reach"
GROUND = "sos:ground"
WORRIED = "sos:worried"
THEIRS = "sos:worried:countries"
COUNTRIES = "sos:countries"
YES = "sos:yes"
NO = "sos:no"
UNSAID = "sos:unsaid"

OLD_AFTER_DAYS = 180
COUNTRIES_PER_PAGE = 24

_COUNTRY_TOKEN = re.compile(r"sos:([A-Z]{2})", re.ASCII)
_PAGE_TOKEN = re.compile(r"sos:countries:([1-9])", re.ASCII)
_THEIR_COUNTRY_TOKEN = re.compile(r"sos:worried:([A-Z]{2})", re.ASCII)
_THEIR_PAGE_TOKEN = re.compile(r"sos:worried:countries:([1-9])", re.ASCII)
_DRAFT_TOKEN = re.compile(r"sos:reach:([1-3])", re.ASCII)
_CARD_TAG = re.compile(r"([a-z]{2})(?:-([A-Z]{2})(?:-([0-9a-z]{1,7})(?:-([A-Z]{2}))?)?)?", re.ASCII)

STAY_MINUTES = 12 * 60


class Step(StrEnum):
    """What a press on a button of this wing asks for.

    BACK shows the card that was open before. COUNTRIES is about where the person is, THEIRS about where
    somebody is whom they worry about.
    """

    CARD = "card"
    BACK = "back"
    PLAN = "plan"
    REACH = "reach"
    COUNTRIES = "countries"
    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"
    WORRIED = "worried"
    THEIRS = "theirs"
    GROUND = "ground"


class Outlook(StrEnum):
    """What an answer means for the hours after it.

    OWN: the person may be in danger. DISMISSED: they said no. OTHER: it is about somebody else. AGAIN: a page
    of an answer that was given already.
    """

    OWN = "own"
    DISMISSED = "dismissed"
    OTHER = "other"
    AGAIN = "again"


_OUTLOOKS = {
    Step.CARD: Outlook.OWN,
    Step.YES: Outlook.OWN,
    Step.UNSAID: Outlook.OWN,
    Step.NO: Outlook.DISMISSED,
    Step.WORRIED: Outlook.OTHER,
}


@dataclass(frozen=True, slots=True)
class Stay:
    """The country where somebody is for the time being, as they said on a card.

    `minute` is when, counted from the beginning of 1970, None when that is not known. `home` is the country
    of their home then, as far as it was known.
    """

    country: str
    minute: int | None = None
    home: str | None = None

    def holds(self, minute: int) -> bool:
        """For twelve hours. One of which nobody knows how old it is does not."""
        return self.minute is not None and abs(minute - self.minute) < STAY_MINUTES

    @property
    def tag(self) -> str:
        """How a button carries it."""
        when = "" if self.minute is None else f"-{_in_letters(self.minute)}"
        return f"{self.country}{when}-{self.home}" if when and self.home else f"{self.country}{when}"


@dataclass(frozen=True, slots=True)
class CrisisPress:
    """A press on a button of this wing.

    `country` is set when one is chosen by this press; `chosen` when one was chosen on the card that bore the
    button, or before; `page` counts from 1, of the countries or of the drafts; `language` is that of the card
    that bore the button, "" when the button did not say.
    """

    step: Step
    country: str | None = None
    page: int = 1
    language: str = ""
    chosen: Stay | None = None


@dataclass(frozen=True, slots=True)
class CountryPage:
    """One page of the countries to choose from, as (code, name), sorted by name in one language."""

    entries: tuple[tuple[str, str], ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a card may show. Without a country there is no number at all, only finders and a choice.

    `country` is its name in `language`. `choices`: the countries offered at once, as (code, name); the others
    are one press away, because a wall of buttons would push the words out of sight. `chosen`: where they are
    as they said on a card, for their buttons. `theirs`: it is where somebody else is. `alike`:
    everything shown was verified on one day in one way.
    """

    code: str | None
    country: str | None
    emergency: tuple[str, ...]
    lines: tuple[Line, ...]
    finders: tuple[str, ...]
    verified_on: date | None
    verified_how: str
    old: bool
    overdose: bool = False
    someone_else: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    language: str = SOURCE_LANGUAGE
    alike: bool = True
    chosen: Stay | None = None
    theirs: bool = False


_TOKENS = {
    SOS: CrisisPress(Step.CARD),
    BACK: CrisisPress(Step.BACK),
    PLAN: CrisisPress(Step.PLAN),
    REACH: CrisisPress(Step.REACH),
    GROUND: CrisisPress(Step.GROUND),
    WORRIED: CrisisPress(Step.WORRIED),
    THEIRS: CrisisPress(Step.THEIRS),
    COUNTRIES: CrisisPress(Step.COUNTRIES),
    YES: CrisisPress(Step.YES),
    NO: CrisisPress(Step.NO),
    UNSAID: CrisisPress(Step.UNSAID),
}


def read_token(token: str) -> CrisisPress | None:
    """What a public token means, or None when it is not exactly one of ours."""
    what, mark, card = token.partition("@")
    press, tag = _read(what), _CARD_TAG.fullmatch(card)
    if press is None or (mark and tag is None):
        return None
    return replace(press, language=tag[1], chosen=_stay(tag)) if tag else press


def _stay(tag: re.Match[str]) -> Stay | None:
    _, country, when, home = tag.groups()
    return Stay(country, int(when, 36) if when else None, home) if country else None


def _in_letters(number: int) -> str:
    """A number ≥ 0 by the digits and the small letters, as `int(…, 36)` reads it."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    letters = digits[number % 36]
    while number := number // 36:
        letters = digits[number % 36] + letters
    return letters


def _read(token: str) -> CrisisPress | None:
    if known := _TOKENS.get(token):
        return known
    if country := _COUNTRY_TOKEN.fullmatch(token):
        return CrisisPress(Step.CARD, country=country[1])
    if page := _PAGE_TOKEN.fullmatch(token):
        return CrisisPress(Step.COUNTRIES, page=int(page[1]))
    if theirs := _THEIR_COUNTRY_TOKEN.fullmatch(token):
        return CrisisPress(Step.WORRIED, country=theirs[1])
    if page := _THEIR_PAGE_TOKEN.fullmatch(token):
        return CrisisPress(Step.THEIRS, page=int(page[1]))
    if draft := _DRAFT_TOKEN.fullmatch(token):
        return CrisisPress(Step.REACH, page=int(draft[1]))
    return None


def in_language(token: str, language: str, chosen: Stay | None = None) -> str:
    """The token whose answer speaks this language, and stays in the country that was chosen."""
    return f"{token}@{language}-{chosen.tag}" if chosen else f"{token}@{language}"


def country_token(code: str, *, theirs: bool = False) -> str:
    """The token of the button that chooses a country; `theirs`: that of somebody else."""
    return f"{WORRIED if theirs else SOS}:{code}"


def page_token(page: int, *, theirs: bool = False) -> str:
    """The token of the button that shows a page of countries."""
    return f"{THEIRS if theirs else COUNTRIES}:{page}"


def draft_token(number: int) -> str:
    """The token of the button that shows draft 1, 2 or 3 of a message to somebody."""
    return f"{REACH}:{number}"


def answer_to(finding: Finding) -> Literal["card", "gentle"] | None:
    """Which of the two answers a finding of the screen calls for, if any."""
    if finding.tier is Tier.URGENT:
        return "card"
    return "gentle" if finding.tier is Tier.GENTLE else None


def asks(finding: Finding) -> bool:
    """Whether the answer to a finding asks if it is about ending one's life."""
    return (
        answer_to(finding) == "gentle"
        and OVERDOSE not in finding.reasons
        and not _about_someone_else(finding)
    )


def outlook_of_press(press: CrisisPress) -> Outlook:
    """What a press means for the hours after it. The choice of a country turns a page, no more."""
    return Outlook.AGAIN if press.country else _OUTLOOKS.get(press.step, Outlook.AGAIN)


def outlook_of_finding(finding: Finding) -> Outlook:
    """What a text means for the hours after it."""
    return Outlook.OTHER if _about_someone_else(finding) else Outlook.OWN


def card_for(
    helplines: Helplines,
    country_code: str | None,
    today: date,
    finding: Finding | None = None,
    language: str = SOURCE_LANGUAGE,
) -> CardFacts:
    """The facts of a card, for the one country named and never for a second one.

    An unknown country brings no number; confidence C or D brings the emergency numbers and the finders;
    data older than 180 days keeps its lines and brings the finders beside them.
    """
    country = helplines.of(country_code)
    shown = country.lines if country and country.trusted else ()
    old = country is not None and (today - country.oldest).days > OLD_AFTER_DAYS
    return CardFacts(
        code=country.code if country else None,
        country=country_name(country.code, country.name, language) if country else None,
        emergency=country.emergency if country else (),
        lines=_in_order(shown, language),
        finders=() if shown and not old else FINDERS,
        verified_on=country.verified_on if country else None,
        verified_how=country.verified_how if country else "",
        old=old,
        overdose=finding is not None and OVERDOSE in finding.reasons,
        someone_else=finding is not None and _about_someone_else(finding),
        choices=() if country else likely(helplines, language),
        language=language,
        alike=country is None or all(_verified(line) == _verified(country) for line in shown),
    )


def page_of(helplines: Helplines, page: int, language: str = SOURCE_LANGUAGE) -> CountryPage:
    """A page of countries; a page that does not exist becomes the nearest one that does."""
    countries = in_order({each.code: each.name for each in helplines.countries.values()}, language)
    pages = max(1, -(-len(countries) // COUNTRIES_PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * COUNTRIES_PER_PAGE
    return CountryPage(countries[first : first + COUNTRIES_PER_PAGE], page, pages)


def likely(helplines: Helplines, language: str) -> tuple[tuple[str, str], ...]:
    """The countries where many speak a language, as (code, name in it), sorted by name."""
    codes = HOMES.get(language, ())
    return in_order({code: helplines.countries[code].name for code in codes if helplines.of(code)}, language)


def _about_someone_else(finding: Finding) -> bool:
    return SOMEONE_ELSE in finding.reasons and finding.tier is not Tier.URGENT


def _verified(what: Country | Line) -> tuple[date, str]:
    return what.verified_on, what.verified_how


def _in_order(lines: tuple[Line, ...], language: str) -> tuple[Line, ...]:
    """First the lines that speak the card's language.

    A children's line helps a child who is here anyway, but never stands where the main line belongs.
    """
    return tuple(sorted(lines, key=lambda line: (line.audience != "everyone", not _speaks(line, language))))


def _speaks(line: Line, language: str) -> bool:
    return language in line.languages or any(call.language == language for call in line.call)

"""Pure decisions of the crisis path: which answer, which card, what a button means."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from bot.escalation.helplines import FINDERS, Country, Helplines, Line
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier

# The public tokens. They need no signature, so they work from any message, for anybody, without a database.
SOS = "sos"
GROUND = "sos:ground"
WORRIED = "sos:worried"
COUNTRIES = "sos:countries"
YES = "sos:yes"
NO = "sos:no"
UNSAID = "sos:unsaid"

OLD_AFTER_DAYS = 180
COUNTRIES_PER_PAGE = 24

_COUNTRY_TOKEN = re.compile(r"sos:([A-Z]{2})", re.ASCII)
_PAGE_TOKEN = re.compile(r"sos:countries:([1-9])", re.ASCII)


class Step(StrEnum):
    """What a press on a button of this wing asks for."""

    CARD = "card"
    COUNTRIES = "countries"
    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"
    WORRIED = "worried"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class CrisisPress:
    """A press on a button of this wing. `country` is set when one was chosen, `page` counts from 1."""

    step: Step
    country: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class CountryPage:
    """One page of the countries to choose from, as (code, name), sorted by name."""

    entries: tuple[tuple[str, str], ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a card may show. Without a country there is no number at all, only finders and a choice."""

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
    choices: CountryPage | None = None


_TOKENS = {
    SOS: CrisisPress(Step.CARD),
    GROUND: CrisisPress(Step.GROUND),
    WORRIED: CrisisPress(Step.WORRIED),
    COUNTRIES: CrisisPress(Step.COUNTRIES),
    YES: CrisisPress(Step.YES),
    NO: CrisisPress(Step.NO),
    UNSAID: CrisisPress(Step.UNSAID),
}


def read_token(token: str) -> CrisisPress | None:
    """What a public token means, or None when it is not exactly one of ours."""
    if known := _TOKENS.get(token):
        return known
    if country := _COUNTRY_TOKEN.fullmatch(token):
        return CrisisPress(Step.CARD, country=country[1])
    if page := _PAGE_TOKEN.fullmatch(token):
        return CrisisPress(Step.COUNTRIES, page=int(page[1]))
    return None


def country_token(code: str) -> str:
    """The token of the button that chooses a country."""
    return f"{SOS}:{code}"


def page_token(page: int) -> str:
    """The token of the button that shows a page of countries."""
    return f"{COUNTRIES}:{page}"


def answer_to(finding: Finding) -> Literal["card", "gentle"] | None:
    """Which of the two answers a finding of the screen calls for, if any."""
    if finding.tier is Tier.URGENT:
        return "card"
    return "gentle" if finding.tier is Tier.GENTLE else None


def card_for(
    helplines: Helplines, country_code: str | None, today: date, finding: Finding | None = None
) -> CardFacts:
    """The facts of a card, for the one country named and never for a second one.

    An unknown country brings no number; confidence C or D brings the emergency numbers and the finders;
    data older than 180 days keeps its lines and brings the finders beside them.
    """
    country = helplines.of(country_code)
    reasons = finding.reasons if finding else ()
    shown = country.lines if country and country.trusted else ()
    old = country is not None and (today - country.oldest).days > OLD_AFTER_DAYS
    return CardFacts(
        code=country.code if country else None,
        country=country.name if country else None,
        emergency=country.emergency if country else (),
        lines=_main_lines_first(shown),
        finders=() if shown and not old else FINDERS,
        verified_on=country.verified_on if country else None,
        verified_how=country.verified_how if country else "",
        old=old,
        overdose=OVERDOSE in reasons,
        someone_else=SOMEONE_ELSE in reasons and not (finding and finding.tier is Tier.URGENT),
        choices=None if country else page_of(helplines, 1),
    )


def page_of(helplines: Helplines, page: int) -> CountryPage:
    """A page of countries; a page that does not exist becomes the nearest one that does."""
    countries = helplines.by_name
    pages = max(1, -(-len(countries) // COUNTRIES_PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * COUNTRIES_PER_PAGE
    return CountryPage(tuple(map(_entry, countries[first : first + COUNTRIES_PER_PAGE])), page, pages)


def _entry(country: Country) -> tuple[str, str]:
    return country.code, country.name


def _main_lines_first(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A children's line helps a child who is here anyway, but never stands where the main line belongs."""
    return tuple(sorted(lines, key=lambda line: line.audience != "everyone"))

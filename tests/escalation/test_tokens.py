"""The public tokens are read strictly, mean the same for ever, and never raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.escalation.rules import (
    COUNTRIES,
    REACH,
    UNSAID,
    CrisisPress,
    Outlook,
    Stay,
    Step,
    country_token,
    draft_token,
    in_language,
    outlook_of_finding,
    outlook_of_press,
    page_token,
    read_token,
)
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier

# The first nine stand on cards that were sent before tokens carried a language, and are pressed for ever.
TOKENS = {
    "sos": CrisisPress(Step.CARD),
    "sos:US": CrisisPress(Step.CARD, country="US"),
    "sos:countries": CrisisPress(Step.COUNTRIES),
    "sos:worried:countries": CrisisPress(Step.THEIRS),
    "sos:worried:countries:2@de": CrisisPress(Step.THEIRS, page=2, language="de"),
    "sos:worried:MX": CrisisPress(Step.WORRIED, country="MX"),
    "sos:worried:MX@es-ES": CrisisPress(Step.WORRIED, country="MX", language="es", chosen=Stay("ES")),
    "sos:countries:3": CrisisPress(Step.COUNTRIES, page=3),
    "sos:yes": CrisisPress(Step.YES),
    "sos:no": CrisisPress(Step.NO),
    "sos:unsaid": CrisisPress(Step.UNSAID),
    "sos:worried": CrisisPress(Step.WORRIED),
    "sos:ground": CrisisPress(Step.GROUND),
    "sos:back": CrisisPress(Step.BACK),
    "sos:plan": CrisisPress(Step.PLAN),
    "sos:reach": CrisisPress(Step.REACH),
    "sos:reach:2": CrisisPress(Step.REACH, page=2),
    "sos@de": CrisisPress(Step.CARD, language="de"),
    "sos:US@es": CrisisPress(Step.CARD, country="US", language="es"),
    "sos:yes@es": CrisisPress(Step.YES, language="es"),
    "sos:countries:2@fr": CrisisPress(Step.COUNTRIES, page=2, language="fr"),
    "sos:yes@xx": CrisisPress(Step.YES, language="xx"),  # a language of tomorrow: the answer must come
}


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_means_one_thing(token: str) -> None:
    assert read_token(token) == TOKENS[token]


@pytest.mark.parametrize(
    "token",
    ["", "SOS", "sos:", "sos:us", "sos:USA", "sos:U", "sos:US ", "sos:US\n", "sos:ÜS", "sos:countries:0",
     "sos:countries:10", "sos:countries:٣", "sos:countries:", "sos:yes:", "xsos", "sos sos", "sos:NO1",
     "sos@", "sos@d", "sos@DE", "sos@deu", "sos@de@es", "@de", "sos:reach:0", "sos:reach:4", "sos@de\n"],
)  # fmt: skip
def test_anything_else_means_nothing(token: str) -> None:
    assert read_token(token) is None


@given(st.text(st.characters(exclude_categories=())))
def test_never_raises(token: str) -> None:
    read_token(token)
    read_token("sos:" + token)
    read_token("sos@" + token)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_tokens_we_write_are_tokens_we_read(language: str) -> None:
    def written(token: str) -> CrisisPress | None:
        return read_token(in_language(token, language))

    assert written(country_token("NO")) == CrisisPress(Step.CARD, country="NO", language=language)
    assert written(page_token(2)) == CrisisPress(Step.COUNTRIES, page=2, language=language)
    assert written(draft_token(3)) == CrisisPress(Step.REACH, page=3, language=language)
    assert written(UNSAID) == CrisisPress(Step.UNSAID, language=language)
    assert written(REACH) == CrisisPress(Step.REACH, language=language)
    assert written(COUNTRIES) == CrisisPress(Step.COUNTRIES, language=language)


@pytest.mark.parametrize(
    ("token", "outlook"),
    [
        ("sos", Outlook.OWN),
        ("sos:yes", Outlook.OWN),
        ("sos:unsaid", Outlook.OWN),
        ("sos:no", Outlook.DISMISSED),
        ("sos:worried", Outlook.OTHER),
        ("sos:back", Outlook.AGAIN),
        ("sos:US", Outlook.AGAIN),
        ("sos:ground", Outlook.AGAIN),
        ("sos:plan", Outlook.AGAIN),
        ("sos:reach:2", Outlook.AGAIN),
        ("sos:countries:2", Outlook.AGAIN),
    ],
)
def test_what_a_press_means_for_the_hours_after_it(token: str, outlook: Outlook) -> None:
    press = read_token(token)
    assert press is not None
    assert outlook_of_press(press) is outlook


def test_what_a_text_means_for_the_hours_after_it() -> None:
    assert outlook_of_finding(Finding(Tier.URGENT, (), "en")) is Outlook.OWN
    assert outlook_of_finding(Finding(Tier.GENTLE, (OVERDOSE,), "en")) is Outlook.OWN
    assert outlook_of_finding(Finding(Tier.GENTLE, (SOMEONE_ELSE,), "en")) is Outlook.OTHER
    assert outlook_of_finding(Finding(Tier.URGENT, (SOMEONE_ELSE,), "en")) is Outlook.OWN


def test_a_chosen_country_stays_on_the_buttons_of_its_card() -> None:
    press = read_token("sos:plan@de-DE")
    assert press is not None
    assert (press.step, press.language, press.chosen) == (Step.PLAN, "de", Stay("DE"))
    assert read_token("sos:plan@de-D") is None
    assert read_token("sos:plan@-DE") is None


@pytest.mark.parametrize(
    ("chosen", "token"),
    [
        (None, "sos:plan@es"),
        (Stay("MX"), "sos:plan@es-MX"),
        (Stay("MX", 0), "sos:plan@es-MX-0"),
        (Stay("MX", 29_936_400), "sos:plan@es-MX-htn2o"),
        (Stay("MX", 29_936_400, "ES"), "sos:plan@es-MX-htn2o-ES"),
    ],
)
def test_a_button_keeps_to_the_language_and_to_the_country_that_was_chosen(
    chosen: Stay | None, token: str
) -> None:
    assert in_language("sos:plan", "es", chosen) == token
    assert read_token(token) == CrisisPress(Step.PLAN, language="es", chosen=chosen)


@given(st.integers(0, 36**7 - 1))
def test_a_button_keeps_when_the_country_was_chosen(minute: int) -> None:
    token = in_language(page_token(9, theirs=True), "pt", Stay("BR", minute, "PT"))
    assert len(token) <= 64
    press = read_token(token)
    assert press is not None
    assert press.chosen == Stay("BR", minute, "PT")


@pytest.mark.parametrize(
    "tag", ["es-MX-", "es-MX-htn2o-", "es-MX-HTN2O", "es-MX-12345678", "es-MX-htn2o-es", "es--htn2o"]
)
def test_a_broken_mark_of_a_country_means_nothing(tag: str) -> None:
    assert read_token(f"sos:plan@{tag}") is None


@pytest.mark.parametrize(
    ("now", "holds"), [(1000, True), (1719, True), (1720, False), (281, True), (280, False)]
)
def test_a_choice_holds_for_twelve_hours_and_one_of_unknown_age_does_not(now: int, holds: bool) -> None:
    """A clock that is set back, or another worker's, can show an earlier minute."""
    assert Stay("MX", 1000).holds(now) is holds
    assert not Stay("MX").holds(now)

"""The public tokens are read strictly and never raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.rules import CrisisPress, Step, country_token, page_token, read_token


@pytest.mark.parametrize(
    ("token", "press"),
    [
        ("sos", CrisisPress(Step.CARD)),
        ("sos:US", CrisisPress(Step.CARD, country="US")),
        ("sos:countries", CrisisPress(Step.COUNTRIES)),
        ("sos:countries:3", CrisisPress(Step.COUNTRIES, page=3)),
        ("sos:yes", CrisisPress(Step.YES)),
        ("sos:no", CrisisPress(Step.NO)),
        ("sos:unsaid", CrisisPress(Step.UNSAID)),
        ("sos:worried", CrisisPress(Step.WORRIED)),
        ("sos:ground", CrisisPress(Step.GROUND)),
    ],
)
def test_a_token_means_one_thing(token: str, press: CrisisPress) -> None:
    assert read_token(token) == press


@pytest.mark.parametrize(
    "token",
    ["", "SOS", "sos:", "sos:us", "sos:USA", "sos:U", "sos:US ", "sos:US\n", "sos:ÜS", "sos:countries:0",
     "sos:countries:10", "sos:countries:٣", "sos:countries:", "sos:yes:", "xsos", "sos sos", "sos:NO1"],
)  # fmt: skip
def test_anything_else_means_nothing(token: str) -> None:
    assert read_token(token) is None


@given(st.text(st.characters(exclude_categories=())))
def test_never_raises(token: str) -> None:
    read_token(token)
    read_token("sos:" + token)


def test_tokens_we_write_are_tokens_we_read() -> None:
    assert read_token(country_token("NO")) == CrisisPress(Step.CARD, country="NO")
    assert read_token(page_token(2)) == CrisisPress(Step.COUNTRIES, page=2)

"""For whom a whisper is, and where none is tried."""

from datetime import UTC, datetime

from bot.conversation import whispers
from bot.conversation.whispers import Ear, Whispers
from scheduler.clock import SteerableClock

HERE, ELSEWHERE = "-5", "-6"
TYPED, UNSEEN = Ear("7"), Ear("7", "29000001")


def one() -> tuple[Whispers, SteerableClock]:
    clock = SteerableClock(datetime(2026, 11, 30, tzinfo=UTC), frozen=True)
    return Whispers(clock), clock


def given(slip: str | None) -> str:
    assert slip is not None
    return slip


def test_a_slip_names_nobody_and_is_good_for_some_minutes_here_alone() -> None:
    here, clock = one()
    slip, other = given(here.slip(HERE, TYPED)), given(here.slip(HERE, UNSEEN))
    assert slip != other
    assert "7" not in {slip, other}
    assert (here.ear(slip), here.ear(other)) == (TYPED, UNSEEN)
    assert one()[0].ear(slip) is None
    clock.advance(whispers.MEANT_SECONDS - 1)
    assert here.ear(slip) == TYPED
    clock.advance(1)
    assert here.ear(slip) is None
    given(here.slip(HERE, TYPED))
    assert len(here._meant) == 1


def test_where_it_was_refused_it_is_not_tried_for_an_hour_but_unseen_words_are_answered() -> None:
    here, clock = one()
    here.refused(HERE)
    assert here.slip(HERE, TYPED) is None
    assert here.slip(HERE, UNSEEN) is not None
    assert here.slip(ELSEWHERE, TYPED) is not None
    clock.advance(whispers.REFUSED_SECONDS - 1)
    assert here.slip(HERE, TYPED) is None
    clock.advance(1)
    assert here.slip(HERE, TYPED) is not None


def test_where_our_rights_changed_it_is_tried_again_at_once() -> None:
    here, _ = one()
    here.refused(HERE)
    here.refused(ELSEWHERE)
    here.may_again(HERE)
    assert here.slip(HERE, TYPED) is not None
    assert here.slip(ELSEWHERE, TYPED) is None


def test_a_server_that_does_not_know_whispers_is_not_tried_anywhere() -> None:
    here, _ = one()
    here.unknown()
    assert here.slip(HERE, TYPED) is None
    assert here.slip(ELSEWHERE, TYPED) is None
    assert here.slip(HERE, UNSEEN) is not None


def test_what_is_remembered_is_bounded() -> None:
    here, _ = one()
    oldest = given(here.slip(HERE, TYPED))
    for number in range(whispers.REMEMBERED):
        given(here.slip(HERE, TYPED))
        here.refused(f"-{number}0")
    assert here.ear(oldest) is None
    assert len(here._meant) == len(here._refused) == whispers.REMEMBERED

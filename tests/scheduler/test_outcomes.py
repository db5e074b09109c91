"""What follows from an outcome, line by line of the table in the design."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.lanes import Lane
from scheduler.outcomes import (
    Delivered,
    Landing,
    Moved,
    NotSent,
    Overdue,
    Refused,
    Returned,
    Unreachable,
    Unsure,
    Withheld,
    follow,
)
from storage.outbox import OutboxKind, OutboxState

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    lane: int = Lane.DOSE
    kind: OutboxKind = OutboxKind.SEND
    attempt: int = 1
    copies: int = 0
    not_before: datetime = NOW
    not_after: datetime | None = None


def seconds_until_again(row: Row, landing: Landing, jitter: float = 0.0) -> float | None:
    """The wait before the next try; None when there is none."""
    what = follow(landing, row, NOW, jitter)
    return (what.not_before - NOW).total_seconds() if what.state == OutboxState.PENDING else None


def test_delivered_is_the_end_and_keeps_the_message_id() -> None:
    what = follow(Delivered("m7"), Row(), NOW, 0)
    assert (what.state, what.message_ref, what.copies) == (OutboxState.DELIVERED, "m7", 1)


def test_a_delivery_without_a_readable_reply_is_a_delivery() -> None:
    assert follow(Delivered(None), Row(), NOW, 0).state == OutboxState.DELIVERED


def test_what_was_not_sent_is_tried_again_after_growing_waits() -> None:
    waits = [seconds_until_again(Row(attempt=n), NotSent(), jitter=1.0) for n in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_jitter_takes_up_to_half_of_a_wait_away() -> None:
    assert seconds_until_again(Row(attempt=5), NotSent(), jitter=0.0) == 8


def test_a_wait_that_the_platform_named_is_kept() -> None:
    assert seconds_until_again(Row(), NotSent(retry_after=17)) == 17


@pytest.mark.parametrize(("named", "kept"), [(0, 1), (-3, 1), (86_400, 900)])
def test_an_absurd_wait_is_capped(named: float, kept: float) -> None:
    assert seconds_until_again(Row(), NotSent(retry_after=named)) == kept


def test_a_last_try_is_made_before_the_end_of_a_lifetime() -> None:
    row = Row(attempt=7, not_after=NOW + timedelta(seconds=20))
    assert seconds_until_again(row, NotSent(), jitter=1.0) == 19


def test_what_cannot_be_tried_again_in_time_expires() -> None:
    row = Row(not_after=NOW + timedelta(seconds=30))
    assert follow(NotSent(retry_after=60), row, NOW, 0).state == OutboxState.EXPIRED


def test_what_may_have_arrived_before_is_unsure_when_its_time_ends() -> None:
    row = Row(not_after=NOW + timedelta(seconds=30), copies=1)
    assert follow(NotSent(retry_after=60), row, NOW, 0).state == OutboxState.UNSURE
    assert follow(Overdue(), row, NOW, 0).state == OutboxState.UNSURE


def test_a_dose_in_doubt_goes_out_again_after_90_seconds_and_never_more_than_three_times() -> None:
    assert seconds_until_again(Row(), Unsure()) == 90
    assert seconds_until_again(Row(copies=1), Unsure()) == 300
    last = follow(Unsure(), Row(copies=2), NOW, 0)
    assert (last.state, last.copies) == (OutboxState.UNSURE, 3)


@pytest.mark.parametrize("lane", [Lane.CHECKIN, Lane.DIGEST, Lane.GROUP, Lane.CAREGIVER])
def test_lesser_messages_in_doubt_count_as_sent(lane: Lane) -> None:
    assert follow(Unsure(), Row(lane=lane), NOW, 0).state == OutboxState.UNSURE


def test_a_reply_in_doubt_goes_out_once_more_after_5_seconds() -> None:
    assert seconds_until_again(Row(lane=Lane.REPLY), Unsure()) == 5
    assert seconds_until_again(Row(lane=Lane.REPLY, copies=1), Unsure()) is None


def test_a_crisis_message_in_doubt_goes_out_at_once_up_to_three_times() -> None:
    waits = [seconds_until_again(Row(lane=Lane.CRISIS, copies=n), Unsure()) for n in range(3)]
    assert waits == [0, 0, None]


@pytest.mark.parametrize("kind", [OutboxKind.EDIT, OutboxKind.DELETE])
def test_an_edit_in_doubt_is_repeated_five_times_for_it_does_no_harm(kind: OutboxKind) -> None:
    waits = [seconds_until_again(Row(kind=kind, attempt=n), Unsure()) for n in range(1, 6)]
    assert waits == [5, 5, 5, 5, None]


def test_a_chat_that_moved_is_written_to_at_once_but_not_for_ever() -> None:
    assert seconds_until_again(Row(), Moved("-100")) == 0
    assert follow(Moved("-100"), Row(attempt=6), NOW, 0).state == OutboxState.REFUSED


@pytest.mark.parametrize(
    ("landing", "state"),
    [
        (Unreachable(), OutboxState.UNREACHABLE),
        (Refused(), OutboxState.REFUSED),
        (Withheld(), OutboxState.WITHHELD),
        (Overdue(), OutboxState.EXPIRED),
    ],
)
def test_some_landings_are_final(landing: Landing, state: OutboxState) -> None:
    assert follow(landing, Row(), NOW, 0).state == state


def test_what_was_not_tried_goes_back_to_its_place() -> None:
    row = Row(attempt=3, not_before=NOW - timedelta(seconds=9))
    what = follow(Returned(), row, NOW, 0)
    assert (what.state, what.not_before, what.attempt) == (OutboxState.PENDING, row.not_before, 2)


@given(
    lane=st.sampled_from(Lane),
    landings=st.lists(st.sampled_from([Unsure(), NotSent(), Moved("-1")]), min_size=60, max_size=60),
)
def test_nothing_reaches_a_person_more_than_three_times(lane: Lane, landings: list[Landing]) -> None:
    row, copies = Row(lane=lane), 0
    for landing in landings:
        what = follow(landing, row, NOW, 0.5)
        copies += isinstance(landing, Unsure)
        assert what.copies == copies <= 3
        if what.state != OutboxState.PENDING:
            break
        row = replace(row, attempt=row.attempt + 1, copies=what.copies)

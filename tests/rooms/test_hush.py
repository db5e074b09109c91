"""What is said of a dose in quiet hours is what becomes of its reminder."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.quiet import QuietHours
from bot.doses.due import DoseView, Nudging, ask_at
from bot.medicines.quiet import Hush, hush, hushed
from scheduler.localtime import local, zone
from scheduler.plans import window_end
from scheduler.timing import Daily, following

BERLIN = zone("Europe/Berlin")
NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)  # two nights before the clock goes forward
clocks = st.times().map(lambda at: time(at.hour, at.minute))


@given(st.sets(clocks, min_size=1, max_size=3), clocks, clocks)
def test_what_is_said_is_what_happens(times: set[time], start: time, end: time) -> None:
    timing, quiet = Daily(tuple(sorted(times))), QuietHours(BERLIN, start, end)
    nudging = Nudging(3, timedelta(minutes=20), quiet)
    for planned in following(timing, BERLIN, NOW, 6):
        dose = DoseView(1, planned.due_at, window_end(timing, BERLIN, planned))
        comes, said = ask_at(dose, nudging, planned.due_at), hush(timing, BERLIN, quiet, planned)
        assert comes is not None
        if said is not None and said.until is not None:
            assert local(comes, BERLIN).time() == said.until
        else:
            assert comes == planned.due_at
            assert (said is not None) is (nudging.quiet_until(comes) is not None)


def test_each_time_in_quiet_hours_is_named_once() -> None:
    quiet = QuietHours(BERLIN, time(22), time(7))
    found = hushed(Daily((time(6), time(12), time(22, 30))), BERLIN, quiet, NOW)
    assert found == {time(22, 30): Hush(None), time(6): Hush(time(7))}
    assert hushed(Daily((time(6),)), BERLIN, None, NOW) == {}

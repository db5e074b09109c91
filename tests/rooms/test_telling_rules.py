"""The decision tables of what caregivers are told, and what holds for whatever may happen."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.caregivers.scoping import choices
from bot.caregivers.scoping.choices import Draft
from bot.caregivers.scoping.dialogs import minutes_in
from bot.caregivers.telling import doses, moods, needing, patterns, weeks
from bot.caregivers.telling.doses import DoseSeen
from bot.caregivers.telling.patterns import NoticeSeen
from bot.caregivers.telling.rules import READ_BACK, Around, Entry, Wish
from bot.caregivers.telling.weeks import Count, DoseOfWeek
from bot.conversation.quiet import QuietHours
from bot.conversation.spans import Spans
from storage.vocabulary import DoseState, Scope
from tests.rooms.tables import DAY, moment, rows

UTC_ZONE = ZoneInfo("UTC")
NOON = DAY + timedelta(hours=12)
LONG_AGO = DAY - timedelta(days=60)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def around(calm: datetime | None = None, outages: Spans = (), quiet: list[str] | None = None) -> Around:
    start, end = (time.fromisoformat(at) for at in quiet) if quiet else (None, None)
    return Around(calm, outages, QuietHours(UTC_ZONE, start, end) if quiet else None, DAY)


def words_to_moments(words: str) -> list[str]:
    """ "-1 20:00 missed -1 20:00" → its four or fewer words, with the days at their times."""
    found: list[str] = []
    ahead = ""
    for word in words.split():
        if word.lstrip("+-").isdigit():
            ahead = f"{word} "
        else:
            found.append(ahead + word)
            ahead = ""
    return found


def dose(words: str, again: str | None) -> DoseSeen:
    due, state, accepted = words_to_moments(words)
    return DoseSeen(
        moment(due),
        DoseState(state),
        moment(again) if again and state == "open" else None,
        None if accepted in ("pending", "lost") else moment(accepted),
        under_way=accepted == "pending",
    )


def entry(words: str) -> Entry:
    due, at, *seen = words_to_moments(words)
    return Entry(doses.about(moment(due)), moment(at), acknowledged=bool(seen))


@rows("caregivers.toml", "dose")
def test_when_a_dose_that_is_not_recorded_is_told(row: dict[str, Any]) -> None:
    since = moment(row["since"]) if "since" in row else DAY - timedelta(days=2)
    wish = Wish(since, timedelta(minutes=row.get("delay", 60)), row.get("row", 1))
    away = ((moment(row["outage"][0]), moment(row["outage"][1])),) if "outage" in row else ()
    calm = moment(row["calm"]) if "calm" in row else None
    seen = [dose(words, row.get("again")) for words in row["doses"]]
    past = [entry(words) for words in row.get("past", ())]
    found = doses.step(seen, wish, past, around(calm, away, row.get("quiet")), moment(row["now"]))
    assert found.tell == (moment(row["told"]) if "told" in row else None)
    assert found.look_at == (moment(row["looks"]) if "looks" in row else None)


@rows("caregivers.toml", "week")
def test_when_the_count_of_the_week_is_told(row: dict[str, Any]) -> None:
    at = time.fromisoformat(row["at"])
    wish = Wish(
        NOON - timedelta(days=row["since"]),
        timedelta(hours=at.hour, minutes=at.minute),
        WEEKDAYS.index(row["day"]),
    )
    past = [Entry(weeks.about(DAY.date()), NOON)] if row.get("past") else []
    calm = moment(row["calm"]) if "calm" in row else None
    asked = row.get("asked", False)
    found = weeks.step(wish, past, around(calm), UTC_ZONE, moment(row["now"]), asked_first=asked)
    assert found.tell == (DAY.date() if row["told"] else None)
    assert found.look_at is not None
    assert found.look_at > moment(row["now"])


WEEK_STATES = {
    "t": DoseState.TAKEN,
    "s": DoseState.SKIPPED,
    "m": DoseState.MISSED,
    "o": DoseState.OPEN,
    "w": DoseState.OPEN,
    "u": DoseState.UNKNOWN,
    "-": DoseState.WITHDRAWN,
}


@rows("caregivers.toml", "count")
def test_what_is_counted_of_a_week(row: dict[str, Any]) -> None:
    counted = [
        DoseOfWeek(
            DAY.date() - timedelta(days=7 - number),
            WEEK_STATES[letter],
            NOON + timedelta(hours=1 if letter == "w" else -1),
        )
        for number, letter in enumerate(row["doses"])
    ]
    outside = [DoseOfWeek(DAY.date() + timedelta(days=days), DoseState.MISSED, LONG_AGO) for days in (-8, 0)]
    assert weeks.count([*counted, *outside], DAY.date(), NOON) == Count(*row["says"])


def notice(words: str, key: int, explained: bool) -> NoticeSeen:
    kind, told_ago, shown = words.split()
    shown_at = None if shown in ("pending", "lost") else NOON - timedelta(hours=int(shown))
    told_at = NOON - timedelta(hours=int(told_ago))
    return NoticeSeen(key, kind, told_at, shown_at, under_way=shown == "pending", explained=explained)


@rows("caregivers.toml", "pattern")
def test_when_a_lasting_change_is_told(row: dict[str, Any]) -> None:
    notices = [notice(words, key, row.get("explained", False)) for key, words in enumerate(row["notices"], 7)]
    since = NOON - timedelta(hours=row["since"]) if "since" in row else LONG_AGO
    past = [Entry(patterns.about(1), NOON - timedelta(days=row["past"]))] if "past" in row else []
    air = around(NOON + timedelta(hours=1) if row.get("calm") else None)
    found = patterns.step(notices, Wish(since, timedelta(hours=row["delay"])), past, air, NOON)
    assert found.tell == (7 if row["told"] else None)


@rows("caregivers.toml", "mood")
def test_when_heavy_days_are_told(row: dict[str, Any]) -> None:
    today = DAY.date()
    answered = dict(enumerate(reversed(row["days"].split())))
    scores = {today - timedelta(days=ago): float(score) for ago, score in answered.items() if score != "."}
    told_ago, first_ago = row.get("past", (0, 0))
    past = [Entry(moods.about(today - timedelta(days=first_ago)), NOON - timedelta(days=told_ago))]
    air = around(NOON + timedelta(hours=1) if row.get("calm") else None)
    wish = Wish(LONG_AGO, timedelta(days=3), 7)
    first = today - timedelta(days=row.get("since", 30) - 1)
    found = moods.step(scores, wish, past if "past" in row else [], air, (first, today), NOON)
    assert (found.tell is not None) is row["told"]


def test_a_row_of_heavy_days_is_told_once_however_long_it_lasts() -> None:
    wish, began = Wish(LONG_AGO, timedelta(days=3), 7), NOON - timedelta(days=40)
    past: list[Entry] = []
    for number in range(100):
        now = began + timedelta(days=number)
        today, back = now.date(), min(number, READ_BACK.days)
        scores = {today - timedelta(days=ago): 8.0 for ago in range(back + 1)}
        read = [entry for entry in past if entry.made_at >= now - READ_BACK]
        found = moods.step(scores, wish, read, around(), (LONG_AGO.date(), today), now)
        past += [Entry(moods.about(found.tell), now)] if found.tell is not None else []
    assert [entry.made_at for entry in past] == [began + timedelta(days=2)]


@rows("caregivers.toml", "need")
def test_when_a_call_is_repeated(row: dict[str, Any]) -> None:
    past = [Entry("need:1", NOON - timedelta(minutes=ago)) for ago in row["said"]]
    if row.get("seen"):
        past[-1] = Entry("need:1", past[-1].made_at, acknowledged=True)
    assert needing.step(past, NOON).tell == ("need:1" if row["told"] else None)


# --- whatever may happen ---

MINUTES = st.integers(0, 3 * 24 * 60).map(
    lambda minutes: DAY - timedelta(days=2) + timedelta(minutes=minutes)
)
SEEN = st.builds(
    DoseSeen,
    MINUTES,
    st.sampled_from(DoseState),
    st.none() | MINUTES,
    st.none() | MINUTES,
    st.booleans(),
)
SPANS = st.tuples(MINUTES, MINUTES).map(lambda span: (min(span), max(span)))
AROUND = st.builds(
    Around,
    st.none() | MINUTES,
    st.lists(SPANS, max_size=2).map(tuple),
    st.none() | st.builds(QuietHours, st.just(UTC_ZONE), st.just(time(22)), st.just(time(7))),
    st.just(DAY),
)
WISHES = st.builds(
    Wish, MINUTES, st.sampled_from([timedelta(minutes=m) for m in (30, 60, 240)]), st.integers(1, 3)
)


@given(st.lists(SEEN, max_size=6), WISHES, AROUND, MINUTES)
def test_a_told_dose_was_asked_for_is_not_recorded_and_could_be_answered(
    seen: list[DoseSeen], wish: Wish, air: Around, now: datetime
) -> None:
    found = doses.step(seen, wish, [], air, now)
    if found.tell is None:
        return
    due = found.tell
    at_once = [one for one in seen if one.due_at == due and one.state is not DoseState.WITHDRAWN]
    still = [one for one in at_once if one.state in (DoseState.OPEN, DoseState.MISSED)]
    assert still
    assert all(one.state is not DoseState.UNKNOWN for one in at_once)
    assert all(one.accepted_at is not None and one.accepted_at + doses.GRACE <= now for one in still)
    assert all(not one.under_way for one in still)
    assert wish.since <= due
    assert due + wish.delay <= now
    assert air.calm_until is None or air.calm_until <= due
    assert all(ended <= due or began >= now for began, ended in air.outages)
    assert air.quiet is None or air.quiet.until(now) is None


@given(st.lists(SEEN, max_size=6), WISHES, AROUND, MINUTES)
def test_the_next_look_is_ahead_and_what_is_told_is_not_told_again(
    seen: list[DoseSeen], wish: Wish, air: Around, now: datetime
) -> None:
    found = doses.step(seen, wish, [], air, now)
    assert found.look_at is None or found.look_at > now
    if found.tell is not None:
        past = [Entry(doses.about(found.tell), now, acknowledged=True)]
        assert doses.step(seen, wish, past, air, now).tell != found.tell


@given(
    WISHES.filter(lambda wish: wish.threshold < 7),
    MINUTES,
    st.sampled_from(["UTC", "Pacific/Apia", "Europe/Berlin"]),
)
def test_a_week_is_told_once_and_looked_at_again_within_eight_days(
    wish: Wish, now: datetime, zone: str
) -> None:
    found = weeks.step(wish, [], around(), ZoneInfo(zone), now, asked_first=False)
    assert found.look_at is not None
    assert now < found.look_at <= now + timedelta(days=8)
    if found.tell is not None:
        past = [Entry(weeks.about(found.tell), now)]
        assert weeks.step(wish, past, around(), ZoneInfo(zone), now, asked_first=False).tell is None


@given(st.lists(st.integers(0, 90), max_size=4), st.integers(0, 120))
def test_a_call_is_never_said_more_than_three_times(said: list[int], later: int) -> None:
    past = [Entry("need:1", NOON + timedelta(minutes=at)) for at in sorted(said)]
    found = needing.step(past, NOON + timedelta(minutes=later))
    assert found.tell is None or 1 <= len(past) < 3


# --- settings on buttons ---


DRAFTS = st.one_of(
    st.builds(
        Draft,
        st.integers(1, 10**12),
        st.just(Scope.DOSE_NOT_RECORDED),
        st.integers(30, 720),
        st.sampled_from([1, 2, 3]),
        st.booleans(),
    ),
    st.builds(
        Draft, st.integers(1, 10**12), st.just(Scope.WEEKLY_COUNT), st.integers(0, 1439), st.integers(0, 6)
    ),
    st.builds(choices.usual, st.integers(1, 10**12), st.sampled_from(choices.TELLING)),
)


@given(DRAFTS)
def test_a_setting_comes_back_whole_from_its_button(draft: Draft) -> None:
    assert len(draft.argument()) <= 24
    assert choices.read(draft.argument()) == draft


@given(st.text(max_size=24))
def test_what_no_button_of_ours_holds_sets_nothing(words: str) -> None:
    draft = choices.read(words)
    assert draft is None or choices.is_possible(draft)


def test_a_delay_can_be_typed() -> None:
    assert [minutes_in(words) for words in ("45", "90 min", "2 h", "3 hours", " 30m ")] == [
        45,
        90,
        120,
        180,
        30,
    ]
    assert [minutes_in(words) for words in ("", "soon", "2 h 30", "-5", "1000000")] == [None] * 5


def test_nothing_is_set_that_is_not_offered() -> None:
    refused = "1d29.1 1d721.1 1d60.4 1w1440.0 1p60.0 1m4320.5 1x.0 1P0.0 1d.1 1n5.0 d60.1 1d60.1.n 1d60"
    for argument in refused.split():
        assert choices.read(argument) is None, argument
    assert choices.read("1n.0") == Draft(1, Scope.NEED_YOU)


def test_the_example_day_is_a_thursday() -> None:
    assert date(2026, 3, 5).weekday() == WEEKDAYS.index("Thu")
    assert datetime(2026, 3, 5, tzinfo=UTC) == DAY

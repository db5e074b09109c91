"""The bridge between the clock on the wall and the instant, in every zone on earth."""

import tomllib
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cities import CITIES, find_cities, representative_zones
from scheduler.localtime import (
    UnknownZone,
    all_zones,
    clock_changes,
    day_exists,
    instant,
    local,
    next_clock_change,
    offset_at,
    shift_at,
    tzdata_version,
    use_packaged_zones,
    zone,
    zones_showing,
)

CHANGES = tomllib.loads((Path(__file__).parents[1] / "tables" / "clock_changes.toml").read_text())["change"]
FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
WINTER = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

unhurried = settings(deadline=None)  # a busy machine is no defect
zones = st.sampled_from(sorted(all_zones()))
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))

COUNTRIES = (
    "AE AR AT AU BD BE BR CA CH CL CN CO CZ DE DK EE ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LB "
    "LK LT LU LV MT MX MY NG NL NO NP NZ PE PH PK PL PT RO RS RU SE SG SK TH TW UA US UY ZA"
)


@cache
def transitions() -> list[tuple[ZoneInfo, datetime]]:
    """Every clock change of every zone from 2025 to 2030."""
    return [(zone(key), at) for key in sorted(all_zones()) for at in clock_changes(zone(key), FROM, UNTIL)]


def name(row: dict[str, Any]) -> str:
    return f"{row['zone']} {row['day']} {row['at']}"


@pytest.mark.parametrize("row", CHANGES, ids=name)
def test_a_dose_in_the_night_when_the_clock_moves(row: dict[str, Any]) -> None:
    place = zone(row["zone"])
    due_at = instant(row["day"], time.fromisoformat(row["at"]), place)
    if row["shown"] == "none":
        assert due_at is None
        assert not day_exists(row["day"], place)
    else:
        assert due_at is not None
        assert f"{local(due_at, place):%Y-%m-%d %H:%M}" == row["shown"]
        assert f"{due_at:%Y-%m-%d %H:%M}" == row["utc"]


def test_every_wall_time_around_every_clock_change_on_earth_has_one_instant_in_order() -> None:
    """The exhaustive sweep: each ten minutes of the three days around each change of each zone."""
    found = transitions()
    assert len(found) > 2000
    for place, change in found:
        middle = local(change, place).date()
        before = datetime.min.replace(tzinfo=UTC)
        for day in (middle - timedelta(days=1), middle, middle + timedelta(days=1)):
            for at in (time(n // 6, n % 6 * 10) for n in range(144)):
                due_at = instant(day, at, place)
                assert due_at is not None, (place.key, day, at)
                shown = local(due_at, place).replace(tzinfo=None, fold=0)
                moved = shown - datetime.combine(day, at)
                assert moved == max(shift_at(day, at, place), timedelta()), (place.key, day, at)
                if not moved:  # a skipped time may pass a later one by; no other may
                    assert due_at > before, (place.key, day, at)
                    before = due_at


def test_a_daily_dose_is_never_closer_than_21_hours_nor_further_than_27_at_any_clock_change() -> None:
    for place, change in transitions():
        middle = local(change, place).date()
        for at in (time(0, 0), time(0, 30), time(1, 30), time(2, 30), time(8, 0), time(23, 30), time(23, 59)):
            due = [instant(middle + timedelta(days=step), at, place) for step in range(-2, 3)]
            for one, other in pairwise(due):
                assert one is not None
                assert other is not None
                assert timedelta(hours=21) <= other - one <= timedelta(hours=27), (place.key, middle, at)


@unhurried
@given(zones, days, minutes)
def test_a_time_that_the_clock_shows_is_shown_when_it_is_due(key: str, day: date, at: time) -> None:
    due_at = instant(day, at, zone(key))
    assert due_at is not None
    assert due_at.tzinfo is UTC
    skipped = max(shift_at(day, at, zone(key)), timedelta())
    assert local(due_at, zone(key)).replace(tzinfo=None) == datetime.combine(day, at) + skipped
    assert local(due_at, zone(key)).fold == 0


@unhurried
@given(zones, days)
def test_no_calendar_of_these_years_skips_a_day(key: str, day: date) -> None:
    assert day_exists(day, zone(key))


def test_a_midnight_that_is_skipped_still_has_its_dose() -> None:
    """CronTrigger fires zero times in these nights: Cairo, Beirut, Havana, Santiago …"""
    skipped = [
        (place, local(change, place).date())
        for place, change in transitions()
        if local(change, place).time() > time(0)
        and shift_at(local(change, place).date(), time(0), place) > timedelta()
    ]
    assert len({place.key for place, _ in skipped}) >= 4
    assert all(instant(day, time(0), place) is not None for place, day in skipped)


def test_a_repeated_hour_gives_one_instant_where_cron_gives_two() -> None:
    """CronTrigger fires twice in every one of these hours."""
    repeated = 0
    for place, change in transitions():
        shown = local(change, place)  # the first minute of the second showing
        if shown.fold:
            repeated += 1
            first = instant(shown.date(), shown.time(), place)
            assert first is not None
            assert first < change
    assert repeated > 1000


def test_clock_changes_are_found_to_the_second() -> None:
    assert next_clock_change(zone("Europe/Rome"), WINTER) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    for place, change in transitions():
        assert offset_at(place, change) != offset_at(place, change - timedelta(seconds=1)), (
            place.key,
            change,
        )


def test_the_change_after_a_change_is_the_next_one() -> None:
    spring = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next_clock_change(zone("Europe/Rome"), spring) == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert next_clock_change(zone("Europe/Rome"), spring - timedelta(microseconds=1)) == spring


def test_the_two_changes_around_ramadan_are_both_found() -> None:
    found = list(clock_changes(zone("Africa/Casablanca"), datetime(2026, 1, 1, tzinfo=UTC), UNTIL))[:2]
    assert len(found) == 2
    assert found[1] - found[0] < timedelta(days=45)


def test_a_place_where_the_clock_never_moves_has_no_next_change() -> None:
    assert next_clock_change(zone("Asia/Tokyo"), WINTER) is None


def test_zones_come_from_the_package_and_not_from_the_machine() -> None:
    zoneinfo.reset_tzpath(["/nowhere"])
    use_packaged_zones()
    assert zoneinfo.TZPATH == ()
    assert tzdata_version()[:3] == "202"


def test_every_listed_zone_can_be_opened() -> None:
    assert len(all_zones()) > 590
    assert all(zone(key).key == key for key in all_zones())
    assert all_zones().isdisjoint({"Factory", "localtime", "posixrules"})


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Factory",
        "localtime",
        "posixrules",
        "europe/rome",
        "Europe",
        "Rome",
        "../../etc/passwd",
        "/etc/localtime",
        "tzdata.zi",
        " Europe/Rome",
        "Europe/Rome\0",
        "\0",
        "\ud800",
        "x" * 10_000,
        "Europe/" * 2_000,
    ],
    ids=lambda key: repr(key[:20]),
)
def test_a_zone_that_is_none_is_refused_in_few_words(key: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        zone(key)
    assert len(str(refused.value)) < 250


@unhurried
@given(st.text())
def test_no_text_opens_anything_but_a_listed_zone(text: str) -> None:
    if text not in all_zones():
        with pytest.raises(UnknownZone):
            zone(text)


# Where somebody may be


def test_the_clock_on_the_wall_tells_how_far_from_utc_it_is() -> None:
    assert zones_showing(time(6, 42), datetime(2026, 1, 15, 5, 40, tzinfo=UTC)) == (timedelta(hours=1),)
    assert zones_showing(time(17, 31), datetime(2026, 1, 15, 11, 44, tzinfo=UTC)) == (
        timedelta(hours=5, minutes=45),
    )


def test_at_the_date_line_one_time_on_the_wall_is_two_places_a_day_apart() -> None:
    shown = zones_showing(time(1, 0), datetime(2026, 1, 15, 12, 0, tzinfo=UTC))
    assert shown == (timedelta(hours=13), timedelta(hours=-11))


def test_a_time_that_no_place_on_earth_shows_is_answered_with_none() -> None:
    assert zones_showing(time(14, 15), WINTER) == ()


@unhurried
@given(
    st.sampled_from(sorted({city.zone for city in CITIES})),
    st.timedeltas(timedelta(), UNTIL - FROM),
    st.integers(-7, 7),
)
def test_a_watch_that_is_a_few_minutes_wrong_still_tells_the_zone(
    key: str, passed: timedelta, wrong: int
) -> None:
    now = FROM + passed
    watch = (local(now, zone(key)) + timedelta(minutes=wrong)).time()
    assert offset_at(zone(key), now) in zones_showing(watch, now)


def test_zones_that_part_in_spring_are_offered_apart() -> None:
    offered = representative_zones(timedelta(hours=1), WINTER)
    assert {"Europe/Paris", "Africa/Lagos"} <= set(offered)
    assert len(offered) <= 6


def test_an_offset_without_a_large_city_is_offered_its_own_places() -> None:
    assert representative_zones(timedelta(hours=8, minutes=45), WINTER) == ("Australia/Eucla",)
    assert representative_zones(timedelta(hours=14, minutes=30), WINTER) == ()


def test_every_city_has_a_zone_and_every_country_that_we_serve_has_a_city() -> None:
    assert all(city.zone in all_zones() for city in CITIES)
    assert set(COUNTRIES.split()) <= {city.country for city in CITIES}
    assert len({(city.name, city.country) for city in CITIES}) == len(CITIES)
    assert len(CITIES) >= 150


@pytest.mark.parametrize(
    ("typed", "zone_key"),
    [
        ("rome", "Europe/Rome"),
        ("  ROMA ", "Europe/Rome"),
        ("munchen", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("sao pau", "America/Sao_Paulo"),
        ("york", "America/New_York"),
        ("st johns", "America/St_Johns"),
        ("Москва", "Europe/Moscow"),
        ("東京", "Asia/Tokyo"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("america/new york", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Lubumbashi", "Africa/Lubumbashi"),
    ],
)
def test_a_city_is_found_however_it_is_typed(typed: str, zone_key: str) -> None:
    assert find_cities(typed)[0].zone == zone_key


def test_a_name_that_two_cities_share_finds_both() -> None:
    assert {city.country for city in find_cities("san jose")} == {"US", "CR"}


@unhurried
@given(st.text(st.characters(), max_size=200))
def test_no_text_breaks_the_search_for_a_city(text: str) -> None:
    assert all(city.zone in all_zones() for city in find_cities(text))

"""What may be shown of a check-in. Somebody who does all the arithmetic there is plays against the rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.groups.pulse.rules import LEAST, Totals, choice_in, from_data, to_data, totals

VEILS = (0, 1)
ALL_COUNTS = st.lists(st.integers(0, 60), min_size=3, max_size=5)


@cache
def worlds(choices: int, most: int) -> tuple[tuple[int, ...], ...]:
    """Everything that so many people could have answered."""
    if choices == 1:
        return tuple((number,) for number in range(most + 1))
    return tuple((number, *rest) for number in range(most + 1) for rest in worlds(choices - 1, most - number))


@cache
def behind(choices: int, most: int) -> dict[Totals, set[tuple[int, ...]]]:
    """For each display, every world from which it can come: what a reader who knows the rules knows."""
    found: dict[Totals, set[tuple[int, ...]]] = defaultdict(set)
    for counts, veil in product(worlds(choices, most), VEILS):
        found[totals(counts, veil)].add(counts)
    return dict(found)


def parts(choices: int) -> Iterator[tuple[int, ...]]:
    """Every choice of answers whose numbers one could add up."""
    for size in range(1, choices + 1):
        yield from combinations(range(choices), size)


# One check-in


@given(ALL_COUNTS, st.sampled_from(VEILS))
def test_every_number_shown_is_a_step_of_five_that_is_reached_and_there_are_two_or_none(
    counts: list[int], veil: int
) -> None:
    shown = totals(counts, veil)
    assert len(shown.blocks) != 1
    assert [place for block in shown.blocks for place in block.choices] == list(
        range(len(counts) if shown.blocks else 0)
    )
    for block in shown.blocks:
        assert block.least >= LEAST
        assert block.least % LEAST == 0
        assert block.least <= sum(counts[place] for place in block.choices) < block.least + LEAST + 1
    assert from_data(to_data(shown)) == shown


@pytest.mark.parametrize("counts", [(7, 0, 0, 0), (0, 0, 60), (96, 4, 0), (4, 50, 4), (9, 0, 0, 1)])
@pytest.mark.parametrize("veil", VEILS)
def test_where_all_or_nearly_all_say_the_same_nothing_is_shown_apart(
    counts: tuple[int, ...], veil: int
) -> None:
    assert totals(counts, veil) == Totals(enough=True)
    assert totals((2, 2, 1, 1), veil) == Totals(enough=True), "it reads as for any few"


@pytest.mark.parametrize(("choices", "most"), [(3, 21), (4, 16)])
def test_no_number_of_one_to_four_follows_from_any_display(choices: int, most: int) -> None:
    """Neither of an answer, nor of several together; also not for who takes their own answer off."""
    for possible in behind(choices, most).values():
        for part in parts(choices):
            sums = {sum(counts[place] for place in part) for counts in possible}
            if sums == {0}:
                continue
            assert not sums <= {1, 2, 3, 4}
            if any(sums):
                assert len(sums) > 1, "no exact number follows either"


def conspiracies(choices: int) -> Iterator[tuple[int, ...]]:
    """The answers that up to four readers gave."""
    return (own for own in worlds(choices, 4))


@pytest.mark.parametrize(("choices", "most"), [(3, 16), (4, 13)])
def test_four_who_know_their_own_answers_and_how_many_answered_can_tell_nobody_elses(
    choices: int, most: int
) -> None:
    for possible in behind(choices, most).values():
        by_size: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for counts in possible:
            by_size[sum(counts)].append(counts)
        for size, own in product(by_size, conspiracies(choices)):
            if sum(own) >= size:
                continue
            others = [left for counts in by_size[size] if min(left := minus(counts, own)) >= 0]
            alike = {answer for left in others if (answer := only_answer(left)) is not None}
            certain = len(alike) == 1 and all(only_answer(left) is not None for left in others)
            assert not certain, (own, others)


def minus(counts: Iterable[int], own: Iterable[int]) -> tuple[int, ...]:
    return tuple(number - mine for number, mine in zip(counts, own, strict=True))


def only_answer(counts: tuple[int, ...]) -> int | None:
    """The answer that all of them gave, if they all gave the same."""
    given = [place for place, number in enumerate(counts) if number]
    return given[0] if len(given) == 1 else None


# Two check-ins, and a week of them


@given(ALL_COUNTS, st.data())
def test_two_displays_never_differ_by_one_to_four(counts: list[int], data: st.DataObject) -> None:
    """Whatever numbers of both are added up and taken from one another; the picture shows no others."""
    changed = list(counts)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(counts) - 1))
        changed[place] = max(0, changed[place] + data.draw(st.sampled_from((-1, 1))))
    numbers = [
        block.least
        for one in (counts, changed)
        for block in totals(one, data.draw(st.sampled_from(VEILS))).blocks
    ]
    for signs in product((-1, 0, 1), repeat=min(len(numbers), 6)):
        difference = sum(sign * number for sign, number in zip(signs, numbers, strict=False))
        assert abs(difference) not in (1, 2, 3, 4)


@pytest.mark.parametrize(("choices", "most"), [(3, 19), (4, 14)])
def test_who_knows_that_one_person_came_in_between_and_nothing_else_changed_cannot_tell_their_answer(
    choices: int, most: int
) -> None:
    """The strongest reader of two displays; read the other way round it is the person who left."""
    answers: dict[tuple[Totals, Totals], set[int]] = defaultdict(set)
    far: set[tuple[Totals, Totals]] = set()
    for counts in worlds(choices, most):
        before = [totals(counts, veil) for veil in VEILS]
        for place in range(choices):
            more = tuple(number + (place == other) for other, number in enumerate(counts))
            for pair in product(before, (totals(more, veil) for veil in VEILS)):
                answers[pair].add(place)
                if sum(counts) > most - 4:
                    far.add(pair)
    told = {pair: found for pair, found in answers.items() if len(found) == 1 and pair not in far}
    assert not told


@pytest.mark.parametrize("argument", ["", "-1", "4", "99", "1.0", "x", "²", "٣", "0x1", " 1"])
def test_what_names_no_answer_is_none(argument: str) -> None:
    assert choice_in(argument, 4) is None


def test_a_button_names_its_answer() -> None:
    assert [choice_in(str(number), 4) for number in range(4)] == [0, 1, 2, 3]

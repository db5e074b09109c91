"""`evenkeel screen`: whatever a line holds, the lines after it are answered."""

import json

import pytest

from bot.screening import answers

CRY = '{"text": "i want to kill myself"}'


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"text": "hi", "more": ' + "[" * 100_000, "{", "7", '{"text": 7}']
)
def test_a_line_that_cannot_be_read_is_named_and_the_next_one_is_answered(line: str) -> None:
    first, second = map(json.loads, answers([line + "\n", CRY + "\n"]))
    assert first["error"].startswith("line 1 ")
    assert second["tier"] == "urgent"

"""`evenkeel screen`: the crisis screen over lines of JSON, so that it can be checked before it is trusted."""

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from typing import Any

from bot.escalation.screening.screen import screen

CHUNK_LINES = 2_000
# Chunks in hand for each process, so that a file of any size passes through in little memory.
_AHEAD = 3


def answers(lines: Iterable[str], processes: int | None = None) -> Iterator[str]:
    """One line of JSON for each line that is not blank, in the same order.

    `{"text": …}` becomes `{"tier": "none|gentle|urgent", "language": …, "reasons": […]}`; a line that cannot
    be read becomes `{"error": …}` with its number. Few lines are answered here, many by `processes` at once.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = list(islice(numbered, CHUNK_LINES))
    yield from _answer_all(first)
    if len(first) < CHUNK_LINES:
        return
    with ProcessPoolExecutor(processes or os.cpu_count(), get_context("spawn")) as pool:
        waiting: list[Future[list[str]]] = []
        while chunk := list(islice(numbered, CHUNK_LINES)):
            waiting.append(pool.submit(_answer_all, chunk))
            if len(waiting) > _AHEAD * (processes or os.cpu_count() or 1):
                yield from waiting.pop(0).result()
        for each in waiting:
            yield from each.result()


def _answer_all(chunk: list[tuple[int, str]]) -> list[str]:
    return [_answer(number, line) for number, line in chunk]


def _answer(number: int, line: str) -> str:
    try:
        asked: Any = json.loads(line)
    except (ValueError, RecursionError):
        return _error(f"line {number} is not JSON")
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        return _error(f'line {number} has no "text"')
    return _answer_to(asked["text"])


@lru_cache(maxsize=100_000)
def _answer_to(text: str) -> str:
    """People write the same short texts over and over; they are remembered until the command ends."""
    finding = screen(text)
    answer = {"tier": finding.tier.name.lower(), "language": finding.language, "reasons": finding.reasons}
    return json.dumps(answer)


def _error(words: str) -> str:
    return json.dumps({"error": words})

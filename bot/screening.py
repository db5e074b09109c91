"""`evenkeel screen`: the crisis screen over lines of JSON, so that it can be checked before it is trusted."""

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache, lru_cache
from itertools import chain, islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any

from bot.escalation.screening.screen import Finding, screen

CHUNK_LINES = 1_000
# Chunks in hand for each process, so that a file of any size passes through in little memory.
_AHEAD = 3
# A forked process has the lexicons at hand; a spawned one reads them first.
_START = "fork" if "fork" in get_all_start_methods() else "spawn"


def answers(lines: Iterable[str], processes: int | None = None) -> Iterator[str]:
    """One line of JSON for each line that is not blank, in the same order.

    `{"text": …}` becomes `{"tier": "none|gentle|urgent", "language": …, "reasons": […]}`; a line that cannot
    be read becomes `{"error": …}` with its number. Few lines are answered here, many by `processes` at once.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    chunks = iter(lambda: list(islice(numbered, CHUNK_LINES)), [])
    first = next(chunks, [])
    if len(first) < CHUNK_LINES:
        yield from _answer_all(first)
        return
    processes = processes or os.cpu_count() or 1
    with ProcessPoolExecutor(processes, get_context(_START)) as pool:
        waiting: deque[Future[list[str]]] = deque()
        for chunk in chain([first], chunks):
            waiting.append(pool.submit(_answer_all, chunk))
            if len(waiting) > _AHEAD * processes:
                yield from waiting.popleft().result()
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
    return _as_line(screen(text))


@cache
def _as_line(finding: Finding) -> str:
    """There are few different findings, because none holds a word of its text."""
    answer = {"tier": finding.tier.name.lower(), "language": finding.language, "reasons": finding.reasons}
    return json.dumps(answer)


def _error(words: str) -> str:
    return json.dumps({"error": words})

"""Faults on order: rules that say which requests go wrong, how, and how often."""

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

KINDS: dict[str, set[str]] = {
    "latency": {"ms"},
    "status": {"code", "body", "processed"},
    "reset_before": set(),
    "reset_after": set(),
    "accept_then_drop": set(),
    "broken_json": set(),
    "retry_after": {"seconds"},
    "hang": {"seconds"},
}
COMMON = {"method", "chat", "probability", "times", "kind"}


@dataclass(slots=True)
class Rule:
    """One way to go wrong: `method` may be a pattern such as `send*`, `times` counts down to nothing."""

    kind: str
    method: str = "*"
    chat: int | None = None
    probability: float = 1.0
    times: int | None = None
    ms: float = 0
    code: int = 500
    body: str = "json"
    processed: bool = False
    seconds: float | None = None

    def concerns(self, method: str, chat: int | None) -> bool:
        """Whether this rule looks at such a request at all."""
        return (
            self.times != 0
            and (self.chat is None or self.chat == chat)
            and fnmatchcase(method.lower(), self.method.lower())
        )

    def as_json(self) -> dict[str, Any]:
        """The rule as it was given, with `times` as it stands now."""
        shown: dict[str, Any] = {"kind": self.kind, "method": self.method, "probability": self.probability}
        for name in sorted(KINDS[self.kind]):
            shown[name] = getattr(self, name)
        if self.chat is not None:
            shown["chat"] = self.chat
        if self.times is not None:
            shown["times"] = self.times
        return shown


class Faults:
    """The rules in force, drawn from a seeded source so that a run can be repeated."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.seed(0)

    def seed(self, seed: int) -> None:
        """Begin the same sequence of chances again."""
        self._chance = random.Random(seed)  # noqa: S311 - chances for tests, nothing secret

    def replace(self, rules: list[dict[str, Any]]) -> None:
        """Put these rules in force instead of all others; ValueError says what is wrong with one."""
        self.rules = [_rule(rule) for rule in rules]

    def drawn(self, method: str, chat: int | None) -> list[Rule]:
        """The rules that strike this request: any delays, then at most one other fault."""
        struck: list[Rule] = []
        for rule in self.rules:
            if not rule.concerns(method, chat) or self._chance.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
            struck.append(rule)
            if rule.kind != "latency":
                break
        return struck


def _rule(given: Any) -> Rule:
    if not isinstance(given, dict) or given.get("kind") not in KINDS:
        raise ValueError(f"each rule needs a kind, one of: {', '.join(KINDS)}")
    unknown = given.keys() - COMMON - KINDS[given["kind"]]
    if unknown:
        raise ValueError(f"a rule of kind {given['kind']} has no field {sorted(unknown)[0]}")
    rule = Rule(**given)
    _check_numbers(rule)
    if not isinstance(rule.method, str) or not isinstance(rule.body, str):
        raise ValueError("method and body are texts")
    return rule


def _check_numbers(rule: Rule) -> None:
    for name in ("probability", "ms", "code"):
        if not _is_number(getattr(rule, name)):
            raise ValueError(f"{name} is a number")
    for name in ("times", "seconds", "chat"):
        if getattr(rule, name) is not None and not _is_number(getattr(rule, name)):
            raise ValueError(f"{name} is a number, or left out")
    if not 0 <= rule.probability <= 1:
        raise ValueError("probability lies between 0 and 1")
    if not 200 <= rule.code <= 599:
        raise ValueError("code is an HTTP status from 200 to 599")
    if rule.ms < 0 or (rule.seconds is not None and rule.seconds < 0):
        raise ValueError("a delay is not negative")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

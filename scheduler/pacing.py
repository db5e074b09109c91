"""Pacing: how fast an account may send. Pure arithmetic on monotonic seconds that are passed in.

A platform allows so many messages a second in all, so many to one chat, so many to one group. Whoever must
wait is told how long; nothing is counted until a message may go.
"""

from collections import deque
from dataclasses import dataclass

from scheduler.lanes import Lane

_SWEEP_EVERY = 512  # reservations between two sweeps of idle chats


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages per stretch of seconds. The stretches are a little longer than the platform's own,

    because two messages that leave 1.000 s apart may arrive 0.990 s apart.
    """

    account_messages: int = 30
    account_seconds: float = 1.01
    account_burst: int = 10
    chat_seconds: float = 1.0
    chat_burst: int = 3
    group_messages: int = 20
    group_seconds: float = 60.5


class _Window:
    """At most `messages` in any stretch of `seconds`."""

    __slots__ = ("messages", "seconds", "taken")

    def __init__(self, messages: int, seconds: float) -> None:
        self.messages, self.seconds = messages, seconds
        self.taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        if self.free(now):
            return 0.0
        # Whatever was overdrawn must leave the window first.
        return self.taken[len(self.taken) - self.messages] + self.seconds - now

    def take(self, now: float) -> None:
        self.taken.append(now)

    def free(self, now: float) -> int:
        while self.taken and self.taken[0] + self.seconds <= now:
            self.taken.popleft()
        return max(0, self.messages - len(self.taken))


class _Drip:
    """One every `seconds`, with up to `burst` at once after a rest."""

    __slots__ = ("burst", "full_at", "seconds")

    def __init__(self, seconds: float, burst: int) -> None:
        self.seconds, self.burst = seconds, burst
        self.full_at = 0.0  # when everything taken so far will have dripped in again

    def wait(self, now: float) -> float:
        wait = self.full_at - (self.burst - 1) * self.seconds - now
        return wait if wait > 1e-9 else 0.0

    def take(self, now: float) -> None:
        self.full_at = max(self.full_at, now) + self.seconds

    def free(self, now: float) -> int:
        return max(0, int(self.burst - max(0.0, self.full_at - now) / self.seconds + 1e-9))


class _Budget:
    """One account: evenly spread, so that a reply never waits long, and never above the window."""

    def __init__(self, limits: Limits) -> None:
        self._window = _Window(limits.account_messages, limits.account_seconds)
        self._drip = _Drip(limits.account_seconds / limits.account_messages, limits.account_burst)
        self.held_until = 0.0

    def wait(self, now: float) -> float:
        return max(self._window.wait(now), self._drip.wait(now), self.held_until - now, 0.0)

    def take(self, now: float) -> None:
        self._window.take(now)
        self._drip.take(now)

    def free(self, now: float) -> int:
        return 0 if now < self.held_until else min(self._window.free(now), self._drip.free(now))


@dataclass(frozen=True, slots=True)
class Note:
    """A message that left from here; or a hold until `held_until`, of the account if there is no `ref`."""

    account: str
    ref: str
    sends: bool = True
    held_until: float | None = None


class Pacing:
    """The budgets of every account and chat that has sent lately.

    With `noting`, `notes` holds what other couriers of the same accounts do not know yet.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self.noting, self.notes = False, list[Note]()
        self._accounts: dict[str, _Budget] = {}
        self._chats: dict[tuple[str, str], _Window | _Drip] = {}
        self._holds: dict[tuple[str, str], float] = {}
        self._reservations = 0

    def reserve(
        self, account: str, ref: str, lane: int, now: float, *, sends: bool = True, known: bool = False
    ) -> float:
        """Seconds to wait; 0 means go, and is counted. A crisis always goes: the others then pay for it.

        An edit or a deletion (`sends` False) makes no sound and costs the account's budget only: five taps
        in five seconds must not wait for the chat's one message a second. `known`: the others know of it.
        """
        budget, chat = self._budget(account), self._chat(account, ref)
        waits = [budget.wait(now), self._holds.get((account, ref), now) - now, 0.0]
        wait = max(*waits, chat.wait(now)) if sends else max(waits)
        if wait > 0 and lane != Lane.CRISIS:
            return wait
        self.learn(account, ref, now, sends=sends)
        if not known:
            self._note(Note(account, ref, sends))
        return 0.0

    def learn(self, account: str, ref: str, at: float, *, sends: bool = True) -> None:
        """A message left, from here or from elsewhere."""
        self._budget(account).take(at)
        if sends:
            self._chat(account, ref).take(at)
        self._sweep_now_and_then(at)

    def expect(self, account: str) -> None:
        """This account may send something soon: its room counts from now on."""
        self._budget(account)

    def free(self, now: float) -> int:
        """How many messages the account with the most room may send now."""
        if not self._accounts:
            return self._limits.account_burst
        return max(budget.free(now) for budget in self._accounts.values())

    def hold(self, account: str, ref: str, until: float) -> None:
        """Leave one chat alone until then; nobody else waits for it."""
        self.learn_hold(account, ref, until)
        self._note(Note(account, ref, held_until=until))

    def hold_account(self, account: str, until: float) -> None:
        """Leave a whole account alone until then."""
        self.hold(account, "", until)

    def learn_hold(self, account: str, ref: str, until: float) -> None:
        """A hold, from here or from elsewhere."""
        if ref:
            self._holds[account, ref] = max(until, self._holds.get((account, ref), until))
            return
        budget = self._budget(account)
        budget.held_until = max(budget.held_until, until)

    def held(self, now: float) -> dict[tuple[str, str], float]:
        """The chats, as (account, ref), that have to wait, and until when."""
        self._sweep(now)
        waits = {pair: now + wait for pair, chat in self._chats.items() if (wait := chat.wait(now)) > 0}
        for pair, until in self._holds.items():
            waits[pair] = max(until, waits.get(pair, until))
        return waits

    def exhausted(self, now: float) -> list[str]:
        """The accounts that may send nothing now."""
        return [account for account, budget in self._accounts.items() if not budget.free(now)]

    def relief(self, now: float) -> float:
        """When somebody who has to wait may go next; infinity when nobody has to."""
        waits = [now + wait for budget in self._accounts.values() if (wait := budget.wait(now)) > 0]
        return min([*waits, *self.held(now).values()], default=float("inf"))

    def _note(self, note: Note) -> None:
        if self.noting:
            self.notes.append(note)

    def _budget(self, account: str) -> _Budget:
        return self._accounts.setdefault(account, _Budget(self._limits))

    def _chat(self, account: str, ref: str) -> _Window | _Drip:
        found = self._chats.get((account, ref))
        if found is None:
            limits = self._limits
            if ref.startswith("-"):  # groups
                found = _Window(limits.group_messages, limits.group_seconds)
            else:
                found = _Drip(limits.chat_seconds, limits.chat_burst)
            self._chats[account, ref] = found
        return found

    def _sweep_now_and_then(self, now: float) -> None:
        self._reservations += 1
        if self._reservations % _SWEEP_EVERY == 0:
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Forget the chats that have nothing left to remember."""
        for pair in [pair for pair, chat in self._chats.items() if _is_idle(chat, now)]:
            del self._chats[pair]
        for pair in [pair for pair, until in self._holds.items() if until <= now]:
            del self._holds[pair]


def _is_idle(chat: _Window | _Drip, now: float) -> bool:
    return chat.free(now) >= (chat.messages if isinstance(chat, _Window) else chat.burst)

"""Pacing: how fast an account may send. Pure arithmetic on monotonic seconds that are passed in.

A platform allows so many messages a second in all, so many to one chat, so many to one group. Whoever must
wait is told how long; nothing is counted until a message may go.

An account's budget may have a surplus: so many more messages a second that the platform lets through when it
is asked to. A message counts on it only when the budget proper is used up.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scheduler.lanes import Lane

Surplus = Literal["off", "open", "held"]

CLEAR_SECONDS = 2.0  # how long no surplus is used after a crisis message
_LONGEST_LOOK = 1.0  # seconds by which anybody looks ahead, or hears late of what was sent
_SWEEP_EVERY = 512  # reservations between two sweeps of idle chats


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages per stretch of seconds. The stretches are a little longer than the platform's own,

    because two messages that leave 1.000 s apart may arrive 0.985 s apart. `surplus_messages` come on top of
    `account_messages`; 0 means that there is no surplus.
    """

    account_messages: int = 30
    account_seconds: float = 1.015
    account_burst: int = 10
    surplus_messages: int = 0
    chat_seconds: float = 1.0
    chat_burst: int = 3
    group_messages: int = 20
    group_seconds: float = 60.5


class _Window:
    """At most `messages` in any stretch of `seconds`. Whoever asks may look ahead; that forgets nothing."""

    __slots__ = ("messages", "seconds", "taken")

    def __init__(self, messages: int, seconds: float) -> None:
        self.messages, self.seconds = messages, seconds
        self.taken: list[float] = []  # in order

    def wait(self, now: float, count: int = 1) -> float:
        if self.free(now) >= count:
            return 0.0
        # Whatever was overdrawn must leave the window first.
        return self.taken[len(self.taken) - self.messages + count - 1] + self.seconds - now

    def take(self, at: float) -> None:
        del self.taken[: self._gone(at - _LONGEST_LOOK)]
        insort(self.taken, at)  # what others sent is heard of later, and some places are taken beforehand

    def put_off(self, planned: float, at: float) -> None:
        if planned in self.taken:
            self.taken.remove(planned)
            self.take(at)

    def free(self, now: float) -> int:
        return max(0, self.messages - len(self.taken) + self._gone(now))

    def _gone(self, now: float) -> int:
        """How many of those taken have left the window."""
        return bisect_right(self.taken, now, key=lambda at: at + self.seconds)


class _Drip:
    """One every `seconds`, with up to `burst` at once after a rest."""

    __slots__ = ("burst", "full_at", "seconds")

    def __init__(self, seconds: float, burst: int) -> None:
        self.seconds, self.burst = seconds, burst
        self.full_at = 0.0  # when everything taken so far will have dripped in again

    def wait(self, now: float, count: int = 1) -> float:
        wait = self.full_at - (self.burst - count) * self.seconds - now
        return wait if wait > 1e-9 else 0.0

    def take(self, now: float) -> None:
        self.full_at = max(self.full_at, now) + self.seconds

    def free(self, now: float) -> int:
        return max(0, int(self.burst - max(0.0, self.full_at - now) / self.seconds + 1e-9))


class _Tier:
    """So many messages in any stretch, and evenly spread, so that a reply never waits long."""

    __slots__ = ("drip", "window")

    def __init__(self, messages: int, seconds: float, burst: int) -> None:
        self.window = _Window(messages, seconds)
        self.drip = _Drip(seconds / messages, burst)

    def wait(self, now: float, count: int = 1) -> float:
        return max(self.window.wait(now, count), self.drip.wait(now, count))

    def take(self, now: float) -> None:
        self.window.take(now)
        self.drip.take(now)

    def free(self, now: float) -> int:
        return min(self.window.free(now), self.drip.free(now))


class _Budget:
    """One account: the budget proper, and perhaps a surplus."""

    def __init__(self, limits: Limits) -> None:
        messages, seconds, burst = limits.account_messages, limits.account_seconds, limits.account_burst
        more = limits.surplus_messages
        self._proper = _Tier(messages, seconds, burst)
        # Its burst is the same part of it.
        self._surplus = _Tier(more, seconds, max(1, more * burst // messages)) if more else None
        self.held_until = self.surplus_held_until = 0.0

    def wait(self, now: float, *, surplus: bool = False, together: bool = False) -> float:
        """Seconds until one more fits, or as many `together` as are ever saved up.

        Infinity where there is no surplus.
        """
        tier = self._surplus if surplus else self._proper
        if tier is None:
            return float("inf")
        held = max(self.held_until, self.surplus_held_until) if surplus else self.held_until
        # While more may leave than the budget proper holds, nothing is saved by spreading that part evenly:
        # what it still has room for would be paid for.
        freely = not surplus and self.surplus_open(now)
        count = tier.drip.burst if together else 1
        waits = tier.window.wait(now, count) if freely else tier.wait(now, count)
        return max(waits, held - now, 0.0)

    def take(self, now: float, *, surplus: bool = False) -> None:
        tier = self._surplus if surplus else self._proper
        (tier or self._proper).take(now)

    def put_off(self, planned: float, at: float, *, surplus: bool = False) -> None:
        tier = self._surplus if surplus else self._proper
        (tier or self._proper).window.put_off(planned, at)

    def free(self, now: float, *, surplus: bool = False) -> int:
        if self.wait(now, surplus=surplus) > 0:
            return 0
        if surplus:
            return self._surplus.free(now) if self._surplus is not None else 0
        return self._proper.window.free(now) if self.surplus_open(now) else self._proper.free(now)

    def surplus_open(self, now: float) -> bool:
        """True when there is a surplus, and it is not held."""
        return self._surplus is not None and self.surplus_held_until <= now


@dataclass(frozen=True, slots=True)
class Note:
    """A message that left from here; or a hold until `held_until`, of the account if there is no `ref`.

    `surplus`: the message counts on the surplus; the hold concerns the account's surplus alone.
    """

    account: str
    ref: str
    sends: bool = True
    held_until: float | None = None
    surplus: bool = False


class Beyond(NamedTuple):
    """How many messages may leave as surplus, and which accounts may send none so.

    `thrifty`: some of these have not used up their budget.
    """

    room: int
    closed: list[str]
    thrifty: bool


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
        self,
        account: str,
        ref: str,
        lane: int,
        now: float,
        *,
        sends: bool = True,
        known: bool = False,
        surplus: bool = False,
        patience: float = 0.0,
    ) -> float:
        """Seconds to wait; 0 means go, and is counted. A crisis always goes: the others then pay for it.

        Who has `patience` takes the place that is free within so many seconds: a wait no longer than that is
        counted too, for the moment when it is over.

        An edit or a deletion (`sends` False) makes no sound and costs the account's budget only: five taps
        in five seconds must not wait for the chat's one message a second. `known`: the others know of it.
        `surplus`: it is to count on the surplus.
        """
        budget, chat = self._budget(account), self._chat(account, ref)
        waits = [budget.wait(now, surplus=surplus), self._holds.get((account, ref), now) - now, 0.0]
        wait = max(*waits, chat.wait(now)) if sends else max(waits)
        if lane == Lane.CRISIS:
            wait = 0.0
        if wait > patience:
            return wait
        if lane == Lane.CRISIS and budget.surplus_open(now):
            # It leaves without the surplus, and must not find the platform busy with ours.
            self.hold_surplus(account, now, CLEAR_SECONDS)
        self.learn(account, ref, now + wait, sends=sends, surplus=surplus)
        if not known:
            self._note(Note(account, ref, sends, surplus=surplus))
        return wait

    def exceeds(self, account: str, lane: int, now: float, *, sends: bool = True) -> bool:
        """True when a message has no room in the budget proper, and has some in the surplus.

        A crisis message never needs any; an edit or a deletion waits.
        """
        budget = self._budget(account)
        if lane == Lane.CRISIS or not sends or budget.wait(now) == 0:
            return False
        return budget.wait(now, surplus=True) == 0

    def learn(self, account: str, ref: str, at: float, *, sends: bool = True, surplus: bool = False) -> None:
        """A message left, from here or from elsewhere."""
        self._budget(account).take(at, surplus=surplus)
        if sends:
            self._chat(account, ref).take(at)
        self._sweep_now_and_then(at)

    def left_late(
        self, account: str, ref: str, planned: float, at: float, *, sends: bool = True, surplus: bool = False
    ) -> None:
        """A message whose place was taken beforehand, for `planned`, left at `at`, which is later.

        What may go in a stretch is counted anew: the next one must not hold more because this one began late.
        """
        self._budget(account).put_off(planned, at, surplus=surplus)
        chat = self._chat(account, ref)
        if sends and isinstance(chat, _Window):
            chat.put_off(planned, at)

    def answered(self, account: str, left: float, at: float) -> None:
        """At `at` the platform answered what left at `left` within the budget: perhaps it came only then.

        It matters while more may leave than the budget holds. Then nothing spreads the messages, and a whole
        budget that came late would meet the next one.
        """
        budget = self._budget(account)
        if budget.surplus_open(at):
            budget.put_off(left, at)

    def expect(self, account: str) -> None:
        """This account may send something soon: its room counts from now on."""
        self._budget(account)

    def free(self, now: float) -> int:
        """How many messages the account with the most room may send now, within its budget."""
        budgets = list(self._accounts.values()) or [_Budget(self._limits)]
        return max(budget.free(now) for budget in budgets)

    def beyond(self, now: float, spoken_for: Mapping[str, int]) -> Beyond:
        """What may leave now as surplus. `spoken_for`: how many of an account leave within its budget."""
        rooms = dict[str, int]()
        thrifty = False
        for account, budget in self._accounts.items():
            used_up = budget.free(now) <= spoken_for.get(account, 0)
            rooms[account] = budget.free(now, surplus=True) if used_up else 0
            thrifty = thrifty or not used_up
        closed = [account for account, room in rooms.items() if not room]
        return Beyond(max(rooms.values(), default=0), closed, thrifty)

    def hold(self, account: str, ref: str, until: float) -> None:
        """Leave one chat alone until then; nobody else waits for it."""
        self.learn_hold(account, ref, until)
        self._note(Note(account, ref, held_until=until))

    def hold_account(self, account: str, until: float) -> None:
        """Leave a whole account alone until then."""
        self.hold(account, "", until)

    def hold_surplus(self, account: str, now: float, seconds: float) -> bool:
        """Keep an account to its budget proper for so long; True when it was not kept to it before.

        The moments after a crisis message do not count as before.
        """
        before, until = self._budget(account).surplus_held_until, now + seconds
        self.learn_hold(account, "", until, surplus=True)
        self._note(Note(account, "", held_until=until, surplus=True))
        return before <= now + CLEAR_SECONDS

    def learn_hold(self, account: str, ref: str, until: float, *, surplus: bool = False) -> None:
        """A hold, from here or from elsewhere."""
        budget = self._budget(account)
        if surplus:
            budget.surplus_held_until = max(budget.surplus_held_until, until)
        elif ref:
            self._holds[account, ref] = max(until, self._holds.get((account, ref), until))
        else:
            budget.held_until = max(budget.held_until, until)

    def held(self, now: float) -> dict[tuple[str, str], float]:
        """The chats, as (account, ref), that have to wait, and until when."""
        self._sweep(now - _LONGEST_LOOK)
        waits = {pair: now + wait for pair, chat in self._chats.items() if (wait := chat.wait(now)) > 0}
        for pair, until in self._holds.items():
            if until > now:
                waits[pair] = max(until, waits.get(pair, until))
        return waits

    def holds(self, now: float) -> dict[tuple[str, str], float]:
        """Holds that are not over by then, and until when; that of a whole account has an empty ref."""
        holds = {pair: until for pair, until in self._holds.items() if until > now}
        accounts = {(account, ""): budget.held_until for account, budget in self._accounts.items()}
        return holds | {pair: until for pair, until in accounts.items() if until > now}

    def exhausted(self, now: float) -> list[str]:
        """The accounts that may send nothing now, within their budget."""
        return [account for account, budget in self._accounts.items() if not budget.free(now)]

    def relief(self, now: float, *, together: bool = False) -> float:
        """When somebody who has to wait may go next; infinity when nobody has to.

        `together`: when as many may as an account ever saves up.
        """
        waits = [
            now + wait
            for budget in self._accounts.values()
            for surplus in (False, True)
            if (wait := budget.wait(now, surplus=surplus, together=together)) > 0
        ]
        return min([*waits, *self.held(now).values()], default=float("inf"))

    def surplus(self, now: float) -> Surplus:
        """How the surplus stands: "off" without one, "held" while some account must do without, or "open"."""
        if not self._limits.surplus_messages:
            return "off"
        held = any(not budget.surplus_open(now) for budget in self._accounts.values())
        return "held" if held else "open"

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

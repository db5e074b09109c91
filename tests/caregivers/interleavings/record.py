"""What each bond may let out at this instant: plain Python that knows no database.

A `Record` is what a backup takes along; a `Revocations` is what no backup undoes.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.grants import Receipt
from storage.vocabulary import BondState, Review, Scope

MOODS_LAST = timedelta(days=30)
CONSENT_LASTS = timedelta(days=90)
CONFIRM_WITHIN = timedelta(days=1)
INVITE_LASTS = timedelta(minutes=30)
MOST_WRONG, WRONG_COUNTS_FOR = 10, timedelta(hours=1)
TieName = tuple[int, datetime]  # a number is given again after a restore, but not at the same instant


@dataclass
class Somebody:
    """Who lives at an address; whoever comes back after an erasure is somebody else."""

    key: int
    address: str
    since: datetime
    paused: bool = False
    away: bool = False
    silent: bool = False
    wrong: list[datetime] = field(default_factory=list)


@dataclass
class Link:
    """An invitation. `opened`: somebody had it first; `opener`: who that is, while they are here."""

    key: int
    owner: int
    payload: str
    expires: datetime
    opened_at: datetime | None = None
    opener: int | None = None
    agreed: bool = False

    @property
    def opened(self) -> bool:
        return self.opened_at is not None


@dataclass
class On:
    """A scope that is on; `until` is for those confirmed again and again."""

    since: datetime
    until: datetime | None
    set_at: datetime


@dataclass
class Tie:
    """A bond."""

    key: int
    person: int
    caregiver: int | None
    agreed_at: datetime
    expires: datetime
    since: datetime
    state: BondState = BondState.AGREED
    on: dict[Scope, On] = field(default_factory=dict)
    review: Review = Review.OFF

    @property
    def name(self) -> TieName:
        return self.key, self.agreed_at

    def change(self, state: BondState, now: datetime) -> None:
        self.state, self.since = state, now


@dataclass
class Revocations:
    """What was taken back, and when last."""

    erased: dict[str, datetime] = field(default_factory=dict)
    ended: set[TieName] = field(default_factory=set)
    paused: dict[TieName, datetime] = field(default_factory=dict)
    off: dict[tuple[TieName, Scope], datetime] = field(default_factory=dict)
    set_at: dict[tuple[TieName, Scope], datetime] = field(default_factory=dict)
    silent: dict[str, datetime] = field(default_factory=dict)
    spent: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Record:
    """Everybody, every link, every bond; `letters`: to whom each row of the outbox is to go, and why."""

    people: dict[str, Somebody] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    ties: dict[int, Tie] = field(default_factory=dict)
    letters: dict[int, Receipt] = field(default_factory=dict)

    def copy(self) -> "Record":
        copied: Record = pickle.loads(pickle.dumps(self))  # noqa: S301 - our own, and five times as fast as deepcopy
        return copied

    def by_key(self, key: int | None) -> Somebody | None:
        return next((one for one in self.people.values() if one.key == key), None)

    def lets_out(self, receipt: Receipt, now: datetime) -> bool:
        """The whole question: may this leave now?"""
        tie = self.ties.get(receipt.grant.bond_id)
        if tie is None or tie.state is not BondState.LIVE or tie.expires <= now:
            return False
        person, on = self.by_key(tie.person), tie.on.get(receipt.grant.scope)
        if person is None or person.paused or person.away or person.silent or on is None:
            return False
        if receipt.written_at < max(tie.since, on.since):
            return False
        known = self.by_key(tie.caregiver) is not None and tie.caregiver == receipt.caregiver_id
        return known and (on.until is None or on.until > now)

    # Invitations

    def invite(self, owner: Somebody, key: int, payload: str, revoked: Revocations, now: datetime) -> None:
        for link in self.links:
            if link.owner == owner.key and not link.agreed and link.expires > now:
                link.expires, revoked.spent[link.payload] = now, now
        self.links.append(Link(key, owner.key, payload, now + INVITE_LASTS))

    def open(self, who: Somebody, link: Link, revoked: Revocations, now: datetime) -> None:
        """Whoever is first has it; the others have tried a wrong one."""
        tried = [at for at in who.wrong if at > now - WRONG_COUNTS_FOR]
        if len(tried) >= MOST_WRONG:
            return
        usable = link in self.links and link.expires > now
        if usable and link.owner == who.key:
            return
        if usable and not link.agreed and (not link.opened or link.opener == who.key):
            if not link.opened:
                revoked.spent[link.payload] = now
            link.opened_at, link.opener = now, who.key
        else:
            who.wrong.append(now)

    def can_agree(self, who: Somebody, link: Link, now: datetime) -> bool:
        here = link in self.links and self.by_key(link.owner) is not None
        return here and link.opener == who.key and not link.agreed and link.expires > now

    def agree(self, link: Link, revoked: Revocations, now: datetime) -> None:
        link.agreed, revoked.spent[link.payload] = True, now

    def goes_on(self, who: Somebody, link: Link, now: datetime) -> bool:
        """Whether they are a caregiver already: then all stays as it is."""
        return any(self.can_be_set(tie, now) for tie in self.between(link.owner, who.key))

    def tie(self, who: Somebody, link: Link, key: int, revoked: Revocations, now: datetime) -> None:
        for former in self.between(link.owner, who.key):
            if former.state is BondState.AGREED:
                self.end(former, revoked, now)
        self.ties[key] = Tie(key, link.owner, who.key, now, now + CONFIRM_WITHIN, now)

    # Bonds

    def confirm(self, tie: Tie, revoked: Revocations, now: datetime) -> None:
        if tie.state is not BondState.AGREED or tie.expires <= now or tie.caregiver is None:
            return
        tie.change(BondState.LIVE, now)
        tie.expires = now + CONSENT_LASTS
        for former in list(self.between(tie.person, tie.caregiver)):
            if former is not tie:
                self.end(former, revoked, now)

    def between(self, person: int, caregiver: int | None) -> Iterator[Tie]:
        for tie in self.ties.values():
            if (tie.person, tie.caregiver) == (person, caregiver):
                yield tie

    def end(self, tie: Tie, revoked: Revocations, now: datetime) -> None:
        if tie.state is not BondState.ENDED:
            revoked.ended.add(tie.name)
            tie.change(BondState.ENDED, now)

    def pause(self, tie: Tie, revoked: Revocations, now: datetime) -> None:
        if tie.state is BondState.LIVE:
            revoked.paused[tie.name] = now
            tie.change(BondState.PAUSED, now)

    def go_on(self, tie: Tie, now: datetime) -> None:
        if tie.state is BondState.PAUSED and tie.expires > now:
            tie.change(BondState.LIVE, now)

    def renew(self, tie: Tie, now: datetime) -> None:
        if tie.state in (BondState.LIVE, BondState.PAUSED) and tie.expires > now:
            tie.expires = now + CONSENT_LASTS

    def leave(self, tie: Tie, revoked: Revocations, now: datetime) -> None:
        """Who leaves somebody hears nothing more of them, by whatever link they came."""
        for each in list(self.between(tie.person, tie.caregiver)):
            self.end(each, revoked, now)

    def can_be_set(self, tie: Tie, now: datetime) -> bool:
        return tie.state in (BondState.LIVE, BondState.PAUSED) and tie.expires > now

    def switch_on(self, tie: Tie, scope: Scope, now: datetime) -> None:
        if self.can_be_set(tie, now):
            was = tie.on.get(scope)
            since, set_at = (was.since, was.set_at) if was is not None else (now, now)
            tie.on[scope] = On(since, now + MOODS_LAST if scope is Scope.LOW_MOOD else None, set_at)

    def set_review(self, tie: Tie, review: Review, revoked: Revocations, now: datetime) -> None:
        if not self.can_be_set(tie, now) or tie.review is review:
            return
        tie.review = review
        for scope, on in tie.on.items():
            on.set_at = revoked.set_at[tie.name, scope] = now

    def switch_off(self, tie: Tie, scope: Scope, revoked: Revocations, now: datetime) -> None:
        if self.can_be_set(tie, now):
            revoked.off[tie.name, scope] = now
            tie.on.pop(scope, None)

    # People

    def back(self, who: Somebody, now: datetime) -> None:
        """From a pause, or reachable again."""
        for tie in self.ties.values():
            if tie.person == who.key and tie.state is BondState.LIVE:
                tie.since = now

    def hear(self, who: Somebody, now: datetime) -> None:
        """They said something."""
        if who.away or who.silent:
            who.away = who.silent = False
            self.back(who, now)

    def fall_silent(self, who: Somebody, revoked: Revocations, now: datetime) -> None:
        """They paused everything, or blocked us."""
        if any(tie.person == who.key and tie.state is not BondState.ENDED for tie in self.ties.values()):
            revoked.silent[who.address] = now

    def erase(self, who: Somebody, now: datetime) -> None:
        del self.people[who.address]
        self.links = [link for link in self.links if link.owner != who.key]
        for link in self.links:
            link.opener = None if link.opener == who.key else link.opener
        self.ties = {key: tie for key, tie in self.ties.items() if tie.person != who.key}
        for tie in self.ties.values():
            if tie.caregiver == who.key:
                tie.caregiver = None
                if tie.state is not BondState.ENDED:
                    tie.change(BondState.ENDED, now)
        self.letters = {row: of for row, of in self.letters.items() if of.caregiver_id != who.key}

    # Backups

    def revoke_again(self, revoked: Revocations) -> None:
        """What no backup may undo."""
        for address, at in revoked.erased.items():
            there = self.people.get(address)
            if there is not None and there.since <= at:
                self.erase(there, at)
        for tie in self.ties.values():
            if tie.state is BondState.ENDED:
                continue
            paused = revoked.paused.get(tie.name)
            if tie.name in revoked.ended:
                tie.change(BondState.ENDED, tie.since)
            elif tie.state is BondState.LIVE and paused is not None and tie.since <= paused:
                tie.change(BondState.PAUSED, tie.since)
            tie.on = {
                scope: on
                for scope, on in tie.on.items()
                if ((off := revoked.off.get((tie.name, scope))) is None or on.since > off)
                and ((last := revoked.set_at.get((tie.name, scope))) is None or on.set_at >= last)
            }
        self._silence_again(revoked)
        self._spend_again(revoked)

    def _silence_again(self, revoked: Revocations) -> None:
        for who in self.people.values():
            at = revoked.silent.get(who.address)
            live = [
                tie.since
                for tie in self.ties.values()
                if tie.person == who.key and tie.state is BondState.LIVE
            ]
            if at is not None and not who.paused and not who.away and live and min(live) <= at:
                who.silent = True

    def _spend_again(self, revoked: Revocations) -> None:
        for link in self.links:
            at = revoked.spent.get(link.payload)
            if at is None or link.agreed or (link.opened_at is not None and link.opened_at >= at):
                continue
            link.expires = min(link.expires, at)

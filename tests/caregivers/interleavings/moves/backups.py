"""Backups: made, and put back after the world went on."""

from hypothesis.stateful import precondition, rule

from storage.vocabulary import BondState
from tests.caregivers.interleavings.stage import Stage, which

MOST_BACKUPS = 3


class Backups(Stage):
    """The operator, on a bad day."""

    @rule()
    def a_backup_is_made(self) -> None:
        self.step()
        self.backups = [*self.backups, (self.ground.shelf.back_up(), self.record.copy())][-MOST_BACKUPS:]

    @precondition(lambda self: self.backups)
    @rule(number=which)
    def a_backup_is_put_back(self, number: int) -> None:
        self.step()
        backup, record = self.backups[number % len(self.backups)]
        self.run(self.ground.restore(backup))
        self.tally.restores += 1
        self.record = record.copy()
        self.record.revoke_again(self.revoked)
        self.doubtful.update(self.record.letters)
        self.bonds_are_as_recorded()

    def bonds_are_as_recorded(self) -> None:
        real = self.ground.standing()
        assert set(real) == set(self.record.ties)
        for key, tie in self.record.ties.items():
            state, caregiver, on = real[key]
            assert (state, caregiver) == (tie.state, tie.caregiver)
            assert on == frozenset(tie.on) or state is BondState.ENDED, "what has ended lets out nothing"

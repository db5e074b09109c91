"""Whatever people, caregivers, crashes and backups do, in any order: nothing leaves without live consent.

A part in seconds; `make consents` plays the whole.
"""

from tests.caregivers.interleavings.play import play


def test_in_any_order_what_leaves_is_what_has_consent_at_that_instant() -> None:
    tally = play(cases=24, at_a_time=4)
    assert tally.sends > 0
    assert tally.withheld_at_claim > 0

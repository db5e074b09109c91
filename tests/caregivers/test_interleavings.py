"""Whatever people, caregivers, crashes and backups do, in any order: nothing leaves without live consent.

Longer: `make consents`, or EVENKEEL_CONSENTS=5000 for so many cases.
"""

from tests.caregivers.interleavings.play import play


def test_in_any_order_what_leaves_is_what_has_consent_at_that_instant() -> None:
    tally = play(cases=1, at_a_time=40)
    print(tally)
    for looked_at in ("sends", "withheld_at_claim", "withheld_at_gate", "dead_links", "restores"):
        assert getattr(tally, looked_at) > 0, f"{looked_at}: the machine does not reach what it is for"

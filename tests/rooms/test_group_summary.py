"""What `/group` says is kept is what is kept."""

from storage.group_posts import GroupPost
from storage.groups import Group
from storage.pulses import Pulse, PulseAnswer, PulsePlan

SHOWN = {
    *("kind", "state", "zone", "language", "country", "topic", "quiet_from", "quiet_until", "warns"),
    *("tells_moderators", "hears_all", "noticed_at", "resources_shown"),
}
# The address, our own number, the key, what to go back to, a word to be passed on to admins, which of our
# messages shows the crisis numbers, and when a line was last said that stands there for all to see.
INNER = {
    *("id", "platform", "account", "ref", "wrapped", "before", "topic_lost", "resources_ref"),
    "pointed_at",
}
OF_POSTS = {"subject", "text_key", "words_sealed", "timing", "paused"}
INNER_OF_POSTS = {"id", "group_id", "shown", "looked_until"}
OF_PLANS = {"question", "hours", "timing", "picture_timing"}
INNER_OF_PLANS = {"group_id", "wanted", "asked", "looked_until"}
# What `/group` says in a sentence: what was shown, and whether one is open.
OF_PULSES = {"shown", "state", "closes_at", "question"}
INNER_OF_PULSES = {"id", "group_id", "opened_at", "key_sealed", "told", "lost"}
OF_ANSWERS = {"pulse_id", "member_hash", "choice"}


def test_every_column_of_a_group_is_shown_or_has_its_reason_not_to_be() -> None:
    assert set(Group.model_fields) == SHOWN | INNER


def test_no_column_could_hold_a_member_but_the_hash_in_an_open_checkin() -> None:
    names = {*Group.model_fields, *GroupPost.model_fields, *PulsePlan.model_fields, *Pulse.model_fields}
    assert set(PulsePlan.model_fields) == OF_PLANS | INNER_OF_PLANS
    assert set(Pulse.model_fields) == OF_PULSES | INNER_OF_PULSES
    assert set(PulseAnswer.model_fields) == OF_ANSWERS
    assert set(GroupPost.model_fields) == OF_POSTS | INNER_OF_POSTS
    assert not {name for name in names if any(word in name for word in ("person", "member", "admin", "user"))}

"""What `/group` says is kept is what is kept."""

from storage.group_posts import GroupPost
from storage.groups import Group

SHOWN = {
    *("kind", "state", "zone", "language", "country", "topic", "quiet_from", "quiet_until", "warns"),
    *("tells_moderators", "hears_all", "noticed_at", "resources_shown"),
}
# The address, our own number, the key, what to go back to, a word to be passed on to admins, and which of our
# messages shows the crisis numbers.
INNER = {"id", "platform", "account", "ref", "wrapped", "before", "topic_lost", "resources_ref"}
OF_POSTS = {"subject", "text_key", "words_sealed", "timing", "paused"}
INNER_OF_POSTS = {"id", "group_id", "shown", "looked_until"}


def test_every_column_of_a_group_is_shown_or_has_its_reason_not_to_be() -> None:
    assert set(Group.model_fields) == SHOWN | INNER


def test_no_column_could_hold_a_member() -> None:
    names = {*Group.model_fields, *GroupPost.model_fields}
    assert set(GroupPost.model_fields) == OF_POSTS | INNER_OF_POSTS
    assert not {name for name in names if any(word in name for word in ("person", "member", "admin", "user"))}

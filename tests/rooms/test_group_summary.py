"""What `/group` says is kept is what is kept."""

from storage.group_posts import GroupPost
from storage.groups import Group

SHOWN = {"kind", "state", "zone", "language", "country", "topic"}
# The address, our own number, the key, what to go back to, and a word to be passed on to admins.
INNER = {"id", "platform", "account", "ref", "wrapped", "before", "topic_lost"}
# Nothing can set these yet; whoever lets something set them shows them.
UNSET = {"quiet_from", "quiet_until", "warns", "tells_moderators", "hears_all", "noticed_at"}
OF_POSTS = {"subject", "text_key", "words_sealed", "timing", "paused"}
INNER_OF_POSTS = {"id", "group_id", "shown", "looked_until"}


def test_every_column_of_a_group_is_shown_or_has_its_reason_not_to_be() -> None:
    assert set(Group.model_fields) == SHOWN | INNER | UNSET


def test_no_column_could_hold_a_member() -> None:
    names = {*Group.model_fields, *GroupPost.model_fields}
    assert set(GroupPost.model_fields) == OF_POSTS | INNER_OF_POSTS
    assert not {name for name in names if any(word in name for word in ("person", "member", "admin", "user"))}

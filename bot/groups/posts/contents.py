"""What a post says: the text whose turn it is, in the group's language, or the admin's own words."""

from bot.conversation.catalogs import SOURCE_LANGUAGE
from bot.conversation.text import Text, paragraphs, styled
from bot.groups.moderation.aloud import sentence
from bot.groups.moderation.rules import warning_of
from bot.groups.posts import rules, wording
from bot.groups.posts.library import footers, leaf_of, shelf
from storage.group_posts import GroupPost
from storage.groups import Group
from storage.sealing import Sealer

_PLACE = ("group_post", "words_sealed")
OWN = "own"


def subject_of(post: GroupPost) -> str:
    """What a post is about; OWN for an admin's words, of which nothing is said elsewhere."""
    return post.subject or OWN


def seal(sealer: Sealer, words: str) -> bytes:
    """An admin's own words as they are stored."""
    return sealer.seal(*_PLACE, words)


def text_of(post: GroupPost, sealer: Sealer, group: Group) -> Text | None:
    """What goes out at the next slot; None when that text is not in the library any more."""
    text = _bare_text(post, sealer, group.language)
    warning = warning_of(post.subject or OWN, own=post.words_sealed is not None) if group.warns else None
    if text is None or warning is None:
        return text
    return paragraphs(sentence(warning, group.language), styled(text, "spoiler"))


def _bare_text(post: GroupPost, sealer: Sealer, language: str) -> Text | None:
    if post.words_sealed is not None:
        return rules.shown(sealer.open(*_PLACE, post.words_sealed))
    key = post.text_key or rules.in_turn([leaf.key for leaf in shelf(post.subject or "")], post.shown)
    leaf = leaf_of(key) if key is not None else None
    if leaf is None:
        return None
    spoken = language if language in leaf.words else SOURCE_LANGUAGE
    return wording.from_library(leaf.in_language(spoken), footers()[spoken], leaf.source)

"""Every sentence an admin reads while a group is set up, and what is said to be kept about it."""

from collections.abc import Sequence
from datetime import time

from bot.conversation.calendar import clock, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from storage.vocabulary import GroupKind, GroupState


def group_summary(_: Gettext) -> str:
    return _("set me up in a group or channel you run")


def how_to_begin(_: Gettext) -> Text:
    """`/group` in private, where nobody knows which group is meant."""
    return paragraphs(
        _("Send /group in your group or channel. I answer there with a button that leads back here."),
        _("Only its admins can set me up, and I ask Telegram each time whether you are one."),
    )


def not_for_you(_: Gettext) -> Text:
    return compose(_("I can show this to the admins of the group only."))


def not_now(_: Gettext) -> Text:
    return compose(_("I could not ask whether you are an admin there. Please try again in a little while."))


def kind_name(_: Gettext, kind: GroupKind) -> str:
    return {
        GroupKind.GROUP: _("group"),
        GroupKind.SUPERGROUP: _("supergroup"),
        GroupKind.CHANNEL: _("channel"),
    }[kind]


def state_name(_: Gettext, state: GroupState) -> str:
    return {
        GroupState.NEW: _("not set up yet"),
        GroupState.ACTIVE: _("posting"),
        GroupState.PAUSED: _("paused"),
        GroupState.GONE: _("I am not there, or may not write there"),
    }[state]


def title(_: Gettext, number: int) -> str:
    return _("Group no. {number}").format(number=number)


def facts(
    _: Gettext,
    kind: GroupKind,
    state: GroupState,
    *,
    zone: str | None,
    language: str,
    country: str | None,
    topic: bool,
    posts: int,
    more: Sequence[tuple[str, Text | str]] = (),
) -> Text:
    """What is kept about a group, in lines; `more` is named already."""
    rows = (
        (_("Kind"), kind_name(_, kind)),
        (_("State"), state_name(_, state)),
        (_("Time zone"), place_name(zone) if zone else _("not set")),
        (_("Language"), language),
        (_("Country"), country or _("not set")),
        (_("Place of posts"), _("one topic") if topic else _("the group at large")),
        (_("Posts"), str(posts)),
        *more,
    )
    return lines(*(compose("{name}: {value}", name=name, value=bold(value)) for name, value in rows))


def kept(_: Gettext, number: int, kept_facts: Text) -> Text:
    """What `/group` says in the group."""
    return paragraphs(
        bold(title(_, number)),
        kept_facts,
        _(
            "This, the words of its posts, and what its check-ins showed in the last two weeks are all that I keep "
            "about this group. About its members I keep nothing."
        ),
        _(
            "While a check-in is open I keep its answers, each with a number in place of who gave it. Answers and "
            "numbers are deleted when it closes."
        ),
    )


def card(_: Gettext, number: int, kept_facts: Text, notes: Sequence[str]) -> Text:
    """The card that an admin sees in private."""
    return paragraphs(bold(title(_, number)), kept_facts, *notes)


def zone_first(_: Gettext) -> str:
    return _("Please choose the time zone first, so that 09:00 is the group's 09:00.")


def zone_button(_: Gettext) -> str:
    return _("Time zone")


def language_button(_: Gettext) -> str:
    return _("Language")


def country_button(_: Gettext) -> str:
    return _("Country")


def this_topic(_: Gettext) -> str:
    return _("Post in the topic I came from")


def no_topic(_: Gettext) -> str:
    return _("Post in the group at large")


def add_post(_: Gettext) -> str:
    return _("Add a post")


def posts_button(_: Gettext) -> str:
    return _("Posts")


def pause(_: Gettext) -> str:
    return _("Pause all posts")


def go_on(_: Gettext) -> str:
    return _("Go on posting")


def forget(_: Gettext) -> str:
    return _("Forget this group")


def forget_sure(_: Gettext) -> Text:
    return compose(_("Everything set for this group is deleted, and nothing goes out any more. Sure?"))


def forget_yes(_: Gettext) -> str:
    return _("Yes, forget it")


def forgotten(_: Gettext) -> Text:
    return compose(_("All of it is deleted. To stop me altogether, remove me from the group."))


def back(_: Gettext) -> str:
    return _("Back")


def ask_zone(_: Gettext) -> Text:
    return compose(
        _("By whose clock shall I post? Write a city, or what the clock there shows now, like 18:42.")
    )


def zone_not_found(_: Gettext) -> str:
    return _("I could not find that. Try a bigger city nearby, or what the clock shows, like 18:42.")


def which_zone(_: Gettext) -> Text:
    return compose(_("Which one fits? The time beside it is what its clock shows."))


def zone_option(_: Gettext, key: str, at: time) -> str:
    return f"{place_name(key)} ({clock(at)})"


def none_of_these(_: Gettext) -> str:
    return _("None of these")


def ask_country(_: Gettext) -> Text:
    return compose(_("Which country's crisis numbers shall stand in the group? Tap it, or write it."))


def country_not_found(_: Gettext) -> str:
    return _(
        "I don't know that country by this name. Please write it in English, or its two letters, like FR."
    )


def which_country(_: Gettext) -> Text:
    return compose(_("Which of these?"))


def ask_language(_: Gettext) -> Text:
    return compose(
        _("In which language shall the texts of the library, the crisis numbers and my notices stand there?")
    )


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def topic_is_gone(_: Gettext, number: int) -> Text:
    """Told to admins in private when a post could not stand where it was to."""
    return paragraphs(
        bold(title(_, number)),
        _("The topic for my posts is gone or closed there. I post in the group at large from now on."),
        _("To choose another topic, send /group in it."),
    )

"""Every sentence about posts: as they stand in a group, and as an admin reads about them."""

from collections.abc import Sequence

from bot.conversation.calendar import clock, day_name, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.groups.posts.library import Words
from scheduler.timing import Planned


def subject_name(_: Gettext, subject: str) -> str:
    """A subject of the library, what else comes by a timing, or what stands for an admin's own words."""
    return {
        "self-care": _("Self-care"),
        "sleep": _("Sleep"),
        "movement": _("Movement"),
        "talking": _("Talking with your doctor"),
        "breakthrough": _("What breakthrough depression is, and is not"),
        "check-in": _("Check-in of the group"),
        "picture": _("Picture of the week"),
    }.get(subject, _("Own words"))


def from_library(words: Words, footer: str, source: str) -> Text:
    """A text of the library as it stands in the group, in one language throughout."""
    return paragraphs(bold(words.title), words.words, compose(footer, source=source))


def moment(_: Gettext, slot: Planned) -> str:
    """A slot: "Mon 9 Mar, 09:00"."""
    return f"{day_name(_, slot.slot.day)}, {clock(slot.slot.at)}"


def coming(_: Gettext, posts: Sequence[tuple[str, Planned]], zone: str) -> Text:
    """The next posts of a group, each with what it is about."""
    listed = [f"{moment(_, slot)} · {subject_name(_, subject)}" for subject, slot in posts]
    here = compose(_("Times are those of {place}."), place=place_name(zone))
    return paragraphs(bold(_("What comes next here")), lines(*listed), here)


def nothing_comes(_: Gettext) -> Text:
    return compose(_("Nothing is planned here."))


# In private, for admins


def ask_subject(_: Gettext) -> Text:
    return paragraphs(
        _("What shall I post?"),
        _("The library has short texts with their sources. Or write your own words."),
    )


def own_words(_: Gettext) -> str:
    return _("My own words")


def ask_text(_: Gettext, subject: str, texts: Sequence[Words]) -> Text:
    """The texts of a subject, each with its number."""
    listed = [
        compose("{number}. {title}\n{words}", number=number, title=bold(text.title), words=text.words)
        for number, text in enumerate(texts, 1)
    ]
    return paragraphs(bold(subject_name(_, subject)), *listed, _("One of these, or all of them in turn?"))


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def all_in_turn(_: Gettext) -> str:
    return _("All in turn")


def ask_own(_: Gettext, longest: int) -> Text:
    return paragraphs(
        compose(_("Write the words, {longest} characters at most."), longest=longest),
        _("Everybody in the group will read them. Please name nobody and no medicine."),
    )


def own_empty(_: Gettext) -> str:
    return _("I found no words in that.")


def own_too_long(_: Gettext) -> str:
    return _("That is too long for a post.")


def read_back(_: Gettext, shown: Text) -> Text:
    """What the admin wrote, letter for letter as it will stand in the group."""
    return paragraphs(_("It will stand there just so:"), shown, _("Links and names will not be tappable."))


def use_it(_: Gettext) -> str:
    return _("Use these words")


def write_again(_: Gettext) -> str:
    return _("Write it again")


def ask_when(_: Gettext, zone: str) -> Text:
    return compose(
        _("When? Write days and times, for example: mon thu 9:00. The clock is that of {place}."),
        place=place_name(zone),
    )


def not_understood(_: Gettext) -> str:
    return _("I did not understand that as days and times. Please write it as in: mon wed fri 9:30.")


def no_dates(_: Gettext) -> str:
    return _("A post has no first or last day. You can pause or remove it at any time.")


def morning_or_evening(_: Gettext) -> str:
    return _("Please write am or pm with each time, or use the 24-hour clock.")


def which_timing(_: Gettext, phrase: str) -> Text:
    return compose(_("Which one is meant by “{phrase}”?"), phrase=said(phrase))


def confirm(_: Gettext, subject: str, timing: Text, ahead: Sequence[Planned], zone: str) -> Text:
    """The card before a post is kept: what, when, and its next times."""
    return paragraphs(
        bold(subject_name(_, subject)),
        compose(_("{timing}, by the clock of {place}."), timing=timing, place=place_name(zone)),
        lines(_("The next times:"), *(moment(_, slot) for slot in ahead)),
    )


def yes_post(_: Gettext) -> str:
    return _("Yes, post it then")


def other_times(_: Gettext) -> str:
    return _("Other times")


def never_mind(_: Gettext) -> str:
    return _("Never mind")


def nothing_kept(_: Gettext) -> Text:
    return compose(_("All right, nothing was kept."))


def too_many(_: Gettext, most: int) -> str:
    return _("A group can have {most} posts. Please remove one first.").format(most=most)


def posts(_: Gettext, number: int, listed: Sequence[Text]) -> Text:
    """The posts of a group, numbered."""
    if not listed:
        return paragraphs(bold(_("Posts")), _("There are none yet."))
    rows = [compose("{number}. {post}", number=place, post=post) for place, post in enumerate(listed, 1)]
    return paragraphs(bold(_("Posts")), lines(*rows))


def post_line(_: Gettext, subject: str, timing: Text, *, paused: bool) -> Text:
    """A post in one line."""
    line = compose("{subject}: {timing}", subject=subject_name(_, subject), timing=timing)
    return compose(_("{post} (paused)"), post=line) if paused else line


def one(_: Gettext, line: Text, ahead: Sequence[Planned]) -> Text:
    """A post by itself, with its next times."""
    times = [moment(_, slot) for slot in ahead]
    return paragraphs(line, lines(_("The next times:"), *times) if times else "")


def preview(_: Gettext) -> str:
    return _("Preview")


def pause(_: Gettext) -> str:
    return _("Pause this post")


def go_on(_: Gettext) -> str:
    return _("Go on with this post")


def change_times(_: Gettext) -> str:
    return _("Change the times")


def remove(_: Gettext) -> str:
    return _("Remove it")


def removed(_: Gettext) -> str:
    return _("It is removed.")


def taken_out(_: Gettext) -> Text:
    return compose(_("This text is not in the library any more, so nothing goes out."))

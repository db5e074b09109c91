"""Sentences that belong to no room."""

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, compose


def please_start(_: Gettext) -> Text:
    return compose(_("Please begin with /start. For help in a crisis, send /sos at any time."))


def for_people_only(_: Gettext) -> Text:
    """For whoever is here as a caregiver only."""
    return compose(
        _(
            "You are here as a caregiver. /caring shows whom you care for, /settings your settings, and /sos brings "
            "help at any time. If you want to be reminded of a medicine of your own, send /start."
        )
    )


def not_yours(_: Gettext) -> str:
    return _("That button is no longer in use.")


def question_moved_on(_: Gettext) -> str:
    return _("That question has been answered already.")


def words_only(_: Gettext) -> Text:
    return compose(
        _("I can only read text and buttons. /help shows what I can do, /sos brings help at once.")
    )


def unknown_command(_: Gettext) -> Text:
    return compose(_("I don't know that command. /help shows what I can do, /sos brings help at once."))


def not_understood(_: Gettext) -> Text:
    return compose(
        _(
            "I'm a simple program and did not understand that. /today shows your doses, /help shows "
            "everything. If you need someone now, send /sos."
        )
    )


def went_wrong(_: Gettext) -> Text:
    return compose(
        _("Something went wrong on my side, and nothing was changed. Please try again in a little while.")
    )


def not_saved_yet(_: Gettext) -> Text:
    return compose(
        _(
            "I can't save anything at the moment. I keep what you sent and try again by myself. "
            "The help of /sos works all the same."
        )
    )


def too_long(_: Gettext) -> Text:
    return compose(_("That is longer than I can keep. Could you say it in fewer words?"))


def edits_are_not_read(_: Gettext) -> Text:
    return compose(
        _("I saw that you edited a message. I can't use edits, so please send it again as a new one.")
    )


def forwards_are_not_read(_: Gettext) -> Text:
    return compose(_("I don't take forwarded messages as answers. Please write it yourself."))


def sent_again(_: Gettext) -> str:
    return _("Sent again, in case it did not reach you.")


def help_now(_: Gettext) -> str:
    return _("I need help now")

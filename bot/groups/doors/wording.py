"""What is said about a command that belongs into a private chat: in the group, and to whoever wrote it."""

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, compose


def for_private(_: Gettext) -> Text:
    """In the group; the same whoever wrote, and whatever it was."""
    return compose(
        _(
            "Commands like that are for a private chat with me. Here I do nothing with them. For everybody here "
            "there are /next and /resources."
        )
    )


def here_is_the_place(_: Gettext) -> Text:
    return compose(_("You wrote a command in a group. Here is the place for it."))


def open_it(_: Gettext, command: str) -> str:
    return _("Open /{command}").format(command=command)


def unsay(_: Gettext) -> str:
    return _("Delete my message in the group")


def asked_to_delete(_: Gettext) -> Text:
    return compose(
        _(
            "I have asked Telegram to delete it. If it still stands there in a minute, please delete it yourself."
        )
    )


def may_not_delete(_: Gettext) -> Text:
    return compose(
        _(
            "I may not delete messages there. You can delete it yourself: hold your message, and choose Delete."
        )
    )


def not_now(_: Gettext) -> Text:
    return compose(_("I could not ask Telegram just now. Please try again in a little while."))

"""Every sentence about a person's data: what is kept, handed over, erased."""

from datetime import datetime

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.people.wording import may_i


def privacy_and_question(_: Gettext) -> Text:
    return paragraphs(privacy(_), may_i(_))


def privacy(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Privacy")),
        lines(
            bold(_("What is kept")),
            _("Your chat's number, time zone, country, settings, and the times, states and skip reasons of your doses, as they are."),
            _(
                "Names of medicines, amounts, answers to check-ins and questionnaires, and messages under way: encrypted with a key of "
                "your own, kept apart from the data."
            ),
            _(
                "What I told you about changes of your mood, what you said about your dose, and your care team with "
                "appointment and questions: encrypted in the same way."
            ),
            _("Whether and when a crisis card was shown to you, in which language, and whether I asked the next "
              "day. Never what you wrote."),
            _("Your safety plan and the people in it, with how you reach them: encrypted in the same way. I never "
              "write to them."),
            _("Whom you invited as a caregiver or care for, under which name, and what was sent: encrypted in the same "
              "way. Which of it is switched on, as it is."),
            _("A shared location is used once and not kept. Other texts, voice and pictures are not kept."),
        ),
        lines(
            bold(_("What it is for")),
            _("Only to remind you, to show you your own record and to bring help. No advertising, no training "
              "of models. Nobody else receives it, but for what you yourself switch on for a caregiver."),
        ),
        lines(
            bold(_("What you should know")),
            _("Bot chats are not end-to-end encrypted. Telegram carries and stores them on its servers."),
            _("Nobody reads this chat live. This is not a medical device and not for emergencies."),
            _("The people who run this bot hold the keys on their machine; they are asked not to look."),
        ),
        lines(
            bold(_("Your rights")),
            _("/export sends you everything as a file. /delete erases everything at once, for good."),
            _("/pause stops what comes by itself; only after a crisis I still ask once how it is, the next day."),
            _("You can take back your consent at any time with /delete."),
        ),
    )  # fmt: skip


def not_erased(_: Gettext) -> Text:
    return compose(
        _(
            "I cannot erase it just now: the note that keeps a backup from bringing it back could not be written. "
            "Nothing was deleted. Please try again later; the people who run this bot can see what is wrong."
        )
    )


def export_ready(_: Gettext) -> Text:
    return compose(
        _("This is everything I keep about you. It contains health data, so keep it somewhere safe.")
    )


def ask_delete(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Delete everything?")),
        _("Medicines, doses, check-ins, your safety plan, your care team, your caregivers and settings are erased at once and cannot be brought back. "
          "/export gives you a copy first."),
    )  # fmt: skip


def yes_delete(_: Gettext) -> str:
    return _("Delete everything")


def really_delete(_: Gettext) -> str:
    return _("Yes, erase it for good")


def ask_delete_again(_: Gettext) -> Text:
    return compose(_("Last question: shall I really erase all of it, for good?"))


def keep(_: Gettext) -> str:
    return _("Keep it")


def kept_all(_: Gettext) -> Text:
    return compose(_("Nothing was deleted."))


def nothing_here(_: Gettext) -> Text:
    return compose(_("Nothing about you is kept here. /start begins anew."))


def receipt(_: Gettext, at: datetime, number: str) -> Text:
    return paragraphs(
        bold(_("Everything is erased.")),
        compose(
            _(
                "Receipt: your key was destroyed and your data deleted on {day} at {time} UTC, number {number}."
            ),
            day=f"{at:%Y-%m-%d}",
            time=f"{at:%H:%M}",
            number=said(number),
        ),
        _(
            "Messages already in this chat stay on Telegram until you delete the chat. Take care. /sos still works."
        ),
    )

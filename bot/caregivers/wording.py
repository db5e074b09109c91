"""Every sentence of the caregivers' room."""

from collections.abc import Sequence
from datetime import date, time

from bot.conversation.calendar import clock, full_date
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from storage.bonds import Name
from storage.vocabulary import Scope


def caregivers_summary(_: Gettext) -> str:
    return _("who may hear something of you")


def caring_summary(_: Gettext) -> str:
    return _("whom you care for")


def named(_: Gettext, name: Name) -> Text:
    """A caregiver as the platform names them."""
    shown = said(name.name) if name.name.strip() else compose(_("somebody without a name"))
    return (
        compose("{name} ({username})", name=shown, username=said(f"@{name.username}"))
        if name.username
        else shown
    )


def as_said(name: str) -> Text:
    """The caregiver's own name for the person."""
    return said(name)


def short(name: Name) -> str:
    """A caregiver's name on a button."""
    words = said(name.name).plain if name.name.strip() else "?"
    return words if len(words) <= 24 else words[:23] + "…"


# --- the person's side -------------------------------------------------------------------------------------


def circle(_: Gettext, entries: Sequence[Text]) -> Text:
    if not entries:
        return paragraphs(
            bold(_("Caregivers")),
            _(
                "Nobody hears anything of you. You can invite somebody you trust. Everything is off at first, and "
                "you switch on what they may learn, piece by piece."
            ),
            _("Nobody has to do this. You can pause or end it at any time, and the other one is not told."),
        )
    return paragraphs(bold(_("Caregivers")), *entries)


def entry_waiting(_: Gettext, name: Text) -> Text:
    return compose(_("{name}: waits for your word. Is this the person you meant?"), name=bold(name))


def entry_live(_: Gettext, name: Text, gets: str, may: str, since: date, until: date) -> Text:
    return lines(
        bold(name),
        compose(_("Gets: {what}."), what=gets),
        compose(_("May: {what}."), what=may) if may else "",
        _term(_, since, until),
    )


def entry_paused(_: Gettext, name: Text, since: date, until: date) -> Text:
    return lines(bold(name), _("Paused: gets nothing."), _term(_, since, until))


def _term(_: Gettext, since: date, until: date) -> Text:
    return compose(_("Since {since}, until {until}."), since=full_date(_, since), until=full_date(_, until))


def gets_nothing(_: Gettext) -> str:
    return _("nothing, everything is off")


def scope_name(_: Gettext, scope: Scope) -> str:
    return {
        Scope.DOSE_NOT_RECORDED: _("a dose that is not recorded"),
        Scope.WEEKLY_COUNT: _("the count of the week"),
        Scope.PATTERN_NOTICED: _("that a lasting change was noticed"),
        Scope.LOW_MOOD: _("days of low mood in a row"),
        Scope.NEED_YOU: _("“I need you”, when you tap it"),
        Scope.MAY_RECORD: _("record a dose for you"),
        Scope.MAY_TELL: _("tell you something"),
    }[scope]


def invite_button(_: Gettext) -> str:
    return _("Invite someone")


def yes_button(_: Gettext, name: str) -> str:
    return _("Yes, it is {name}").format(name=name)


def no_button(_: Gettext) -> str:
    return _("No, that is somebody else")


def gets_button(_: Gettext, name: str) -> str:
    return _("What {name} gets").format(name=name)


def need_you_button(_: Gettext) -> str:
    return _("I need you")


def pause_button(_: Gettext, name: str) -> str:
    return _("Pause: {name}").format(name=name)


def go_on_button(_: Gettext, name: str) -> str:
    return _("Go on: {name}").format(name=name)


def end_button(_: Gettext, name: str) -> str:
    return _("End: {name}").format(name=name)


def renew_button(_: Gettext) -> str:
    return _("Yes, 90 more days")


def let_end_button(_: Gettext) -> str:
    return _("No, let it end now")


def send_button(_: Gettext) -> str:
    return _("Send it to somebody")


def copy_button(_: Gettext) -> str:
    return _("Copy the link")


def invitation(_: Gettext, link: str, until: time) -> Text:
    return paragraphs(
        bold(_("An invitation for one person")),
        link,
        compose(
            _(
                "Send it to the one you trust, or let them scan the picture. It works once, until {time}, and a new "
                "one takes its place. Whoever opens it sees nothing of you."
            ),
            time=clock(until),
        ),
        _("When they have agreed I show you their name, and nothing begins before you say that it is them."),
    )


def no_link_yet(_: Gettext) -> Text:
    return compose(_("I don't know my own address yet. Please try again in a minute."))


def enough_caregivers(_: Gettext, most: int) -> Text:
    return compose(
        _("You have {most} caregivers, and that is as many as I can look after. End one of them first."),
        most=most,
    )


def ask_to_confirm(_: Gettext, name: Text) -> Text:
    return paragraphs(
        compose(
            _("{name} has opened your invitation and agreed. Is this the person you meant?"), name=bold(name)
        ),
        _("Anybody can choose such a name. If you are not sure, ask them before you say yes."),
    )


def agreed_again(_: Gettext, name: Text) -> Text:
    return compose(
        _(
            "{name} has opened your new invitation and agreed. They are your caregiver already, and all stays as it "
            "was: /caregivers shows how that is."
        ),
        name=bold(name),
    )


def confirmed(_: Gettext, name: Text, until: date) -> Text:
    return paragraphs(
        compose(_("{name} is your caregiver now."), name=bold(name)),
        compose(
            _(
                "Everything is off: they get nothing until you switch something on. It lasts until {until}; in the "
                "last week I ask you whether it shall go on. /caregivers shows it, and ends it with one tap."
            ),
            until=full_date(_, until),
        ),
    )


def denied(_: Gettext) -> Text:
    return compose(
        _(
            "Good that you looked. It is ended, and they learned nothing of you. /caregivers makes a new invitation."
        )
    )


def nothing_to_do(_: Gettext) -> str:
    return _("That has changed meanwhile. /caregivers shows how it stands.")


def paused(_: Gettext) -> str:
    return _("Paused. They get nothing and are not told.")


def going_on(_: Gettext) -> str:
    return _("It goes on.")


def ended(_: Gettext) -> str:
    return _("Ended. They get nothing more and are not told.")


def renewed(_: Gettext, name: Text, until: date) -> Text:
    return compose(
        _("It goes on with {name} until {until}. /caregivers shows it, and ends it with one tap."),
        name=bold(name),
        until=full_date(_, until),
    )


def ask_to_renew(_: Gettext, name: Text, until: date) -> Text:
    return paragraphs(
        compose(
            _("What you share with {name} ends by itself on {until}. Shall it go on?"),
            name=bold(name),
            until=full_date(_, until),
        ),
        _(
            "Only you are asked, and only you can say yes. If you do nothing, it ends. They are not told either way."
        ),
    )


def left(_: Gettext, name: Text) -> Text:
    return compose(
        _(
            "{name} has stepped back and is no longer your caregiver. That can have many reasons, and it need not be "
            "about you. Nothing else has changed here. /caregivers shows how it stands."
        ),
        name=bold(name),
    )


def ran_out(_: Gettext, name: Text) -> Text:
    return compose(
        _(
            "What you shared with {name} has come to its end: they get nothing more. /caregivers can begin anew."
        ),
        name=bold(name),
    )


# --- the caregiver's side ----------------------------------------------------------------------------------


def dead_link(_: Gettext) -> Text:
    return compose(
        _(
            "This invitation cannot be used. A link works once and for half an hour only. If somebody invited you, "
            "ask them for a new one."
        )
    )


def own_link(_: Gettext) -> Text:
    return compose(
        _("This is your own invitation. Send it to the person you want to invite; it still works for them.")
    )


def agreement(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Somebody invites you to be their caregiver")),
        lines(
            _("I am Evenkeel, a program that reminds people of a daily medicine."),
            _("Whoever sent you this link wants you to hear something from me at times."),
        ),
        lines(
            bold(_("What you may get")),
            _("Only what they switch on, one by one: that a dose is not recorded, how a week went in numbers, that "
              "a lasting change was noticed, or that they ask for you. They can switch it off at any time."),
        ),
        lines(
            bold(_("What you never get")),
            _("What they write, what they answer, and whether they asked for help in a crisis. You cannot look "
              "anything up, and you cannot change anything of theirs. If they let you, you can tell them how they "
              "seem to you, or record a dose of the day."),
        ),
        lines(
            bold(_("Silence means nothing")),
            _("When you hear nothing, that can be because all is well, because nothing is switched on, because it "
              "was paused, or because I was out of order. I never say which. If you are worried, call them."),
        ),
        lines(
            bold(_("What is kept of you")),
            _("Your chat's number, your settings, and your own name for them, encrypted. They see the name that "
              "Telegram shows of you. /caring ends it with one tap, /delete erases everything of you."),
        ),
    )  # fmt: skip


def i_agree(_: Gettext) -> str:
    return _("I agree")


def i_decline(_: Gettext) -> str:
    return _("No, thank you")


def declined(_: Gettext) -> Text:
    return compose(_("All right. Nothing was agreed, and nothing of you is shown to anybody."))


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def ask_name(_: Gettext) -> Text:
    return compose(_("What do you call the person who invited you? Only you will see it."))


def name_refused(_: Gettext, longest: int) -> str:
    return _("I need a name of up to {longest} characters.").format(longest=longest)


def agreed(_: Gettext, name: Text) -> Text:
    return paragraphs(
        compose(_("Thank you. {name} now sees your name and decides whether it begins."), name=bold(name)),
        _("You may hear from me, or not. Silence means nothing."),
        _("/caring shows whom you care for and ends it with one tap. /settings has your language, time zone and "
          "quiet hours."),
    )  # fmt: skip


def no_updates(_: Gettext) -> Text:
    """The one answer about whom somebody cares for, whatever is the case."""
    return paragraphs(
        bold(_("No updates available.")),
        _(
            "That is always so when there is nothing to tell: all may be well, nothing may be switched on, it may be "
            "paused or ended, they may be away, or I may have been out of order. I never say which. If you are "
            "worried, call them."
        ),
    )


def caring(_: Gettext, names: Sequence[Text]) -> Text:
    if not names:
        return compose(
            _(
                "You care for nobody here. Whoever wants you to can invite you with /caregivers in their own chat."
            )
        )
    return paragraphs(
        compose(_("You care for:")),
        lines(*(compose("· {name}", name=bold(name)) for name in names)),
        no_updates(_),
    )


def leave_button(_: Gettext, name: str) -> str:
    return _("Stop caring for {name}").format(name=name)


def stepped_back(_: Gettext, name: Text) -> Text:
    return compose(
        _(
            "You no longer care for {name} here, and get nothing more from me about them. If they still shared "
            "something with you, they are told that you stepped back, and no more."
        ),
        name=bold(name),
    )

"""What the person reads about what their caregivers are told."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.caregivers import wording as room
from bot.conversation.calendar import clock, day_name, full_date
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said, styled
from storage.bonds import Name
from storage.outbox import OutboxState
from storage.vocabulary import ReviewState


def caregiver(_: Gettext, name: Name) -> Text:
    """A caregiver by their name alone."""
    return said(name.name) if name.name.strip() else room.named(_, name)


def quoted(text: Text | str) -> Text:
    """The words of a message, set apart from ours."""
    return styled(text, "quote")


def around(before: Text | str, words: Sequence[Text], after: Text | str) -> Text:
    """Messages between our own words; a quotation brings its own room around it."""
    return lines(before, *map(quoted, words), after)


# --- asked first -------------------------------------------------------------------------------------------


def ask_first(_: Gettext, name: Text, text: Text, *, sends: bool) -> Text:
    if sends:
        after = _("If you do nothing, it leaves in 30 minutes.")
    else:
        after = _("If you do nothing for 30 minutes, it does not leave.")
    return around(compose(_("{name} would be told this:"), name=bold(name)), [text], after)


def send_button(_: Gettext) -> str:
    return _("Send")


def drop_button(_: Gettext) -> str:
    return _("Don't send")


def leaves_now(_: Gettext) -> str:
    return _("It leaves now.")


def dropped(_: Gettext) -> str:
    return _("It does not leave, and nobody is told that it was held back.")


def decided(_: Gettext) -> str:
    return _("That is decided already. /caregivers shows what was sent.")


# --- low mood, every thirty days ---------------------------------------------------------------------------


def ask_about_moods(_: Gettext, name: Text, until: date) -> Text:
    return paragraphs(
        compose(
            _("Until {until} {name} is told of days of low mood in a row. Shall it go on for 30 more days?"),
            until=full_date(_, until),
            name=bold(name),
        ),
        _("Only you are asked. If you do nothing, it rests from then on, and nobody is told."),
    )


def moods_yes(_: Gettext) -> str:
    return _("Yes, 30 more days")


def moods_no(_: Gettext) -> str:
    return _("No, switch it off")


def moods_go_on(_: Gettext, until: date) -> Text:
    return compose(_("It goes on until {until}. /caregivers can switch it off."), until=full_date(_, until))


def moods_off(_: Gettext) -> Text:
    return compose(_("It is off. Nobody is told."))


# --- I need you --------------------------------------------------------------------------------------------


def has_seen(_: Gettext, name: Text, at: time) -> Text:
    return compose(_("{name} has seen it, at {time}."), name=bold(name), time=clock(at))


def call_summary(_: Gettext) -> str:
    return _("ask a caregiver to be with you")


def nobody_to_call(_: Gettext) -> Text:
    return compose(
        _(
            "Nobody is set up for this yet. In /caregivers you can let somebody hear “I need you”, by your tap alone."
        )
    )


def paused_all(_: Gettext) -> Text:
    return compose(
        _(
            "You have paused everything, so nothing leaves from here. /resume ends the pause, or call them yourself."
        )
    )


def who_to_call(_: Gettext, previews: Sequence[Text]) -> Text:
    before = paragraphs(
        bold(_("Shall I ask somebody to be with you?")),
        _("They would read this, under the name that they gave you:"),
    )
    return around(
        before,
        previews,
        _(
            "It leaves at once, also in their quiet hours. If nobody taps that they have seen it, I say it again "
            "after 10 and after 30 minutes."
        ),
    )


def call_button(_: Gettext, name: str) -> str:
    return _("Ask {name}").format(name=name)


def call_all(_: Gettext) -> str:
    return _("Ask all of them")


def called(_: Gettext, names: Sequence[str]) -> Text:
    return paragraphs(
        compose(_("It is on its way to {names}."), names=said(", ".join(names))),
        _(
            "I tell you when somebody has seen it. I cannot see whether they come. If you are in danger, do not "
            "wait: /sos has the numbers."
        ),
    )


def enough_button(_: Gettext) -> str:
    return _("No need to say it again")


def said_no_more(_: Gettext) -> Text:
    return compose(
        _("I say it no more. What has reached them stays in their chat, and nothing more is told to them.")
    )


def called_lately(_: Gettext) -> str:
    return _("That was sent a moment ago. I repeat it by myself.")


# --- the log -----------------------------------------------------------------------------------------------


def log(_: Gettext, name: Text, entries: Sequence[Text]) -> Text:
    heading = bold(compose(_("What {name} was told"), name=name))
    if not entries:
        return paragraphs(heading, _("Nothing yet."))
    note = _("Word for word. Above each message stood the name that they gave you.")
    return paragraphs(heading, note, *entries)


def entry(_: Gettext, at: datetime, words: str, became: str, seen: datetime | None) -> Text:
    """One message. The instants are in the person's zone."""
    when = f"{day_name(_, at.date())}, {clock(at.time())}"
    if seen is not None:
        shown = f"{day_name(_, seen.date())}, {clock(seen.time())}"
        became = _("{became} They tapped that they have seen it: {when}.").format(became=became, when=shown)
    return lines(compose("{when}", when=bold(when)), quoted(words), became)


def became(_: Gettext, review: ReviewState | None, state: OutboxState | None) -> str:
    """What became of a message."""
    if review is ReviewState.WAITING:
        return _("Waits for your word.")
    if review is ReviewState.DROPPED:
        return _("Not sent.")
    match state:
        case OutboxState.DELIVERED:
            return _("Delivered.")
        case OutboxState.PENDING | OutboxState.LEASED:
            return _("On its way.")
        case OutboxState.UNSURE:
            return _("Perhaps delivered: the platform gave no clear answer.")
        case OutboxState.UNREACHABLE:
            return _("Not delivered: they cannot be reached.")
        case OutboxState.SUPERSEDED:
            return _("Taken back before it left.")
        case OutboxState.WITHHELD:
            return _("Not sent: you had ended or paused it.")
        case OutboxState.EXPIRED:
            return _("Not delivered in time, so it was dropped.")
    return _("Not delivered: the platform refused it.")


def earlier(_: Gettext) -> str:
    return _("Earlier")


def back(_: Gettext) -> str:
    return _("‹ Back")


def as_note(words: str) -> Text:
    """A short answer in place of a question."""
    return compose(words)

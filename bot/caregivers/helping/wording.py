"""Every sentence about what a caregiver may do."""

from collections.abc import Collection, Sequence
from datetime import date, time

from bot.caregivers.helping import rules
from bot.caregivers.wording import named, tap_one
from bot.conversation.calendar import clock, day_name, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.errands import Errand, OpenDose
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said, styled
from storage.bonds import Name
from storage.vocabulary import Scope

__all__ = ["tap_one"]

_LONGEST_LABEL = 28


def tell_summary(_: Gettext) -> str:
    return _("tell somebody's record how they seemed to you")


def short(name: str) -> str:
    """The caregiver's own name for somebody, on a button."""
    words = said(name).plain
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 2] + "…\u2069"


def _quoting(before: Text | str, words: str, after: str) -> Text:
    """Somebody's words between ours; a quotation brings its own room around it."""
    return lines(before, styled(said(words), "quote"), after)


# --- the person's side -------------------------------------------------------------------------------------


def may_button(_: Gettext, name: str) -> str:
    return _("What {name} may do").format(name=name)


def may_do(_: Gettext, name: Name, on: Collection[Scope], *, names: bool) -> Text:
    """What is on of what a caregiver may do. `names`: they may see the names of medicines."""
    states = {True: _("yes"), False: _("no")}
    with_names = _("yes, with the names of medicines") if names else _("yes, without names")
    records = with_names if Scope.MAY_RECORD in on else _("no")
    return paragraphs(
        bold(compose(_("What {name} may do"), name=named(_, name))),
        lines(
            compose(
                _("Tell you something about how you seem: {answer}"), answer=states[Scope.MAY_TELL in on]
            ),
            compose(_("Record a dose for you: {answer}"), answer=records),
        ),
        _("They are not told when you change this. /caregivers shows everybody."),
    )


def permit_button(_: Gettext, kind: Scope) -> str:
    return {
        Scope.MAY_TELL: _("Let them tell me something"),
        Scope.MAY_RECORD: _("Let them record a dose"),
    }[kind]


def forbid_button(_: Gettext, kind: Scope) -> str:
    return {
        Scope.MAY_TELL: _("Let them tell me nothing more"),
        Scope.MAY_RECORD: _("Let them record no more doses"),
    }[kind]


def permit_yes(_: Gettext, kind: Scope) -> str:
    return {
        Scope.MAY_TELL: _("Yes, they may tell me"),
        Scope.MAY_RECORD: _("Yes, they may record"),
    }[kind]


def permit_no(_: Gettext) -> str:
    return _("No")


def permitted(_: Gettext) -> str:
    return _("Switched on. You can switch it off here at any time.")


def forbidden(_: Gettext) -> str:
    return _("Switched off. They are not told.")


def no_bond(_: Gettext) -> Text:
    return compose(_("That has changed meanwhile. /caregivers shows how it stands."))


def explained(_: Gettext, name: Name, kind: Scope, *, named: bool) -> Text:
    """What a deed means, before it is switched on. `named`: they may see the names of medicines."""
    return _explain_telling(_, name) if kind is Scope.MAY_TELL else _explain_recording(_, name, names=named)


def _explain_telling(_: Gettext, name: Name) -> Text:
    return paragraphs(
        bold(compose(_("{name} tells you something"), name=named(_, name))),
        _quoting(
            _(
                "They can write how you seem to them, up to {most} times a day. You see it here, in private, and "
                "outside your quiet hours. It looks like this:"
            ).format(most=rules.MOST_TELLINGS),
            _("Seemed very tired today, and had no lunch."),
            _(
                "You keep it or discard it. What you keep stands with its day and in the visit summary, as said "
                "by them. They see nothing of your record, and never learn whether you let them, read it, or "
                "kept it."
            ),
        ),
    )


def _explain_recording(_: Gettext, name: Name, *, names: bool) -> Text:
    example = _("08:00 Sertraline") if names else _("the dose of 08:00")
    seen = (
        _(
            "They see the names of medicines, because you ticked them for a dose that is not recorded. When you "
            "switch that off or untick them, they see no names here either."
        )
        if names
        else _("They see no names of medicines, unless you tick them for a dose that is not recorded.")
    )
    return paragraphs(
        bold(compose(_("{name} records a dose for you"), name=named(_, name))),
        compose(
            _(
                "When they ask me, they see which doses of today are due and not recorded, for example “{example}”, "
                "and can record one as taken. So they also see when a dose is not recorded."
            ),
            example=example,
        ),
        seen,
        _("If they are told that a dose is not recorded, a button under that message records it, too."),
        _(
            "They cannot skip a dose, take one back, change a medicine, or see any other day. I tell you each "
            "time, without a sound, and you take it back with one tap. It stands in your record as recorded by "
            "them."
        ),
        _(
            "It lasts as long as they are your caregiver, or until you switch it off. Do it only if you want it."
        ),
    )


def told_you(_: Gettext, name: Name, words: str, day: date, at: time) -> Text:
    return _quoting(
        compose(
            _("{name} wants to tell you something, {day} at {time}:"),
            name=bold(named(_, name)),
            day=day_name(_, day),
            time=clock(at),
        ),
        words,
        _("They do not learn whether you keep it or discard it."),
    )


def keep_button(_: Gettext) -> str:
    return _("Keep it")


def discard_button(_: Gettext) -> str:
    return _("Discard")


def kept(_: Gettext, name: Name, words: str, day: date) -> Text:
    return _quoting(
        compose(_("Kept with {day}, as said by {name}:"), day=day_name(_, day), name=bold(named(_, name))),
        words,
        _("It stands with that day in /today, and in the visit summary."),
    )


def discarded(_: Gettext) -> Text:
    return compose(_("Discarded. I have nothing of it any more, and nobody is told."))


# --- the caregiver's side ----------------------------------------------------------------------------------


def tell_button(_: Gettext) -> str:
    return _("Tell something")


def record_button(_: Gettext) -> str:
    return _("Record a dose")


def nobody(_: Gettext) -> Text:
    return compose(_("You care for nobody here, so there is nobody to tell something about."))


def about_whom(_: Gettext) -> Text:
    return compose(_("About whom?"))


def ask_words(_: Gettext, name: str, longest: int) -> Text:
    return paragraphs(
        compose(
            _("How did {name} seem to you? Write up to {longest} characters."),
            name=bold(said(name)),
            longest=longest,
        ),
        _(
            "It is not for emergencies, and may be read late. If it cannot wait, call them. /worried has more."
        ),
    )


def words_refused(_: Gettext, longest: int) -> str:
    return _("I need words, up to {longest} characters.").format(longest=longest)


def ask_sure(_: Gettext, name: str, words: str) -> Text:
    question = _("Shall {name} see this, with your name? They can keep it or discard it.")
    return _quoting(compose(question, name=said(name)), words, "")


def tell_it(_: Gettext) -> str:
    return _("Yes, tell them")


def leave_it(_: Gettext) -> str:
    return _("No, leave it")


def left_unsaid(_: Gettext) -> Text:
    return compose(_("All right. Nothing was told."))


def thanks(_: Gettext, name: str) -> Text:
    """The one answer, whatever became of it."""
    return compose(_("Thank you. If {name} shares with you, they will see it."), name=bold(said(name)))


def enough_for_today(_: Gettext, most: int) -> Text:
    return compose(
        _(
            "Thank you for looking after them. I take {most} in a day, so that it stays easy to read; from "
            "tomorrow you can tell more. If it cannot wait, call them."
        ),
        most=most,
    )


def open_doses(_: Gettext, name: Text, labels: Sequence[str]) -> Text:
    return lines(
        compose(_("Not recorded yet today, for {name}:"), name=bold(name)),
        *(compose("· {dose}", dose=label) for label in labels),
        _("That need not mean that it was not taken. Record it only if you know that it was."),
    )


def dose_label(_: Gettext, dose: OpenDose, here: str) -> str:
    """A dose as the helper may see it; `here` is the helper's own zone."""
    at = clock(dose.at)
    when = f"{at} ({place_name(dose.zone)})" if dose.zone != here else at
    if dose.name:
        return f"{when} {short(dose.name)}"
    if dose.number:
        return _("the dose of {time}, medicine {number}").format(time=when, number=dose.number)
    return _("the dose of {time}").format(time=when)


def taken_button(_: Gettext, label: str) -> str:
    return _("Taken: {dose}").format(dose=label)


def came_of_it(_: Gettext, errand: Errand, name: Text) -> Text:
    template = {
        Errand.RECORDED: _("Recorded as taken. {name} is told by whom, and can take it back."),
        Errand.ALREADY: _(
            "It was recorded before, so nothing new was recorded. Please do not give it again."
        ),
        Errand.NEAR: _(
            "I recorded nothing: a dose of the same medicine was recorded shortly before, and it may be the same. "
            "Please ask {name}, and do not give it again."
        ),
        Errand.CLOSED: _("This one cannot be recorded any more, so nothing was recorded."),
    }[errand]
    return compose(template, name=bold(name))

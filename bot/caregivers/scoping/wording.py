"""What the person reads while they choose what a caregiver may learn."""

from collections.abc import Sequence

from bot.caregivers.scoping.choices import A_DAY, LONGEST_DELAY, SHORTEST_DELAY, Draft
from bot.caregivers.telling.wording import around
from bot.caregivers.wording import scope_name
from bot.conversation.calendar import weekday
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from storage.vocabulary import Review, Scope


def no_longer(_: Gettext) -> str:
    return _("That has changed meanwhile. /caregivers shows how it stands.")


def page(_: Gettext, name: Text, on: Sequence[str]) -> Text:
    gets = lines(*on) if on else compose(_("Nothing: everything is off."))
    return paragraphs(
        bold(compose(_("What {name} gets"), name=name)),
        gets,
        _(
            "Tap one to read what it would say, word for word. Nothing is switched on before you have seen that."
        ),
    )


def on_line(_: Gettext, draft: Draft) -> str:
    """A scope that is on, with how it is set."""
    how = described(_, draft)
    what = scope_name(_, draft.kind)
    return _("· {what}: {how}").format(what=what, how=how) if how else _("· {what}").format(what=what)


def described(_: Gettext, draft: Draft) -> str:
    """How a scope is set, in words; nothing for one that cannot be set."""
    delay, threshold = draft.delay or 0, draft.threshold or 0
    match draft.kind:
        case Scope.DOSE_NOT_RECORDED:
            words = _("after {span}").format(span=span(_, delay))
            if threshold > 1:
                words = _("{words}, and only after {count} in a row").format(words=words, count=threshold)
            return _("{words}, with names").format(words=words) if draft.names else words
        case Scope.WEEKLY_COUNT:
            return _("{day}, {time}").format(day=weekday(_, threshold), time=_clock(delay))
        case Scope.PATTERN_NOTICED:
            return span_after(_, delay)
        case Scope.LOW_MOOD:
            days = delay // A_DAY
            return _("{days} days in a row at {score} or more").format(days=days, score=threshold)
    return ""


def span(_: Gettext, minutes: int) -> str:
    if minutes % 60:
        return _("{count} min").format(count=minutes)
    return _("{count} h").format(count=minutes // 60)


def span_after(_: Gettext, minutes: int) -> str:
    if minutes == 0:
        return _("at once")
    return _("a day later") if minutes == A_DAY else _("{count} days later").format(count=minutes // A_DAY)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def scope_button(_: Gettext, kind: Scope, *, on: bool) -> str:
    name = scope_name(_, kind)
    return f"✓ {name}" if on else name


def log_button(_: Gettext) -> str:
    return _("What they were told")


def scope_page(
    _: Gettext, name: Text, draft: Draft, words: Sequence[Text], buttons: Sequence[str] = (), *, on: bool
) -> Text:
    """`words`: what would be read, in each language; `buttons`: what can be done about it, likewise."""
    state = compose(_("It is on.")) if on else compose(_("It is off."))
    before = paragraphs(
        bold(_capital(scope_name(_, draft.kind))),
        explained(_, draft.kind),
        compose(_("{name} would read this, under the name that they gave you:"), name=name),
    )
    how = described(_, draft)
    under = (
        compose(
            _("Because they may record a dose for you, this button stands under it: {button}"),
            button=" / ".join(f"[{button}]" for button in buttons),
        )
        if buttons
        else ""
    )
    so = compose(_("So set: {how}."), how=how) if how else ""
    return around(before, words, paragraphs(under, so, state))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def explained(_: Gettext, kind: Scope) -> str:
    """When it is said, and when it is not."""
    return {
        Scope.DOSE_NOT_RECORDED: _(
            "It is told when a dose is not recorded so long after its time, and never before my last reminder "
            "was a quarter of an hour ago. If I was out of order meanwhile, or my reminder did not arrive, nothing "
            "is told."
        ),
        Scope.WEEKLY_COUNT: _(
            "Once a week: how many doses have an answer, of how many that were due. The first one comes after a "
            "whole week."
        ),
        Scope.PATTERN_NOTICED: _(
            "It is told after I have shown you a lasting change and suggested your care team. No numbers, no "
            "answers. If you say that you know what is behind it, it is not told."
        ),
        Scope.LOW_MOOD: _(
            "It is told when your check-ins were heavy on some days in a row: 0 is light, 10 is heavy. No numbers "
            "and no answers are told. It holds for 30 days; then I ask you, in private, whether it may go on."
        ),
        Scope.NEED_YOU: _(
            "It is sent when you tap it, and never by itself. /needyou and the button in /caregivers send it. "
            "Nothing else that you do here sends it, not even /sos."
        ),
    }[kind]


def delay(_: Gettext, kind: Scope, minutes: int, *, chosen: bool) -> str:
    words = {
        Scope.DOSE_NOT_RECORDED: span(_, minutes),
        Scope.WEEKLY_COUNT: _clock(minutes),
        Scope.PATTERN_NOTICED: span_after(_, minutes),
    }.get(kind) or _("{days} days").format(days=minutes // A_DAY)
    return _marked(words, chosen=chosen)


def threshold(_: Gettext, kind: Scope, value: int, *, chosen: bool) -> str:
    if kind is Scope.WEEKLY_COUNT:
        words = weekday(_, value)
    elif kind is Scope.LOW_MOOD:
        words = _("{score} or more").format(score=value)
    else:
        words = _("from the first") if value == 1 else _("{count} in a row").format(count=value)
    return _marked(words, chosen=chosen)


def _marked(words: str, *, chosen: bool) -> str:
    return f"• {words}" if chosen else words


def another(_: Gettext, kind: Scope) -> str:
    return _("Another time") if kind is Scope.WEEKLY_COUNT else _("Another delay")


def names_button(_: Gettext, *, on: bool) -> str:
    return _("✓ With the names of medicines") if on else _("With the names of medicines")


def switch_on(_: Gettext) -> str:
    return _("Switch it on")


def keep_so(_: Gettext) -> str:
    return _("Keep it so")


def switch_off(_: Gettext) -> str:
    return _("Switch it off")


def is_on(_: Gettext) -> str:
    return _("It is on.")


def is_off(_: Gettext) -> str:
    return _("It is off. Nobody is told.")


def ask_typed(_: Gettext, *, of_week: bool) -> Text:
    if of_week:
        return compose(_("At what time of that day? For example “18:30”."))
    return compose(_("How long after the dose? For example “45 min” or “3 h”."))


def typed_refused(_: Gettext, *, of_week: bool) -> str:
    if of_week:
        return _("I need one time of the day.")
    return _("I need a span from {least} minutes to {most} hours.").format(
        least=SHORTEST_DELAY, most=LONGEST_DELAY // 60
    )


def which_time(_: Gettext) -> Text:
    return compose(_("Which time do you mean?"))


def review_button(_: Gettext, review: Review) -> str:
    return {
        Review.OFF: _("Ask me first: no"),
        Review.SEND: _("Ask me first: yes, and send without an answer"),
        Review.HOLD: _("Ask me first: yes, and never without an answer"),
    }[review]


def review_page(_: Gettext, name: Text) -> Text:
    return paragraphs(
        compose(_("Shall I show you each message before it goes to {name}?"), name=bold(name)),
        _(
            "You see the exact words, with two buttons, for 30 minutes. “I need you” is never held: you tap it yourself."
        ),
    )


def review_choice(_: Gettext, review: Review, *, chosen: bool) -> str:
    words = {
        Review.OFF: _("No, send it"),
        Review.SEND: _("Yes. Without an answer, send it"),
        Review.HOLD: _("Yes. Without an answer, don't send it"),
    }[review]
    return _marked(words, chosen=chosen)

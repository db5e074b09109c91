"""A crisis line in words: who it is for, how to reach it, when, in which languages, and how old that is."""

from collections.abc import Callable

from bot.conversation.text import Text, bold, compose, lines
from bot.escalation.lines.endonyms import endonym
from bot.escalation.lines.helplines import (
    LIMITED,
    LISTS_COMPARED,
    ROUND_THE_CLOCK,
    Call,
    Line,
    Relay,
    Written,
)

Translate = Callable[[str], str]


def line_text(_: Translate, line: Line, *, dated: bool = True) -> Text:
    """One crisis line, one fact to a row; what is not known is left out. `dated` adds how old it is."""
    return lines(
        bold(line.name),
        _audience(_, line),
        *(_call(_, call) for call in line.call),
        *(_written(_, route) for route in line.text),
        *(compose(_("Chat: {address}"), address=address) for address in line.chat),
        *(_relay(_, relay) for relay in line.deaf),
        _hours(_, line.hours),
        _languages(_, line),
        checked(_, line.verified_how, line.verified_on.isoformat()) if dated else "",
    )


def checked(_: Translate, how: str, day: str) -> Text:
    """How old a number is, without claiming more than was done: comparing lists is not a call."""
    if how == LISTS_COMPARED:
        return compose(_("Compared with public lists on {day}"), day=day)
    return compose(_("Checked on {day}"), day=day)


def any_of(_: Translate, items: tuple[str, ...]) -> Text:
    """ "999", "999 or 998", "10177, 10111 or 112": each in bold."""
    *others, last = map(bold, items)
    if not others:
        return last
    head = others[0]
    for other in others[1:]:
        head = head + ", " + other
    return compose(_("{first} or {last}"), first=head, last=last)


def _audience(_: Translate, line: Line) -> str:
    match line.audience:
        case "children":
            return _("For children and young people")
        case "women":
            return _("For women")
        case "men":
            return _("For men")
    return ""


def _call(_: Translate, call: Call) -> Text:
    number: Text = bold(call.number)
    if call.option:
        number = compose(_("{number}, then option {option}"), number=number, option=call.option)
    if call.place:
        number = compose(_("{number} ({place})"), number=number, place=call.place)
    if call.language:
        number = compose(_("{number} ({language})"), number=number, language=endonym(call.language))
    if call.phone == "mobile":
        number = compose(_("{number} (from a mobile phone)"), number=number)
    if call.phone == "landline":
        number = compose(_("{number} (from a landline)"), number=number)
    return compose(_("Call: {number}"), number=number)


def _written(_: Translate, route: Written) -> Text:
    number = bold(route.number)
    if route.app:
        return compose(_("{app}: {number}"), app=route.app, number=number)
    if route.words:
        return compose(_("Text {word} to {number}"), word=any_of(_, route.words), number=number)
    return compose(_("Text: {number}"), number=number)


def _relay(_: Translate, relay: Relay) -> Text:
    return compose(
        _("Deaf or hard of hearing: your preferred relay service, or dial {relay}, then {number}"),
        relay=bold(relay.relay),
        number=bold(relay.number),
    )


def _hours(_: Translate, hours: str) -> Text | str:
    if hours == ROUND_THE_CLOCK:
        return _("Open day and night")
    if hours == LIMITED:
        return _("Not open all day and night")
    if not hours:
        return ""
    opens, closes = hours.split("-")
    return compose(_("Open from {opens} to {closes}, local time"), opens=opens, closes=closes)


def _languages(_: Translate, line: Line) -> Text | str:
    names = ", ".join(map(endonym, line.languages))
    if names and line.more_languages:
        return compose(_("Languages: {names} and more"), names=names)
    if line.more_languages:
        return _("In several languages")
    return compose(_("Languages: {names}"), names=names) if names else ""

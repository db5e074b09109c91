"""Every sentence of the crisis path. The first thing on a card is always the emergency number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.conversation.catalogs import SOURCE_LANGUAGE
from bot.conversation.message import Choice, Choices, Link, Message
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.escalation.lines.helplines import FINDERS, Helplines
from bot.escalation.lines.routes import any_of, checked, line_text
from bot.escalation.rules import (
    BACK,
    COUNTRIES,
    GROUND,
    NO,
    PLAN,
    REACH,
    SOS,
    THEIRS,
    UNSAID,
    WORRIED,
    YES,
    CardFacts,
    CountryPage,
    country_token,
    in_language,
    page_of,
    page_token,
)
from scheduler.lanes import Lane

Translate = Callable[[str], str]

_COLUMNS = 2
_GROUP_LINES = 2  # the rest is in the private chat: a wall of numbers would hide the talk


def card(_: Translate, facts: CardFacts) -> Message:
    """The full card: what to do now, who can listen, and what this program is."""
    return _crisis(
        paragraphs(
            danger(_, facts),
            _("You do not have to get through this alone. Who could be with you now?"),
            _resources(_, facts),
            what_i_am(_),
        ),
        (*own_steps(_, facts), (_ground(_, facts),), (_worried(_, facts),), *_places(_, facts)),
    )


def gentle(_: Translate, facts: CardFacts) -> Message:
    """The direct question, with help under it whatever the answer.

    Worry about someone else is answered with the helper steps, a dose too many with the number to call.
    """
    if facts.someone_else:
        return helper_steps(_, facts, opening=_("That sounds heavy. It is good that you are there for them."))
    if facts.overdose:
        return extra_dose(_, facts)
    return _crisis(
        paragraphs(
            bold(_("That sounds heavy. Is it about ending your life?")),
            _("You can answer, or not. This help is here either way."),
            danger(_, facts),
            _resources(_, facts),
            what_i_am(_),
        ),
        (
            (_button(_("Yes"), YES, facts), _button(_("No"), NO, facts)),
            (_button(_("I'd rather not say"), UNSAID, facts),),
            (_worried(_, facts),),
            *_places(_, facts),
        ),
    )


def dismissed(_: Translate, facts: CardFacts) -> Message:
    """After "no": warm, believing, and the numbers stay."""
    return _crisis(
        paragraphs(
            _("Thank you for telling me. I would rather ask once too often."),
            _("Heavy days are hard enough. If it changes, these numbers are still here."),
            danger(_, facts),
            _resources(_, facts),
            what_i_am(_),
        ),
        (*own_steps(_, facts), (_ground(_, facts),), *_places(_, facts)),
    )


def unsaid(_: Translate, facts: CardFacts) -> Message:
    """After "I'd rather not say": no second question, the whole card."""
    return _crisis(
        paragraphs(
            _("That is all right. You do not have to say."),
            danger(_, facts),
            _("If you want to talk, these people listen, whatever it is about."),
            _resources(_, facts),
            what_i_am(_),
        ),
        (*own_steps(_, facts), (_ground(_, facts),), (_worried(_, facts),), *_places(_, facts)),
    )


def helper_steps(_: Translate, facts: CardFacts, opening: str = "") -> Message:
    """Five steps for somebody who worries about another person, and what helps when nothing is urgent.

    The steps are those that the NIMH and others teach; docs/safety.md names the sources.
    """
    return _crisis(
        paragraphs(
            opening,
            _their_danger(_, facts),
            bold(_("If you are worried about someone:")),
            lines(
                _("1. Ask them directly: “Are you considering suicide?”"),
                _("Asking does not put the thought into their head."),
                _("2. Listen, and do not judge."),
                _("You need no answers. Do not promise to keep it secret."),
                compose(_("3. If their life is in danger, call {number}."), number=_number(_, facts)),
                _("4. Stay with them until help is there."),
                _("5. Move weapons, medicines and other harmful things out of reach."),
            ),
            _when_calm(_),
            _("Dialled in another country, these numbers may reach somebody else, or nobody.")
            if facts.theirs
            else "",
            _resources(_, facts),
            what_i_am(_),
        ),
        ((_button(_("It is about me"), SOS, facts),), (_ground(_, facts),), *_helpers_places(_, facts)),
    )


def _helpers_places(_: Translate, facts: CardFacts) -> Choices:
    """Whoever worries may be somewhere else than whom they worry about."""
    other = (_button(_("They are in another country"), THEIRS, facts),)
    if facts.theirs:
        return (other, (_button(_("The numbers where I am"), WORRIED, facts),))
    return (other, *_places(_, facts))


def _when_calm(_: Translate) -> Text:
    return paragraphs(
        bold(_("If they are not in danger now:")),
        lines(
            _("• Offer to be there while they call a crisis line, their doctor or their care team."),
            _("• Say when you will be in touch again, and do it."),
            _("• You can call a crisis line, too: for advice, or for yourself."),
        ),
    )


def grounding(_: Translate, facts: CardFacts) -> Message:
    """One exercise for the next few minutes, with the way back to the numbers."""
    return _crisis(
        paragraphs(
            _("Let us slow down for a few minutes. Take one step at a time."),
            lines(
                _("1. Put both feet on the floor. Breathe out slowly."),
                _("2. Look for five things that you can see."),
                _("3. Feel four things that you can touch."),
                _("4. Listen for three things that you can hear."),
                _("5. Notice two things that you can smell."),
                _("6. Notice one thing that you can taste."),
                _("7. Breathe out slowly once more."),
            ),
            _("You can do it again as often as you like."),
            danger(_, facts),
            what_i_am(_),
        ),
        (*own_steps(_, facts), (the_numbers(_, facts),)),
    )


def plan_closed(_: Translate, facts: CardFacts) -> Message:
    """When a person's own plan cannot be read in time: the numbers, and a way to try again."""
    return _crisis(
        paragraphs(
            _("I cannot open your plan right now. Please try again in a little while."),
            danger(_, facts),
            _resources(_, facts),
            what_i_am(_),
        ),
        (*own_steps(_, facts), (_ground(_, facts),), *_places(_, facts)),
    )


def countries(_: Translate, helplines: Helplines, page: int, language: str = SOURCE_LANGUAGE) -> Message:
    """The choice of a country. It shows no country's number."""
    back = Choice(_("Back"), in_language(BACK, language))
    return _crisis(
        paragraphs(
            _("Which country are you in now?"),
            _("If your life is in danger now, call your local emergency number."),
            _finders(_, FINDERS),
        ),
        (*_country_rows(_, page_of(helplines, page, language), language), (back,)),
    )


def their_countries(
    _: Translate, helplines: Helplines, page: int, language: str = SOURCE_LANGUAGE
) -> Message:
    """The choice of the country where somebody else is. It shows no country's number."""
    back = Choice(_("Back"), in_language(WORRIED, language))
    number = bold(_("your local emergency number"))
    return _crisis(
        paragraphs(
            _("Which country are they in now?"),
            compose(_("If their life is in danger now, call {number}."), number=number),
            lines(*FINDERS),
        ),
        (*_country_rows(_, page_of(helplines, page, language), language, theirs=True), (back,)),
    )


def in_group(
    _: Translate, facts: CardFacts, link: str | None = None, *, worried: bool = False, all_lines: bool = False
) -> Message:
    """A short line that everybody may read: no name, no quote, nothing that points at anyone.

    `facts` are those of the group's country, if it is known; `link` opens a private chat. The button is always
    there: if it were not, everybody could see who has a private chat with us. `worried`: the guide for helpers
    was asked for. `all_lines`: it stands there for good, and names every line.
    """
    number = _number(_, facts)
    first = compose(_("For everyone here: if a life is in danger now, call {number}."), number=number)
    text = _about_numbers(_, first, facts, worried=worried, all_lines=all_lines)
    return _crisis(text, ((Choice(_("Open a private chat"), Link(link)),),) if link else ())


def whispered(_: Translate, facts: CardFacts, *, worried: bool) -> Message:
    """The same for the one member who asked for help so that nobody else there saw it. They see it alone."""
    first = _their_danger(_, facts) if worried else danger(_, facts)
    return _crisis(_about_numbers(_, first, facts, worried=worried, all_lines=False), ())


def _about_numbers(_: Translate, first: Text, facts: CardFacts, *, worried: bool, all_lines: bool) -> Text:
    """What stands in a group's window: numbers, and nothing that is anybody's own."""
    lines_shown = facts.lines if all_lines else facts.lines[:_GROUP_LINES]
    more = _("Write /sos to me in a private chat for numbers near you.")
    if worried:
        more = _("Write /worried to me in a private chat for how to help somebody, with numbers near you.")
    return paragraphs(first, more, _resources(_, replace(facts, lines=lines_shown)), what_i_am(_))


def own_steps(_: Translate, facts: CardFacts) -> Choices:
    """The way to what the person prepared for themself, and to the people they trust."""
    return ((_button(_("My safety plan"), PLAN, facts), _button(_("Write to someone"), REACH, facts)),)


def the_numbers(_: Translate, facts: CardFacts) -> Choice:
    """The way back to the card. It is no new cry for help."""
    return _button(_("Show the numbers"), BACK, facts)


def _crisis(text: Text, choices: Choices) -> Message:
    # Never protected: a person must be able to copy a number or to forward it to somebody who can help.
    return Message(text, choices, lane=Lane.CRISIS, protect=False)


def extra_dose(_: Translate, facts: CardFacts) -> Message:
    """A dose too many: the number to call, and who can say what it means. No advice of our own."""
    return _crisis(
        paragraphs(
            danger(_, facts),
            _("A poison centre, a pharmacist or a doctor can say what an extra dose means. I cannot."),
            _("If there is more behind it, these buttons are here for that."),
            what_i_am(_),
        ),
        ((_button(_("I need help now"), SOS, facts),), (_worried(_, facts),), *_places(_, facts)),
    )


def danger(_: Translate, facts: CardFacts) -> Text:
    """Whom to call in danger, always with its country."""
    number = _number(_, facts)
    if facts.overdose:
        return compose(_("If you have taken too much of a medicine, call {number} now."), number=number)
    return compose(_("If your life is in danger now, call {number}."), number=number)


def _their_danger(_: Translate, facts: CardFacts) -> Text:
    number = _number(_, facts)
    if facts.overdose:
        return compose(_("If they have taken too much of a medicine, call {number} now."), number=number)
    return compose(_("If their life is in danger now, call {number}."), number=number)


def _number(_: Translate, facts: CardFacts) -> Text:
    """A number never stands without its country: 113 listens in one and sends an ambulance in another."""
    if facts.country is None:
        return bold(_("your local emergency number"))
    numbers = any_of(_, facts.emergency)
    return compose(_("{numbers} ({country})"), numbers=numbers, country=facts.country)


def _resources(_: Translate, facts: CardFacts) -> Text:
    return paragraphs(
        _("These people are there to listen:") if facts.lines else "",
        *(line_text(_, line, dated=not facts.alike) for line in facts.lines),
        _finders(_, facts.finders, facts.old) if facts.finders else "",
        _date(_, facts),
    )


def _finders(_: Translate, addresses: Iterable[str], old: bool = False) -> Text:
    opening = _("You can find a crisis line near you here:")
    if old:
        opening = _("These numbers have not been checked for a while. You can compare them here:")
    return lines(opening, *addresses)


def _date(_: Translate, facts: CardFacts) -> Text | str:
    """How old the emergency number is; said once for all that is shown, when all is of one day."""
    if facts.verified_on is None:
        return ""
    date = checked(_, facts.verified_how, facts.verified_on.isoformat())
    if facts.lines and facts.alike:
        return date
    return compose(_("Emergency number: {checked}"), checked=date)


def what_i_am(_: Translate) -> str:
    """The end of every answer: what this is, and what it is not."""
    return _("I am a program. Nobody reads this live. You can keep writing here, and the help stays.")


def _button(label: str, token: str, facts: CardFacts) -> Choice:
    """A button whose answer speaks the language of this card."""
    return Choice(label, in_language(token, facts.language, facts.chosen))


def _ground(_: Translate, facts: CardFacts) -> Choice:
    return _button(_("A short exercise"), GROUND, facts)


def _worried(_: Translate, facts: CardFacts) -> Choice:
    return _button(_("I am worried about someone else"), WORRIED, facts)


def _places(_: Translate, facts: CardFacts) -> Choices:
    """The likely countries when we know none, else one button for the case that ours is wrong."""
    if facts.code is not None:
        return ((_button(_("I am in another country"), COUNTRIES, facts),),)
    return (*_in_columns(facts.choices, facts.language), (_button(_("More countries"), COUNTRIES, facts),))


def _in_columns(countries: Sequence[tuple[str, str]], language: str, *, theirs: bool = False) -> Choices:
    buttons = [
        Choice(name, in_language(country_token(code, theirs=theirs), language)) for code, name in countries
    ]
    return tuple(tuple(buttons[first : first + _COLUMNS]) for first in range(0, len(buttons), _COLUMNS))


def _country_rows(_: Translate, page: CountryPage, language: str, *, theirs: bool = False) -> Choices:
    rows = _in_columns(page.entries, language, theirs=theirs)
    turning = []
    if page.page > 1:
        turning.append(
            Choice(_("Earlier countries"), in_language(page_token(page.page - 1, theirs=theirs), language))
        )
    if page.page < page.pages:
        turning.append(
            Choice(_("More countries"), in_language(page_token(page.page + 1, theirs=theirs), language))
        )
    return (*rows, tuple(turning)) if turning else tuple(rows)


def sos_summary(_: Translate) -> str:
    return _("help in a crisis, at once")


def worried_summary(_: Translate) -> str:
    return _("how to help somebody in a crisis")

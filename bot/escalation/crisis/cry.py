"""What an update asks of this wing: a press, a command, or words in which the screen found something."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.countries import country_named, country_names
from bot.conversation.inbound import Inbound, Press, Words
from bot.conversation.links import is_invitation
from bot.conversation.tokens import peek
from bot.escalation import rules
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.crisis.calls import answer_in, call_in
from bot.escalation.rules import CrisisPress, Outlook, Step
from bot.escalation.screening.screen import Finding, Tier, screen

_ASKED = {"sos": Step.CARD, "crisis": Step.CARD, "worried": Step.WORRIED}
COMMANDS = frozenset(_ASKED)
# What follows /start when somebody came by the link under a group's line.
START_WORDS = {Step.CARD: "sos", Step.WORRIED: "worried"}

# How alike a command that nobody has must be to one of ours: "/soss" and "/so" are, "/stop" is not.
_ALIKE = 0.78
# Too far from "/worried" for that: "/worry", "/worries", "/worrying".
_WORRY = "worr"

# The verb of the buttons under an item about death. The argument, "12.8.2", ends with the answer: 0 is "not
# at all".
CRISIS_ITEM = "item9"

# With whatever a hurried thumb puts after it: "/sos!", "//sos".
_TYPED = re.compile(rf"/+\s*({'|'.join(sorted(COMMANDS))})\b", re.IGNORECASE)
# The whole text, without the slash that makes it a command: "SOS!!", "S.O.S."
_BARE = re.compile(r"\W*s\W?o\W?s\W*|\W*\U0001f198\W*", re.IGNORECASE)

_MILD = frozenset({Step.NO, Step.UNSAID, Step.WORRIED})


@dataclass(frozen=True, slots=True)
class Cry:
    """Either a press (a command is one too), or a finding of the screen."""

    source: Source
    press: CrisisPress | None = None
    finding: Finding | None = None

    @property
    def language(self) -> str:
        """The language it came in, "" when that cannot be told."""
        if self.press is not None:
            return self.press.language
        return _language_of(self.finding) if self.finding else ""

    @property
    def wants_the_card(self) -> bool:
        """True for what one card answers as well as the next: words, /sos, the help button."""
        return self.press is None or (self.press.step is Step.CARD and self.press.country is None)

    @property
    def here(self) -> str | None:
        """The country where the person is, chosen by this press."""
        return self.press.country if self.press is not None and not self.theirs else None

    @property
    def theirs(self) -> str | None:
        """The country where somebody else is, chosen by this press."""
        press = self.press
        return press.country if press is not None and press.step is Step.WORRIED else None

    @property
    def outlook(self) -> Outlook:
        """What it means for the hours after it."""
        if self.finding is not None:
            return rules.outlook_of_finding(self.finding)
        return rules.outlook_of_press(self.press) if self.press else Outlook.OWN

    @property
    def asks(self) -> bool:
        """Whether it is answered by our direct question."""
        return self.finding is not None and rules.asks(self.finding)

    def alert(self, language: str) -> Alert:
        """What is to be recorded about it, once it was answered in a language."""
        tier = Tier.GENTLE if self.press and self.press.step in _MILD else Tier.URGENT
        tier = self.finding.tier if self.finding else tier
        words = self.finding is not None
        return Alert(self.source, tier, language=language, outlook=self.outlook, words=words)


def read(inbound: Inbound, commands: frozenset[str] = frozenset()) -> Cry | None:
    """The cry in an update, if there is one.

    `commands` are the house's own: their names are not what somebody wrote about themselves.
    """
    match inbound.event:
        case Press(token=token):
            if press := rules.read_token(token):
                return Cry(Source.BUTTON, press=press)
            return Cry(Source.ITEM, press=CrisisPress(Step.CARD)) if _is_crisis_item(token) else None
        case Words(text=text):
            return _in_words(text, commands)
    return None


def _in_words(text: str, commands: frozenset[str]) -> Cry | None:
    name, rest = _command(text)
    if name == "start" and is_invitation(rest.strip()):
        return None  # letters drawn by lot; in one of some 1,600 the screen would find a word
    asked = _asked_for(text, name, rest, commands)
    if asked is Step.CARD:
        return Cry(Source.COMMAND, press=CrisisPress(Step.CARD))
    if (language := call_in(text)) is not None:
        return Cry(Source.TEXT, press=CrisisPress(Step.CARD, language=language))
    finding = screen(rest if asked or name in commands else text)
    if asked is Step.WORRIED and finding.tier is not Tier.URGENT:
        return Cry(Source.COMMAND, press=CrisisPress(Step.WORRIED, language=_language_of(finding)))
    return None if finding.tier is Tier.NONE else Cry(Source.TEXT, finding=finding)


def _asked_for(text: str, name: str, rest: str, commands: frozenset[str]) -> Step | None:
    """What a command of this wing asks for: typed, slipped, or brought along by a link."""
    if typed := _TYPED.match(text):
        return _ASKED[typed[1].lower()]
    if _BARE.fullmatch(text):
        return Step.CARD
    if name == "start":
        return next((step for step, word in START_WORDS.items() if word == rest.strip().lower()), None)
    if not name or name in commands:
        return None
    alike = get_close_matches(name, COMMANDS, 1, _ALIKE)
    return _ASKED[alike[0]] if alike else Step.WORRIED if name.startswith(_WORRY) else None


def _language_of(finding: Finding) -> str:
    return finding.language if finding.sure and finding.tier is not Tier.NONE else ""


def of_country(text: str, step: Step = Step.CARD) -> Cry | None:
    """What `step` shows of the country that words name, in any language; our question meant that."""
    for language in LANGUAGE_NAMES:
        named = country_named(text, country_names(language)).exact
        if named is not None:
            return Cry(Source.TEXT, press=CrisisPress(step, country=named))
    return None


def of_answer(text: str) -> Cry | None:
    """What a typed "yes" or "no" means after our direct question: the same as its button."""
    said = answer_in(text)
    return None if said is None else Cry(Source.TEXT, press=CrisisPress(Step.YES if said else Step.NO))


def _command(text: str) -> tuple[str, str]:
    """The name of the command that a text begins with, "" for none, and the words after it."""
    if not text.startswith("/"):
        return "", text
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return head.partition("@")[0].lower(), rest


def _is_crisis_item(token: str) -> bool:
    """Whether it answers an item about death with anything but "not at all".

    The signature is not looked at: a card too many harms nobody.
    """
    action = peek(token)
    if action is None or action.verb != CRISIS_ITEM:
        return False
    return action.argument.rpartition(".")[2] != "0"

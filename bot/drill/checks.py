"""Is this the right card? Pure: what was sent goes in, what is wrong with it comes out."""

from bot.conversation.catalogs import safety
from bot.conversation.message import Message
from bot.drill.scenes import Scene
from bot.escalation.crisis.alert import Alert
from bot.escalation.lines.helplines import FINDERS, Helplines
from bot.escalation.rules import GROUND, PLAN, REACH, SOS, Step, in_language, read_token
from bot.escalation.screening.tiers import Tier
from bot.escalation.wording import what_i_am

_Button = tuple[Step, str, str | None] | None

BUTTONS = (PLAN, REACH, GROUND)
BUTTONS_OF_THE_GUIDE = (SOS, GROUND)


def wrong_with(scene: Scene, alert: Alert | None, card: Message | None, helplines: Helplines) -> list[str]:
    """What is wrong, in a few words each; an empty list for the right card."""
    if alert is None or card is None:
        return ["no card"]
    found = {
        "not taken for urgent": alert.tier is not Tier.URGENT and not scene.guide,
        "taken for urgent": alert.tier is Tier.URGENT and scene.guide,
        "the language is wrong": alert.language != scene.language,
        "does not say what it is": what_i_am(safety(scene.language)) not in card.text.plain,
        "the numbers are missing": not all(
            number in card.text.plain for number in _numbers(scene, helplines)
        ),
        "buttons are missing": not _wanted(scene) <= _offered(card),
    }
    return [fault for fault, there in found.items() if there]


def _numbers(scene: Scene, helplines: Helplines) -> tuple[str, ...]:
    """What must stand on the card: the emergency numbers, or without a country the ways to find one."""
    country = helplines.of(scene.country)
    return country.emergency if country else FINDERS


def _wanted(scene: Scene) -> set[_Button]:
    buttons = BUTTONS_OF_THE_GUIDE if scene.guide else BUTTONS
    return {_button(in_language(token, scene.language), scene.chosen) for token in buttons}


def _offered(card: Message) -> set[_Button]:
    tokens = (choice.action for row in card.choices for choice in row if isinstance(choice.action, str))
    return {_button(token) for token in tokens}


def _button(token: str, chosen: str | None = None) -> _Button:
    """What a button asks for, in which language, and the country that it keeps to."""
    press = read_token(token)
    if press is None:
        return None
    return press.step, press.language, press.chosen.country if press.chosen else chosen

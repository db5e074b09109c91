"""What an update asks of the crisis wing, and what is recorded of it."""

import pytest

from bot.conversation.inbound import Event, Inbound, Left, Origin, Place, Press, Words
from bot.conversation.message import Action
from bot.conversation.tokens import Signer
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.crisis.cry import Cry, of_country, read
from bot.escalation.rules import CrisisPress, Outlook, Step
from bot.escalation.screening.tiers import SOMEONE_ELSE, Finding, Tier

ORIGIN = Origin("telegram", "bot", "501", "501")
CARD = CrisisPress(Step.CARD)
GUIDE = CrisisPress(Step.WORRIED)
WISH = "i want to kill myself"
GENTLE = Finding(Tier.GENTLE, ("dark",), "es")
URGENT = Finding(Tier.URGENT, ("wish",), "de")


def cry_in(event: Event, *commands: str) -> Cry | None:
    return read(Inbound(1, ORIGIN, event), frozenset(commands))


@pytest.mark.parametrize(
    "text",
    ["/sos", "/SOS", "/crisis", "/sos@evenkeel_bot", "/sos now please", "/sos\nnow", "/start sos",
     "/Start SOS ", "/start@evenkeel_bot  sos", "/start\nsos", "/ sos"],
)  # fmt: skip
def test_a_command_asks_for_the_card(text: str) -> None:
    assert cry_in(Words(text)) == Cry(Source.COMMAND, press=CARD)


@pytest.mark.parametrize(
    "text",
    ["/start", "/start hello", "/start sos sos", "/startsos", "/", "", "hello", "x/sos", "/x@sos",
     "/add sos", "start sos", "/stop", "/cross"],
)  # fmt: skip
def test_what_only_looks_like_a_command_asks_for_nothing(text: str) -> None:
    assert cry_in(Words(text)) is None


@pytest.mark.parametrize("text", ["sos", "SOS!!", "S.O.S.", "s o s", "🆘", "/sos!", "//sos", "/sos, please"])
def test_a_hurried_thumb_asks_for_the_card_too(text: str) -> None:
    assert cry_in(Words(text)) == Cry(Source.COMMAND, press=CARD)


@pytest.mark.parametrize(
    "text", ["/soss", "/so", "/soos", "/sosx now", "/SOSS@evenkeel_bot", "/crises", "/cris"]
)
def test_a_slip_of_the_thumb_asks_for_the_card_unless_it_is_another_command(text: str) -> None:
    assert cry_in(Words(text)) == Cry(Source.COMMAND, press=CARD)
    name = text[1:].split()[0].partition("@")[0].lower()
    assert cry_in(Words(text), name) is None


@pytest.mark.parametrize(
    "text",
    ["/worried", "/Worried", "/worried@evenkeel_bot", "/worried!", "//worried", "/ worried",
     "/worried now what", "/worried\nabout my daughter", "/start worried", "/start@evenkeel_bot  Worried "],
)  # fmt: skip
def test_whoever_is_worried_about_somebody_asks_for_the_guide(text: str) -> None:
    cry = cry_in(Words(text))
    assert cry is not None
    assert (cry.source, cry.press) == (Source.COMMAND, GUIDE)
    assert cry.alert("de") == Alert(Source.COMMAND, Tier.GENTLE, language="de", outlook=Outlook.OTHER)


@pytest.mark.parametrize(
    "text", ["/woried", "/worred", "/worriedd", "/worry", "/worries about him", "/WORRYING"]
)
def test_a_slip_of_the_thumb_asks_for_the_guide_too_unless_it_is_another_command(text: str) -> None:
    assert cry_in(Words(text)) == Cry(Source.COMMAND, press=GUIDE)
    name = text[1:].split()[0].lower()
    assert cry_in(Words(text), name) is None


@pytest.mark.parametrize("text", ["worried", "I am worried", "/sorry", "/worked", "/married", "/add worried"])
def test_other_words_of_worry_ask_for_no_guide(text: str) -> None:
    assert cry_in(Words(text), "add") is None


@pytest.mark.parametrize("text", [f"/worried {WISH}", f"/worry {WISH}", f"/worried because {WISH}"])
def test_whoever_is_in_danger_themselves_gets_the_card_and_no_guide(text: str) -> None:
    cry = cry_in(Words(text))
    assert cry is not None
    assert (cry.source, cry.press) == (Source.TEXT, None)
    assert cry.outlook is Outlook.OWN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("/worried my brother wants to kill himself", "en"),
        ("/worried meine Tochter will sich umbringen", "de"),
        ("/worried", ""),
        ("/worried about my daughter", ""),
    ],
)
def test_the_guide_speaks_the_language_of_what_is_written_about_somebody_else(
    text: str, language: str
) -> None:
    assert cry_in(Words(text)) == Cry(Source.COMMAND, press=CrisisPress(Step.WORRIED, language=language))


@pytest.mark.parametrize(
    ("text", "code"),
    [("Germany", "DE"), ("deutschland", "DE"), ("Alemania", "DE"), ("Brésil", "BR"), ("uk", "GB")],
)
def test_a_typed_country_is_known_in_every_language(text: str, code: str) -> None:
    assert of_country(text) == Cry(Source.TEXT, press=CrisisPress(Step.CARD, country=code))


@pytest.mark.parametrize("text", ["", "here", "united", "I am in Germany now"])
def test_other_words_are_no_country(text: str) -> None:
    assert of_country(text) is None


def test_words_are_screened() -> None:
    cry = cry_in(Words(WISH))
    assert cry is not None
    assert (cry.source, cry.press) == (Source.TEXT, None)
    assert cry.finding is not None
    assert (cry.finding.tier, cry.finding.language) == (Tier.URGENT, "en")


def test_words_after_a_command_are_screened_too() -> None:
    for text in (f"/note {WISH}", f"/note\n{WISH}", f"/other@bot {WISH}", f"/start {WISH}"):
        for commands in ((), ("note", "start")):
            cry = cry_in(Words(text), *commands)
            assert cry is not None
            assert cry.source is Source.TEXT


def test_the_name_of_our_own_command_is_not_what_somebody_wrote() -> None:
    """A command of the house may be called anything; a stranger's is read like any word."""
    assert cry_in(Words("/suicide"), "suicide") is None
    assert cry_in(Words("/suicide@bot"), "suicide") is None
    assert cry_in(Words("/suicide two words"), "suicide") is None
    assert cry_in(Words("/suicide")) is not None
    assert cry_in(Words("/suicide"), "note") is not None
    assert cry_in(Words("suicide"), "suicide") is not None


@pytest.mark.parametrize(
    ("token", "press"),
    [("sos", CARD), ("sos:no@de", CrisisPress(Step.NO, language="de")), ("sos:x", None), ("signed", None)],
)
def test_a_public_button_is_read_and_any_other_is_not_ours(token: str, press: CrisisPress | None) -> None:
    assert cry_in(Press(token, "7", "q")) == (Cry(Source.BUTTON, press=press) if press else None)


@pytest.mark.parametrize("event", [Left(), Place(50.0, 14.0)])
def test_other_updates_ask_for_nothing(event: Event) -> None:
    assert cry_in(event) is None


def test_the_language_it_came_in() -> None:
    assert Cry(Source.TEXT, finding=GENTLE).language == "es"
    assert Cry(Source.BUTTON, press=CrisisPress(Step.YES, language="fr")).language == "fr"
    assert Cry(Source.BUTTON).language == ""


@pytest.mark.parametrize(
    ("cry", "tier", "outlook"),
    [
        (Cry(Source.TEXT, finding=GENTLE), Tier.GENTLE, Outlook.OWN),
        (Cry(Source.TEXT, finding=URGENT), Tier.URGENT, Outlook.OWN),
        (
            Cry(Source.TEXT, finding=Finding(Tier.GENTLE, (SOMEONE_ELSE,), "en")),
            Tier.GENTLE,
            Outlook.OTHER,
        ),
        (Cry(Source.COMMAND, press=CARD), Tier.URGENT, Outlook.OWN),
        (Cry(Source.BUTTON, press=CrisisPress(Step.YES)), Tier.URGENT, Outlook.OWN),
        (Cry(Source.BUTTON, press=CrisisPress(Step.NO)), Tier.GENTLE, Outlook.DISMISSED),
        (Cry(Source.BUTTON, press=CrisisPress(Step.UNSAID)), Tier.GENTLE, Outlook.OWN),
        (Cry(Source.BUTTON, press=CrisisPress(Step.WORRIED)), Tier.GENTLE, Outlook.OTHER),
        (Cry(Source.BUTTON, press=CrisisPress(Step.COUNTRIES)), Tier.URGENT, Outlook.AGAIN),
        (Cry(Source.BUTTON), Tier.URGENT, Outlook.OWN),
    ],
)
def test_what_is_recorded_of_it(cry: Cry, tier: Tier, outlook: Outlook) -> None:
    words = cry.finding is not None
    assert cry.alert("it") == Alert(cry.source, tier, None, language="it", outlook=outlook, words=words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I need help now", "en"),
        ("HELP ME!!", "en"),
        ("@evenkeel_bot help me", "en"),
        ("Ich brauche jetzt Hilfe.", "de"),
        ("¡Ayúdame, por favor!", "es"),
        ("Au secours", "fr"),
        ("c'est une urgence", "fr"),
        ("me ajuda", "pt"),
        ("ho bisogno d'aiuto", "it"),
    ],
)
def test_a_bare_call_for_help_asks_for_the_card(text: str, language: str) -> None:
    found = cry_in(Words(text))
    assert found == Cry(Source.TEXT, press=CrisisPress(Step.CARD, language=language))
    assert (found.alert("en").tier, found.language) == (Tier.URGENT, language)


@pytest.mark.parametrize(
    "text", ["Socorro!", "emergencia", "Emergência", "auxilio", "crisis", "urgencia", "crise"]
)
def test_a_call_that_languages_share_is_answered_in_the_persons_own(text: str) -> None:
    assert cry_in(Words(text)) == Cry(Source.TEXT, press=CrisisPress(Step.CARD, language=""))


@pytest.mark.parametrize("text", ["help", "Hilfe", "ayuda", "where is the help page", "notfallplan"])
def test_a_question_about_the_bot_is_no_call_for_help(text: str) -> None:
    assert cry_in(Words(text)) is None


def test_words_of_no_language_leave_the_language_open() -> None:
    unsure = Finding(Tier.URGENT, ("wish",), "de", sure=False)
    assert Cry(Source.TEXT, finding=unsure).language == ""
    assert Cry(Source.TEXT, finding=URGENT).language == "de"


def signed(verb: str, argument: str, room: str = "phq") -> str:
    return Signer(b"k" * 32).sign(Action(room, verb, argument), "501")


@pytest.mark.parametrize("argument", ["12.8.1", "12.8.2", "1.8.3", "", "12", "12.8.", "x"])
def test_an_answer_to_the_item_about_death_asks_for_the_card(argument: str) -> None:
    """Unless it is plainly "not at all", also where it makes no sense: in doubt the card comes."""
    cry = cry_in(Press(signed("item9", argument), "5", "q"))
    assert cry == Cry(Source.ITEM, press=CARD)
    assert (cry.outlook, cry.wants_the_card) == (Outlook.OWN, True)
    assert cry.alert("de") == Alert(Source.ITEM, Tier.URGENT, language="de", outlook=Outlook.OWN)


def test_a_forged_answer_to_it_brings_the_card_too() -> None:
    """The signature is not looked at, so that nothing has to be at hand."""
    assert cry_in(Press(Signer(b"x" * 32).sign(Action("phq", "item9", "1.8.3"), "777"), "5", "q")) is not None


@pytest.mark.parametrize(
    "token",
    [
        signed("item9", "12.8.0"),
        signed("tap", "12.8.3"),
        signed("item99", "12.8.3"),
        "MQ==",
        "item9",
        "",
        "ä",
        "M" * 64,
        signed("item9", "12.8.3")[4:],
    ],
)
def test_other_answers_and_what_is_no_token_of_ours_ask_for_nothing(token: str) -> None:
    assert cry_in(Press(token, "5", "q")) is None

"""The crisis screen: what it must catch, what it must leave alone, and that nothing breaks it."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.escalation.screening.lexicon import LexiconUnusable, load_lexicon
from bot.escalation.screening.normal import fold
from bot.escalation.screening.screen import LANGUAGES, Tier, screen

PHRASES = Path(__file__).parent / "phrases"
# Each set, the tiers it counts, and the least or the most of them. docs/safety.md tells what is wanted.
FIGURES = (
    ("explicit", (Tier.URGENT,), "least", 0.98),
    ("explicit", (Tier.GENTLE, Tier.URGENT), "least", 0.985),
    ("indirect", (Tier.GENTLE, Tier.URGENT), "least", 0.80),
    ("benign", (Tier.URGENT,), "most", 0.02),
    ("benign", (Tier.GENTLE,), "most", 0.05),
)


def phrases(language: str, name: str) -> list[str]:
    """The sets of that name that took no part in making the screen."""
    files = sorted((PHRASES / "held").glob(f"{language}_{name}*.txt"))
    lines = "\n".join(file.read_text(encoding="utf-8") for file in files).split("\n")
    return [line for line in lines if line.strip()]


def share(lines: list[str], *tiers: Tier) -> float:
    return sum(screen(line).tier in tiers for line in lines) / len(lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "tiers", "side", "bound"), FIGURES)
def test_figures(language: str, name: str, tiers: tuple[Tier, ...], side: str, bound: float) -> None:
    """The figures of docs/safety.md on the held-out sets."""
    lines = phrases(language, name)
    found = share(lines, *tiers)
    label = "+".join(tier.name.lower() for tier in tiers)
    print(f"\n{language} {name:>9}: {len(lines):3} lines, {label:13} {found:6.1%}, at {side} {bound:.1%}")
    assert found >= bound if side == "least" else found <= bound


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_one_sentence_at_the_end_of_a_long_harmless_text(language: str) -> None:
    """What is noticed alone, behind 45 words of other talk: plain cries are, signs mostly are not."""
    talk = [
        line
        for line in phrases(language, "benign")
        if len(line.split()) >= 45 and screen(line).tier is Tier.NONE
    ]
    for name, tier in (("explicit", Tier.URGENT), ("indirect", Tier.GENTLE)):
        noticed = [
            line for line in phrases(language, name) if len(line.split()) < 15 and screen(line).tier is tier
        ]
        hidden = [f"{talk[at % len(talk)]} {line}" for at, line in enumerate(noticed)]
        found = sum(screen(line).tier >= tier for line in hidden) / len(hidden)
        print(f"\n{language} {name:>9}: {len(hidden):3} lines behind long talk, noticed {found:6.1%}")
        assert found >= (0.9 if tier is Tier.URGENT else 0.05)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sets_are_large_enough(language: str) -> None:
    assert len(phrases(language, "explicit")) >= 150
    assert len(phrases(language, "indirect")) >= 150
    assert len(phrases(language, "benign")) >= 500


@pytest.mark.parametrize(
    "text",
    [
        "no quiero ir a clase, me mato",
        "salgo del gym y me mato",
        "tomo alcohol y me mato",
        "je vais boire de l'alcool et me tuer",
        "après le travail je me tue",
        "ich nehme mir das Leben, nicht schwer",
        "hallo bot ich will tot sein",
        "Früher wollte ich Pilotin werden, heute will ich nur noch tot sein.",
    ],
)
def test_a_cry_beside_the_words_of_an_idiom_stays_a_cry(text: str) -> None:
    assert screen(text).tier is Tier.URGENT


@pytest.mark.parametrize(
    ("cry", "harmless"),
    [
        ("dejé el gas abierto y cerré las ventanas", "dejé el gas abierto y cerré con llave, qué tonta"),
        ("abrí el gas y me acosté", "abrí el gas y me puse a cocinar"),
        ("con el gas me muero rápido", "con el gas tan caro me muero de frío"),
        ("en la azotea con una pierna fuera", "estoy en el balcón con las piernas al sol"),
        ("tengo el veneno delante", "tengo el vaso de agua delante"),
        ("voy a caminar mar adentro", "nadamos mar adentro con los primos"),
        ("bastaría un volantazo, hoy lo doy", "di un volantazo y casi choco"),
        ("ayer casi y hoy sí salto", "hoy sí salto a la comba"),
        ("eché el frasco en un vaso y me lo tomé", "eché dos cajas de leche y tomé café"),
        ("ojalá el avión se caiga conmigo dentro", "no quiero que el avión se caiga conmigo dentro"),
        ("me quiero ir al otro barrio", "me quiero ir al otro barrio porque este es ruidoso"),
        ("me arrepiento de haber sobrevivido", "me arrepiento de haber comido tanto"),
        ("déjenme desangrarme", "déjame dormir"),
        ("estoy en riesgo de suicidio", "charla sobre el riesgo de suicidio"),
        ("subo al puente y me tiro", "subo al puente y me tiro una foto"),
        ("estoy en el puente, un paso y ya está", "estoy en el puente haciendo fotos de paso"),
        ("mirando las vías y pensando en dejarme caer", "mirando las vías y pensando en el viaje"),
        ("dejé la insulina para no despertar más", "dejé la insulina en la nevera"),
        ("con las muñecas ya cortadas", "vi a un chico con las muñecas vendadas"),
        (
            "estoy al otro lado de la barandilla y me suelto",
            "al otro lado de la valla y salto a por la pelota",
        ),
        ("quería despedirme antes de saltar", "quería despedirme antes de saltar a la siguiente reunión"),
        ("mi cuerpo va a aparecer en el río", "mi cuerpo va a tope"),
        (
            "he bebido whisky con todos los somníferos",
            "bebí un vaso de agua con todas las pastillas de la mañana",
        ),
        ("a las ocho pasa el tren, ahí me voy a poner", "el tren llega y ahí me pongo a leer"),
    ],
)
def test_a_way_to_die_in_spanish_is_told_from_its_harmless_neighbour(cry: str, harmless: str) -> None:
    assert screen(cry).tier is Tier.URGENT
    assert screen(harmless).tier is not Tier.URGENT


@pytest.mark.parametrize(
    ("cry", "harmless"),
    [
        ("esta noche me suicido, los niños duermen", "esta vez me mató el final de la novela"),
        ("me voy a colgar, la ropa es para mi hermana", "voy a colgar la ropa"),
        ("me voy a matar, el dolor es demasiado", "tomo algo para matar el dolor"),
        ("tengo miedo pero quiero morir", "tengo miedo de morir en el avión"),
        ("quiero morir por culpa de él", "me muero por un café"),
        ("hoy me mato, los quise mucho", "me mató la curiosidad"),
        ("me quiero morir jajaja en serio", "me quiero morir jajaja"),
    ],
)
def test_an_idiom_in_spanish_does_not_reach_into_a_cry(cry: str, harmless: str) -> None:
    assert screen(cry).tier is Tier.URGENT
    assert screen(harmless).tier is not Tier.URGENT


@pytest.mark.parametrize(
    ("cry", "denied"),
    [
        ("te dije que no pensaba en matarme y era mentira", "te dije que no pensaba en matarme y es así"),
        ("antes no quería morir, ahora sí", "antes quería morir, ahora no"),
        ("no puedo prometer que no me voy a matar", "te prometo que no me voy a matar"),
        ("no sé cómo no me he matado ya", "no sé cómo no me he dormido ya"),
        ("quien te escribe se va a matar", "quien te escribe no se va a matar"),
    ],
)
def test_a_denial_in_spanish_that_is_taken_back_is_a_cry(cry: str, denied: str) -> None:
    assert screen(cry).tier is Tier.URGENT
    assert screen(denied).tier is not Tier.URGENT


@pytest.mark.parametrize(
    ("past", "now"),
    [
        ("en la universidad me daban ganas de morirme", "desde la universidad me dan ganas de morirme"),
        ("de adolescente quería matarme", "desde adolescente me quiero matar"),
        ("cuando tenía 15 tomé la decisión de matarme", "cuando tenía 15 era feliz, ahora planeo matarme"),
        ("el año pasado me quise morir", "me dejó el año pasado, ojalá estuviera muerta"),
        ("cuando era joven me corté las venas", "cuando era de noche me corté las venas, sigo sangrando"),
        ("alguna vez pensé en matarme", "alguna vez tenía que pasar, hoy me mato"),
        ("ya superé lo de querer matarme", "ya paso de todo, me mato"),
    ],
)
def test_the_present_in_a_sentence_that_names_the_past_stays_a_cry(past: str, now: str) -> None:
    assert screen(past).tier is not Tier.URGENT
    assert screen(now).tier is Tier.URGENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_phrase_took_part_in_making_the_screen(language: str) -> None:
    made = {
        fold(line)
        for path in (PHRASES / "making").glob(f"{language}_*.txt")
        for line in path.read_text(encoding="utf-8").split("\n")
        if len(line.split()) > 3
    }
    held = [line for name in ("explicit", "indirect", "benign") for line in phrases(language, name)]
    assert [line for line in held if fold(line) in made] == []


@pytest.mark.parametrize(
    "text",
    [
        "kms",
        "i want to k i l l myself",
        "wanna d1e",
        "suicidl",
        "í wánt to díe",
        "i want to k\u200bill my\u200bself",
        "𝐈 𝐰𝐚𝐧𝐭 𝐭𝐨 𝐝𝐢𝐞",
        "i wаnt to diе",  # Cyrillic а and е
        "i wanna dieeeeeee",
        "#killmyself",
        "k*ll myself",
        "I took the whole bottle",
        "took too many pills",
    ],
)
def test_disguised_and_plain_are_urgent(text: str) -> None:
    assert screen(text).tier is Tier.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "dying to see it",
        "need something to kill the pain",
        "this headache is killing me",
        "dead tired",
        "watched suicide squad",
        "killing it at the gym",
        "ran 5 kms",
        "cut myself shaving",
        "took all my meds",
        'listening to "I want to die in New Orleans"',
        "my grandma died last week",
    ],
)
def test_idioms_are_left_alone(text: str) -> None:
    assert screen(text).tier is Tier.NONE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("my friend wants to kill herself", "someone else"),
        ('he said "i want to kill myself"', "someone else"),
        ("my friend took a whole bottle of pills", "overdose"),
        ("I don't want to die", "denied"),
        ("i'm not suicidal", "denied"),
        ("I tried to kill myself when i was 19", "history"),
        ("i cut myself last night", "self-injury"),
    ],
)
def test_doubt_is_gentle(text: str, reason: str) -> None:
    finding = screen(text)
    assert finding.tier is Tier.GENTLE
    assert reason in finding.reasons


def test_an_overdose_is_named_so_that_the_number_comes_first() -> None:
    assert "overdose" in screen("i want to die, i took the whole bottle").reasons


def test_a_long_harmless_text_neither_hides_despair_nor_adds_up_to_it() -> None:
    filler = "we talked about the house and the garden and the weather and what to cook. "
    despair = "there is no point in going on, everyone would be better off without me. "
    assert screen(filler * 30).tier is Tier.NONE
    assert screen(despair).tier is Tier.GENTLE
    assert screen(filler + despair + filler).tier is Tier.GENTLE


def test_a_plain_cry_in_any_amount_of_other_talk_is_urgent() -> None:
    filler = "we talked about the house and the garden and the weather and what to cook. " * 40
    assert screen(filler + "i want to kill myself. " + filler).tier is Tier.URGENT


def test_words_alone_never_make_a_text_urgent() -> None:
    """Without a word that a plain wish hangs on, the weight of all others is a question and no more."""
    assert (
        screen("goodbye forever tonight, no more, finally over, thank you and sorry").tier is not Tier.URGENT
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("me quiero morir, ya no aguanto más", "es"),
        ("ich will nicht mehr leben", "de"),
        ("j'ai envie de mourir", "fr"),
        ("não quero mais viver", "pt"),
        ("voglio farla finita", "it"),
        ("I want to end my life", "en"),
    ],
)
def test_a_cry_is_read_in_the_language_it_is_written_in(text: str, language: str) -> None:
    finding = screen(text)
    assert (finding.tier, finding.language) == (Tier.URGENT, language)


def test_a_cry_in_the_middle_of_another_language_is_found() -> None:
    assert screen("hoy fue un día normal en el trabajo pero i want to kill myself").tier is Tier.URGENT


def test_the_end_of_a_long_text_is_read() -> None:
    assert screen("a quiet day at work. " * 500 + "i want to kill myself").tier is Tier.URGENT


def test_a_reported_wish_does_not_hide_the_own_one() -> None:
    assert screen("my friend wants to die and i want to kill myself too").tier is Tier.URGENT


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_never_raises_on_any_characters(text: str) -> None:
    assert screen(text).language in LANGUAGES


WORDS = """i want to die kill myself not never he said and . , " end it all pills took suicide
k_i_l_l d1e years_ago x""".replace("_", " ").split()


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_never_raises_on_our_own_words(text: str) -> None:
    assert screen(text).tier in Tier


LONG_WINDED = [
    *("i want to die ", "not ", "k i l l ", "a", "*", "k*", "1", "die.", '"', ",", "("),
    *("my friend said i never want to ", "suicidal\ud800", "\u200b", "i want want want to to to "),
    *("end it ", "💊", "é", "ab cd", "m y s e l f", "willmyselfdie"),
]


@pytest.mark.parametrize("unit", LONG_WINDED)
def test_time_is_linear(unit: str) -> None:
    """Ten times the text may take no more than some thirty times the time, and never long."""
    short, long = (unit * (size // len(unit)) for size in (4_000, 40_000))
    best = [min(_seconds(text) for _ in range(3)) for text in (short, long)]
    assert best[1] < 30 * best[0] + 0.01
    assert best[1] < 2


def _seconds(text: str) -> float:
    start = time.process_time()
    screen(text)
    return time.process_time() - start


def test_speed() -> None:
    """A day's texts are mostly harmless; the floor here is loose, the figure is printed."""
    lines = [
        line
        for language in LANGUAGES
        for line in phrases(language, "benign") + phrases(language, "explicit")[:20]
    ]
    random.Random(7).shuffle(lines)
    for line in lines:
        screen(line)  # the expressions are compiled by now
    start = time.process_time()
    for line in lines:
        screen(line)
    rate = len(lines) / (time.process_time() - start)
    print(f"\n{rate:,.0f} short texts a second in one process")
    assert rate > 2_500


def test_a_broken_lexicon_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "xx.toml"
    for content in ("", "language = ", 'language = "xx"\n[words]\n'):
        file.write_text(content)
        with pytest.raises(LexiconUnusable, match=r"xx\.toml"):
            load_lexicon(file)

"""Catalogs: every sentence passes through gettext; English is the source.

There are two. `evenkeel` holds what the rooms say in their daily work. `safety` holds the crisis wing and
what caregivers read, in more languages; it is read once, when the program starts, so that a broken file is
found then.
"""

import gettext
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

Gettext = Callable[[str], str]

DOMAIN = "evenkeel"
SAFETY = "safety"
FOLDER = Path(__file__).parent.parent / "locales"
SOURCE_LANGUAGE = "en"
# The languages of the crisis wing, by the names their speakers use. A person may choose any of them.
LANGUAGE_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "español",
    "fr": "français",
    "it": "italiano",
    "pt": "português",
}
# The languages of everything else; whoever chose another one is answered in English there.
DAILY_LANGUAGES = (SOURCE_LANGUAGE,)


class CatalogUnusable(ValueError):
    """A translation of the crisis wing cannot be trusted; the sentence names the file."""


@cache
def catalog(language: str) -> Gettext:
    """The translator of the daily rooms; a language without a catalog speaks English."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True).gettext


@cache
def safety(language: str) -> Gettext:
    """The translator of the crisis wing; a language without a catalog speaks English.

    Raises CatalogUnusable.
    """
    sentences = _shipped().get(language, {})
    return lambda sentence: sentences.get(sentence) or sentence


def read_safety(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Language → source sentence → translation, for every language but the source.

    Raises CatalogUnusable when a file is missing or broken, or a translation has other places to fill than
    its source.
    """
    languages = [language for language in LANGUAGE_NAMES if language != SOURCE_LANGUAGE]
    return {language: _read(folder / language / "LC_MESSAGES" / f"{SAFETY}.po") for language in languages}


def check_safety() -> None:
    """Read the shipped translations now, not when the first person needs them. Raises CatalogUnusable."""
    _shipped()


def places(template: str) -> list[str]:
    """The named places of a template, sorted. Raises ValueError when its braces do not fit."""
    return sorted(field for _, field, _, _ in string.Formatter().parse(template) if field is not None)


def offered(language: str | None) -> str:
    """The offered language nearest to a platform's language code ("de-AT" → "de")."""
    short = (language or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGE_NAMES else SOURCE_LANGUAGE


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    return read_safety()


def _read(file: Path) -> dict[str, str]:
    name = f"{file.parent.parent.name}/{file.name}"
    try:
        with file.open("rb") as opened:
            messages = list(_translated(read_po(opened, abort_invalid=True)))
        for source, translation in messages:
            if places(source) != places(translation):
                raise CatalogUnusable(f"{name}: {translation!r} has other places to fill than its source")
    except CatalogUnusable:
        raise
    except (OSError, PoFileError, ValueError) as error:
        raise CatalogUnusable(f"{name}: cannot be read ({error})") from error
    if not messages:
        raise CatalogUnusable(f"{name}: nothing is translated")
    return dict(messages)


def _translated(messages: Iterable[Message]) -> Iterator[tuple[str, str]]:
    for message in messages:
        source, translation = message.id, message.string
        written = isinstance(source, str) and isinstance(translation, str) and not message.fuzzy
        if written and source and translation:
            yield str(source), str(translation)

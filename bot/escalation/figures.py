"""Days and numbers as they are written in the languages of the safety wing."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal


def day_words(day: date, language: str) -> str:
    """A day without its year: "5 March" in the language's own order."""
    return format_date(day, _DAY_AND_MONTH.get(language, "d MMMM"), locale=language)


def one_decimal(number: float, language: str) -> str:
    """A number with one decimal: "3.5", "3,5"."""
    return format_decimal(number, format="0.0", locale=language)


_DAY_AND_MONTH = {"de": "d. MMMM", "es": "d 'de' MMMM", "pt": "d 'de' MMMM"}

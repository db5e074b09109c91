"""Days and numbers as people read them in the languages of the safety wing."""

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from bot.conversation.catalogs import SOURCE_LANGUAGE


def day_words(language: str, day: date, today: date) -> str:
    """A date in a few letters, "Thu 12 Mar", with its year when that is not this one."""
    this_year = day.year == today.year
    if language == SOURCE_LANGUAGE:  # as the other rooms write it
        return format_date(day, "EEE d MMM" if this_year else "EEE d MMM y", locale=language)
    return format_skeleton("MMMEd" if this_year else "yMMMEd", day, locale=language)


def one_decimal(language: str, number: float) -> str:
    """A number with one decimal: "3.5", "3,5"."""
    return format_decimal(number, format="0.0", locale=language)

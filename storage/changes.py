"""What changed of a dose by the person's words, as declared facts keep them. Pure."""

from collections.abc import Iterable
from datetime import date

# The words for "the dose changed on that day", "it changed last about then", and "not since then at least".
CHANGED, LAST_CHANGED, UNCHANGED_SINCE = "dose_changed", "stable_since", "stable_long"


def changes(said: Iterable[tuple[str, date]]) -> set[date]:
    """The changes that hold by a person's words (kind, day), in the order in which they were said.

    A later word about the last change overrules all before.
    """
    found: set[date] = set()
    for kind, on in said:
        if kind in (LAST_CHANGED, UNCHANGED_SINCE):
            found = set()
        if kind in (LAST_CHANGED, CHANGED):
            found.add(on)
    return found

"""A safety plan: six steps a person wrote on a good day, and up to three people they trust. Pure.

The six steps follow Stanley B, Brown GK. Safety planning intervention: a brief intervention to mitigate
suicide risk. Cogn Behav Pract 2012;19:256-264. The words are our own.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from bot.conversation.text import Text, clean, lines, said

STEPS = 6
LONGEST_STEP = 600  # as Telegram counts: six of them and the numbers still fit one message
MOST_CONTACTS = 3
LONGEST_NAME = 64

PEOPLE_STEP, HELPLINES_STEP = 4, 5
LONGEST_MESSAGE = 4_096
_MARKS = 2  # the invisible marks around what a person wrote


@dataclass(frozen=True, slots=True)
class Contact:
    """A person one trusts. `reach` is a phone number as "+4930123456", or a Telegram name as "@anna_k"."""

    name: str
    reach: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Six steps, an empty one is "", and at most three contacts."""

    steps: tuple[str, ...] = ("",) * STEPS
    contacts: tuple[Contact, ...] = ()

    @property
    def written(self) -> bool:
        """True when at least one step holds something."""
        return any(self.steps)

    def with_step(self, number: int, words: str) -> "Plan":
        """The same, with step 1..6 as `words`; "" empties it. Raises IndexError for another number."""
        if not 1 <= number <= STEPS:
            raise IndexError(number)
        return replace(self, steps=(*self.steps[: number - 1], words, *self.steps[number:]))

    def contact(self, key: str) -> Contact | None:
        """The contact of that key."""
        return next((contact for contact in self.contacts if contact_key(contact) == key), None)

    def with_contact(self, contact: Contact, earlier: str = "") -> "Plan":
        """The same, with a contact in the place of the one whose key is `earlier`, or added at the end.

        A fourth one is left out.
        """
        if self.contact(earlier) is None:
            return replace(self, contacts=(*self.contacts, contact)[:MOST_CONTACTS])
        changed = (contact if contact_key(each) == earlier else each for each in self.contacts)
        return replace(self, contacts=tuple(changed))

    def without_contact(self, key: str) -> "Plan":
        """The same, without the contact of that key; a key that nobody has changes nothing."""
        return replace(self, contacts=tuple(c for c in self.contacts if contact_key(c) != key))


def contact_key(contact: Contact) -> str:
    """A short name for a contact on a button: an old button never means somebody else."""
    return sha256(f"{contact.name}\n{contact.reach}".encode()).hexdigest()[:12]


def as_typed(words: str) -> str:
    """What a person typed for a step, line by line, each cleaned as all that is typed; empty lines go."""
    return "\n".join(filter(None, map(clean, words.splitlines())))


def shown(words: str) -> Text:
    """A step as it is shown: inert, its line breaks kept."""
    return lines(*map(said, words.splitlines()))


def fits(words: str) -> bool:
    """True when a step, as it will be shown, is not longer than a step may be."""
    return units(shown(words).plain) <= LONGEST_STEP


def acceptable_name(name: str) -> bool:
    """True when a name, cleaned, can stand on a button: a letter in it, and not longer than names may be."""
    return any(letter.isalpha() for letter in name) and units(said(name).plain) <= LONGEST_NAME + _MARKS


def units(words: str) -> int:
    """Length as the platform counts it, in UTF-16 code units."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2

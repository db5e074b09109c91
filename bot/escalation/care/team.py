"""Who belongs to a care team and how they are reached: a phone number, an e-mail address, neither. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.conversation.text import clean
from bot.escalation.planning.reach import read_reach

MOST_CONTACTS = 6

_LONGEST_EMAIL = 254  # RFC 5321; it also fits what a button can copy
_EMAIL = re.compile(
    r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[,;\s]+")


class Role(StrEnum):
    """What somebody in the team does."""

    GP = "gp"
    PSYCHIATRIST = "psychiatrist"
    THERAPIST = "therapist"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who treats the person. `phone` is "+4930123456" or "", `email` an address or "".

    Neither means that the person reaches them in a way of their own. `key` is that of the row, 0 before it is
    stored.
    """

    name: str
    role: Role
    phone: str = ""
    email: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody is reached; "" for what is not there."""

    phone: str = ""
    email: str = ""


def read_ways(words: str, country: str | None) -> Ways | None:
    """A phone number, an e-mail address or both in any order; None for anything else.

    A number without its country's code is completed when the person's own country (ISO 3166) is known.
    """
    plain = clean(unicodedata.normalize("NFKC", words))
    parts = _BETWEEN.split(plain)
    addresses = [part for part in parts if "@" in part]
    if len(addresses) > 1 or not plain:
        return None
    email = read_email(addresses[0]) if addresses else ""
    dialled = " ".join(part for part in parts if part and "@" not in part)
    phone = _read_phone(dialled, country) if dialled else ""
    return None if email is None or phone is None else Ways(phone, email)


def read_email(words: str) -> str | None:
    """An e-mail address in its usual form, as typed; None for anything else."""
    return words if len(words) <= _LONGEST_EMAIL and _EMAIL.fullmatch(words) else None


def _read_phone(words: str, country: str | None) -> str | None:
    reach = read_reach(words, country)
    return None if reach is None or reach.startswith("@") else reach


def read(content: Mapping[str, Any], key: int) -> Contact:
    """A contact from the JSON that was stored."""
    return Contact(
        content["name"], Role(content["role"]), content.get("phone", ""), content.get("email", ""), key
    )


def content_of(contact: Contact) -> dict[str, str]:
    """The contact as JSON that `read` reads again."""
    return {
        "name": contact.name,
        "role": contact.role.value,
        "phone": contact.phone,
        "email": contact.email,
    }

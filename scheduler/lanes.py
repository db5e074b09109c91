"""Lanes: which message goes first when many are waiting."""

from enum import IntEnum


class Lane(IntEnum):
    """Priority of a message; a smaller number leaves earlier."""

    CRISIS = 0
    REPLY = 1
    DOSE = 2
    CAREGIVER = 3
    CHECKIN = 4
    DIGEST = 5
    GROUP = 6

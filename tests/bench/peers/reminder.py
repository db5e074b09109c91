"""What every peer sends: the same words and buttons as ours."""

import logging

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

TEXT = "Time for Sunday, 29 November, 08:00\n○ Sertraline, 50 mg"
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Taken", callback_data="taken")],
        [
            InlineKeyboardButton("Snooze", callback_data="snooze"),
            InlineKeyboardButton("Skip", callback_data="skip"),
        ],
    ]
)


def quietly() -> None:
    """A line in the log for each message would be what is measured."""
    logging.disable(logging.CRITICAL)

"""The plug to Telegram: the only room that knows python-telegram-bot and the Bot API."""

import os

# The library's switch to durations instead of bare numbers; without it each reading warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")
